//! A run's record: begun before the first byte, closed however it ends.

use contract::error::ExtractFault;
use contract::registry::{Reject, SyncCounts, SyncState};
use contract::{ServiceError, ServiceResult};
use entity::{sincronizacion_rechazos, sincronizaciones};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, Set};

use super::columns::Header;
use super::reader::ExtractRow;
use super::sync::SyncOutcome;
use super::{merge, staging};
use crate::clock::Clock;
use crate::db::Db;
use crate::services::actor::Actor;
use crate::services::audit::{Action, record};
use crate::services::fault::unexpected;
use crate::services::registry::{reason_code, state_code};

/// Rejected rows kept with the record; the rejects file has them all.
pub const MAX_STORED_REJECTS: usize = 10_000;

/// A run silent for longer than this is dead.
const SILENCE_SECONDS: i64 = 15 * 60;

/// How a run that changes nothing ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The file was refused.
    Refused,
    /// Something broke on the way.
    Broken,
}

/// A run under way. Dropped before its end (a cancelled upload), it closes itself.
pub struct Run {
    db: Db,
    clock: Clock,
    actor: Actor,
    id: i64,
    open: bool,
    /// What was read so far.
    pub counts: SyncCounts,
    /// The first rejected rows.
    pub rejects: Vec<Reject>,
    /// The file's SHA-256, once it was read to its end.
    pub sha256: Option<String>,
}

impl Run {
    /// Clears away what dead runs left, and writes this one's record.
    pub async fn begin(db: &Db, clock: &Clock, actor: &Actor, file_name: &str) -> ServiceResult<Self> {
        let now = clock.now();
        let txn = db.write().await.map_err(unexpected)?;
        staging::clear_dead(&txn, actor.camara, now.0, now.plus_seconds(-SILENCE_SECONDS).0)
            .await
            .map_err(unexpected)?;
        let inserted = sincronizaciones::ActiveModel {
            camara: Set(actor.camara.to_string()),
            iniciada_en: Set(now.0),
            senal_en: Set(now.0),
            archivo: Set(bare_name(file_name)),
            actor: Set(actor.name.clone()),
            estado: Set(state_code(SyncState::EnCurso).to_owned()),
            leidas: Set(0),
            insertadas: Set(0),
            actualizadas: Set(0),
            sin_cambio: Set(0),
            rechazadas: Set(0),
            ..Default::default()
        }
        .insert(&txn)
        .await
        .map_err(unexpected)?;
        txn.commit().await.map_err(unexpected)?;
        Ok(Self {
            db: db.clone(),
            clock: clock.clone(),
            actor: actor.clone(),
            id: inserted.id,
            open: true,
            counts: SyncCounts::default(),
            rejects: Vec::new(),
            sha256: None,
        })
    }

    /// Puts rows into the staging area and empties `rows`.
    pub async fn stage(&self, rows: &mut Vec<ExtractRow>) -> ServiceResult<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let now = self.clock.now().0;
        staging::append(&self.db, self.actor.camara, self.id, now, self.counts.leidas, rows).await.map_err(unexpected)
    }

    /// Merges what was staged: registry, rejected rows, record and audit in one transaction.
    pub async fn merge(mut self, header: &Header) -> ServiceResult<SyncOutcome> {
        let outcome = self.merge_staged(header).await;
        if outcome.is_err() {
            self.close(Ending::Broken).await?;
        } else {
            self.open = false;
        }
        outcome
    }

    async fn merge_staged(&self, header: &Header) -> ServiceResult<SyncOutcome> {
        let txn = self.db.write().await.map_err(unexpected)?;
        self.still_ours(&txn).await?;
        let merged = merge::merge(&txn, self.actor.camara, self.id, header).await.map_err(unexpected)?;
        let mut counts = self.counts;
        counts.insertadas = merged.inserted;
        counts.actualizadas = merged.updated;
        counts.sin_cambio = counts.leidas - counts.rechazadas - counts.insertadas - counts.actualizadas;
        self.finish(&txn, SyncState::Terminada, counts, Action::Sincronizacion).await.map_err(unexpected)?;
        txn.commit().await.map_err(unexpected)?;
        Ok(SyncOutcome { sync_id: self.id, counts })
    }

    /// Ends the run without a change of the registry.
    pub async fn close(mut self, ending: Ending) -> ServiceResult<()> {
        self.open = false;
        self.abandon(ending).await.map_err(unexpected)
    }

    async fn abandon(&self, ending: Ending) -> Result<(), DbErr> {
        let state = if ending == Ending::Refused { SyncState::Rechazada } else { SyncState::Fallida };
        let txn = self.db.write().await?;
        self.finish(&txn, state, self.counts, Action::SincronizacionRechazada).await?;
        txn.commit().await
    }

    /// Another run may have taken this one for dead and cleared its rows away.
    async fn still_ours<C: ConnectionTrait>(&self, txn: &C) -> ServiceResult<()> {
        let own = sincronizaciones::Entity::find_by_id(self.id)
            .filter(sincronizaciones::Column::Camara.eq(self.actor.camara.as_str()))
            .lock_exclusive()
            .one(txn)
            .await
            .map_err(unexpected)?;
        let alive = own.is_some_and(|own| own.estado == state_code(SyncState::EnCurso));
        if alive { Ok(()) } else { Err(ServiceError::Extract { fault: ExtractFault::Interrupted }) }
    }

    /// Record, rejected rows and audit, and an empty staging area.
    async fn finish<C: ConnectionTrait>(
        &self,
        txn: &C,
        state: SyncState,
        counts: SyncCounts,
        action: Action,
    ) -> Result<(), DbErr> {
        let now = self.clock.now();
        let figure = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        staging::clear(txn, self.actor.camara, self.id).await?;
        for rejects in self.rejects.chunks(1_000) {
            let rows = rejects.iter().map(|reject| sincronizacion_rechazos::ActiveModel {
                camara: Set(self.actor.camara.to_string()),
                sincronizacion_id: Set(self.id),
                linea: Set(figure(reject.line)),
                columna: Set(reject.column.clone()),
                motivo: Set(reason_code(reject.reason).to_owned()),
                ..Default::default()
            });
            sincronizacion_rechazos::Entity::insert_many(rows).exec_without_returning(txn).await?;
        }
        sincronizaciones::ActiveModel {
            id: Set(self.id),
            estado: Set(state_code(state).to_owned()),
            terminada_en: Set(Some(now.0)),
            leidas: Set(figure(counts.leidas)),
            insertadas: Set(figure(counts.insertadas)),
            actualizadas: Set(figure(counts.actualizadas)),
            sin_cambio: Set(figure(counts.sin_cambio)),
            rechazadas: Set(figure(counts.rechazadas)),
            sha256: Set(self.sha256.clone()),
            ..Default::default()
        }
        .update(txn)
        .await?;
        let detail = format!(
            "sincronizacion={} leidas={} insertadas={} actualizadas={} sin_cambio={} rechazadas={}",
            self.id, counts.leidas, counts.insertadas, counts.actualizadas, counts.sin_cambio, counts.rechazadas
        );
        record(txn, self.actor.camara, now, &self.actor.name, action, detail).await
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        if !self.open {
            return;
        }
        let left = Self {
            db: self.db.clone(),
            clock: self.clock.clone(),
            actor: self.actor.clone(),
            id: self.id,
            open: false,
            counts: self.counts,
            rejects: std::mem::take(&mut self.rejects),
            sha256: self.sha256.take(),
        };
        runtime.spawn(async move {
            if let Err(cause) = left.abandon(Ending::Broken).await {
                tracing::warn!(%cause, "an interrupted synchronisation could not be closed; the next one clears it");
            }
        });
    }
}

/// The file's name without folders and control characters, at most 120 letters.
fn bare_name(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    name.chars().filter(|c| !c.is_control()).take(120).collect()
}
