//! Batches and their progress: «Enviar» as staff and command line order it. The worker that carries
//! the orders out is `jobs::send_worker`; both meet only in the database.

pub(super) mod batch;
mod documents;
mod ledger;
mod many;
mod order;
pub(super) mod pace;
mod progress;
pub mod queue;
mod settle;
mod trouble;

pub use progress::WorkerState;

use std::sync::Arc;

use async_trait::async_trait;
use contract::campaign::PasswordState;
use contract::page::{ListQuery, Page};
use contract::sending::{
    BatchRow, BatchState, BatchView, PaceView, PauseReason, Progress, SendTarget, SendingOutlook, SendingService,
    TroubledRow, UncertainChoice,
};
use contract::staff::Permission;
use contract::{ServiceError, ServiceResult, Year};
use entity::{claves_preasignadas as claves, lotes};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Set,
};

use super::actor::Actor;
use super::audit::{Action, record};
use super::fault::unexpected;
use crate::clock::Clock;
use crate::config::Chamber;
use crate::db::Db;
use crate::secrets::Vault;

/// How long a batch counts as being worked on after its worker last said so, in seconds.
pub(crate) const ALIVE_SECONDS: i64 = 30;

/// Sending, bound to the one who asks.
pub struct SendingDesk {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Who asks.
    pub actor: Actor,
    /// The actor's chamber.
    pub chamber: Arc<Chamber>,
    /// Seals the passwords of test mails.
    pub vault: Vault,
    /// How this process' worker fares.
    pub worker: WorkerState,
}

impl SendingDesk {
    /// Starts a batch like [`SendingService::start`]; `None` when nothing is pending.
    ///
    /// # Errors
    /// As [`SendingService::start`].
    pub async fn order(&self, year: Year, target: SendTarget, key: &str) -> ServiceResult<Option<BatchView>> {
        order::place(self, year, target, key).await
    }

    async fn pace(&self) -> ServiceResult<PaceView> {
        let rules = &self.chamber.pace.rules;
        pace::view(self.db.reader(), self.actor.camara, rules, self.clock.now()).await.map_err(unexpected)
    }

    async fn find(&self, id: i64) -> ServiceResult<lotes::Model> {
        batch::find(self.db.reader(), self.actor.camara, id).await.map_err(unexpected)?.ok_or(ServiceError::NotFound)
    }

    /// Changes a batch's state in one transaction, when it stands in one of `from`.
    async fn change(&self, id: i64, from: &[BatchState], to: BatchState, action: Action) -> ServiceResult<BatchView> {
        self.actor.require(Permission::Operate)?;
        let now = self.clock.now();
        let txn = self.db.write().await.map_err(unexpected)?;
        let lote = batch::find_locked(&txn, self.actor.camara, id).await.map_err(unexpected)?;
        let lote = lote.ok_or(ServiceError::NotFound)?;
        if !from.iter().any(|state| state.as_str() == lote.estado) {
            return Err(ServiceError::StateChanged);
        }
        let mut changed = lote.into_active_model();
        changed.estado = Set(to.as_str().to_owned());
        changed.pausa = Set((to == BatchState::EnPausa).then(|| batch::reason_code(&PauseReason::Staff).to_owned()));
        changed.reanuda_en = Set(None);
        changed.fallos_seguidos = Set(0);
        changed.vivo_hasta = Set(now.plus_seconds(ALIVE_SECONDS).0);
        changed.terminado_en = Set((to == BatchState::Cancelado).then_some(now.0));
        changed.update(&txn).await.map_err(unexpected)?;
        if to == BatchState::Cancelado {
            batch::free_unsent(&txn, self.actor.camara, id).await.map_err(unexpected)?;
        }
        batch::close_finished(&txn, self.actor.camara, Some(id), now).await.map_err(unexpected)?;
        let detail = format!("lote={id}");
        record(&txn, self.actor.camara, now, &self.actor.name, action, detail).await.map_err(unexpected)?;
        txn.commit().await.map_err(unexpected)?;
        self.batch(id).await
    }
}

#[async_trait]
impl SendingService for SendingDesk {
    async fn outlook(&self, year: Year) -> ServiceResult<SendingOutlook> {
        self.actor.require(Permission::Read)?;
        let waiting = claves::Entity::find()
            .filter(claves::Column::Camara.eq(self.actor.camara.as_str()))
            .filter(claves::Column::Ano.eq(year.number()))
            .filter(claves::Column::EsPrueba.eq(false))
            .filter(claves::Column::Estado.eq(PasswordState::Pendiente.as_str()));
        let pendientes = waiting.count(self.db.reader()).await.map_err(unexpected)?;
        let smtp = self.chamber.smtp.as_ref();
        Ok(SendingOutlook {
            pendientes,
            servidor: smtp.map(|s| format!("{}:{}", s.server, s.port)).unwrap_or_default(),
            remitente: smtp.map(|s| format!("{} <{}>", s.from_name, s.from_address.as_str())).unwrap_or_default(),
            faltantes: self.chamber.missing_for_sending(),
            ritmo: self.pace().await?,
        })
    }

    async fn start(&self, year: Year, target: SendTarget, idempotency_key: String) -> ServiceResult<BatchView> {
        self.order(year, target, &idempotency_key).await?.ok_or(ServiceError::NothingPending)
    }

    async fn batch(&self, id: i64) -> ServiceResult<BatchView> {
        self.actor.require(Permission::Read)?;
        let lote = self.find(id).await?;
        batch::view(self.db.reader(), lote, self.clock.now()).await.map_err(unexpected)
    }

    async fn batches(&self, year: Year) -> ServiceResult<Vec<BatchView>> {
        self.actor.require(Permission::Read)?;
        let found = lotes::Entity::find()
            .filter(lotes::Column::Camara.eq(self.actor.camara.as_str()))
            .filter(lotes::Column::Ano.eq(year.number()))
            .order_by_desc(lotes::Column::Id)
            .limit(20)
            .all(self.db.reader())
            .await
            .map_err(unexpected)?;
        batch::views(self.db.reader(), found, self.clock.now()).await.map_err(unexpected)
    }

    async fn pause(&self, id: i64) -> ServiceResult<BatchView> {
        self.change(id, &[BatchState::EnCurso], BatchState::EnPausa, Action::LotePausado).await
    }

    async fn resume(&self, id: i64) -> ServiceResult<BatchView> {
        self.actor.require_confirmed(Permission::Operate, self.clock.now())?;
        order::check_configuration(self).await?;
        self.change(id, &[BatchState::EnPausa], BatchState::EnCurso, Action::LoteReanudado).await
    }

    async fn cancel(&self, id: i64) -> ServiceResult<BatchView> {
        let open = [BatchState::EnCurso, BatchState::EnPausa];
        self.change(id, &open, BatchState::Cancelado, Action::LoteCancelado).await
    }

    async fn troubled(&self, year: Year) -> ServiceResult<Vec<TroubledRow>> {
        self.actor.require(Permission::Read)?;
        trouble::list(self.db.reader(), self.actor.camara, year).await.map_err(unexpected)
    }

    async fn settle_uncertain(&self, id: i64, choice: UncertainChoice) -> ServiceResult<()> {
        self.actor.require_confirmed(Permission::Operate, self.clock.now())?;
        let txn = self.db.write().await.map_err(unexpected)?;
        trouble::decide(&txn, &self.actor, self.clock.now(), id, choice).await?;
        txn.commit().await.map_err(unexpected)
    }

    async fn progress(&self, year: Year) -> ServiceResult<Progress> {
        let lotes = self.batches(year).await?;
        Ok(Progress { ahora: self.clock.now(), lotes, ritmo: self.pace().await?, aviso: self.worker.trouble() })
    }

    async fn rows(&self, batch: i64, query: ListQuery) -> ServiceResult<Page<BatchRow>> {
        self.actor.require(Permission::Read)?;
        let lote = self.find(batch).await?;
        progress::rows(self.db.reader(), lote.id, &query).await.map_err(unexpected)
    }

    async fn retry(&self, id: i64) -> ServiceResult<()> {
        self.actor.require_confirmed(Permission::Operate, self.clock.now())?;
        let txn = self.db.write().await.map_err(unexpected)?;
        trouble::retry_one(&txn, &self.actor, self.clock.now(), id).await?;
        txn.commit().await.map_err(unexpected)
    }

    async fn retry_failed(&self, batch: i64) -> ServiceResult<u64> {
        self.actor.require_confirmed(Permission::Operate, self.clock.now())?;
        let txn = self.db.write().await.map_err(unexpected)?;
        let again = trouble::retry_failed(&txn, &self.actor, self.clock.now(), batch).await?;
        txn.commit().await.map_err(unexpected)?;
        Ok(again)
    }
}
