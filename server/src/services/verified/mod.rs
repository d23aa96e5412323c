//! Gestión de usuarios verificados (manual, section 11 c): list, annul, delete, purge of tests, and the
//! review of users whose owner said «no fui yo».

mod rows;

use async_trait::async_trait;
use contract::error::Field;
use contract::page::{ListQuery, PAGE_SIZE, Page};
use contract::staff::Permission;
use contract::value::clean;
use contract::verified::{TO_REVIEW, VerifiedRow, VerifiedState, VerifiedUserService};
use contract::{ServiceError, ServiceResult};
use entity::usuarios_verificados::{Column, Entity};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use self::rows::{contains, row_of, waits_for_review};
use super::actor::Actor;
use super::audit::{Action, record};
use super::evidence::forget_facts;
use super::fault::unexpected;
use crate::clock::Clock;
use crate::db::Db;

/// Letters a reason must have.
const MIN_REASON: usize = 5;

/// The longest reason kept, in characters.
const MAX_REASON: usize = 500;

/// States that can be annulled.
const ANNULLABLE: [VerifiedState; 4] =
    [VerifiedState::Pendiente, VerifiedState::Vigente, VerifiedState::Inactivado, VerifiedState::SinHistorial];

/// States that can be deleted: those, and rejected or annulled ones.
const DELETABLE: [VerifiedState; 6] = [
    VerifiedState::Pendiente,
    VerifiedState::Vigente,
    VerifiedState::Inactivado,
    VerifiedState::SinHistorial,
    VerifiedState::Rechazado,
    VerifiedState::Anulado,
];

/// The verified users of one chamber, for one staff member.
pub struct VerifiedDesk {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// On whose behalf.
    pub actor: Actor,
}

impl VerifiedDesk {
    /// Takes a user out of force, if its state still allows it.
    async fn end(
        &self,
        id: i64,
        reason: &str,
        from: &[VerifiedState],
        to: VerifiedState,
        action: Action,
    ) -> ServiceResult<()> {
        self.actor.require(Permission::Destroy)?;
        let reason = valid_reason(reason)?;
        let camara = self.actor.camara;
        let now = self.clock.now();
        let own = Condition::all().add(Column::Camara.eq(camara.as_str())).add(Column::Id.eq(id));
        let txn = self.db.write().await.map_err(unexpected)?;
        let updated = Entity::update_many()
            .col_expr(Column::Estado, Expr::value(to.as_str()))
            .col_expr(Column::FechaHoraInactivacion, Expr::value(now.0))
            .col_expr(Column::Motivoinactivacion, Expr::value(reason))
            .col_expr(Column::RevisadaEn, Expr::value(now.0))
            .filter(own.clone())
            .filter(Column::Estado.is_in(from.iter().map(|state| state.as_str())))
            .exec(&txn)
            .await
            .map_err(unexpected)?;
        if updated.rows_affected == 0 {
            let exists = Entity::find().filter(own).count(&txn).await.map_err(unexpected)? > 0;
            return Err(if exists { ServiceError::StateChanged } else { ServiceError::NotFound });
        }
        let detail = format!("usuario={id}");
        record(&txn, camara, now, &self.actor.name, action, detail).await.map_err(unexpected)?;
        txn.commit().await.map_err(unexpected)
    }
}

#[async_trait]
impl VerifiedUserService for VerifiedDesk {
    async fn list(&self, query: ListQuery) -> ServiceResult<Page<VerifiedRow>> {
        self.actor.require(Permission::Read)?;
        let mut matching = Condition::all().add(Column::Camara.eq(self.actor.camara.as_str()));
        matching = match VerifiedState::parse(query.state.trim()) {
            _ if query.state.trim() == TO_REVIEW => matching.add(waits_for_review()),
            Some(state) => matching.add(Column::Estado.eq(state.as_str())),
            None => matching.add(Column::Estado.ne(VerifiedState::Eliminado.as_str())),
        };
        let search = clean(&query.search);
        if !search.is_empty() {
            matching = matching.add(contains(&search));
        }
        let found = Entity::find().filter(matching);
        let total = found.clone().count(self.db.reader()).await.map_err(unexpected)?;
        let rows = found
            .order_by_desc(Column::Id)
            .offset((query.page_number() - 1) * PAGE_SIZE)
            .limit(PAGE_SIZE)
            .all(self.db.reader())
            .await
            .map_err(unexpected)?;
        let rows = rows.into_iter().map(row_of).collect::<ServiceResult<_>>()?;
        Ok(Page { rows, total, page: query.page_number(), page_size: PAGE_SIZE })
    }

    async fn to_review(&self) -> ServiceResult<u64> {
        self.actor.require(Permission::Read)?;
        Entity::find()
            .filter(Column::Camara.eq(self.actor.camara.as_str()))
            .filter(Column::EsPrueba.eq(false))
            .filter(waits_for_review())
            .count(self.db.reader())
            .await
            .map_err(unexpected)
    }

    async fn reactivate(&self, id: i64, reason: String) -> ServiceResult<()> {
        let now = self.clock.now();
        self.actor.require_confirmed(Permission::Destroy, now)?;
        let reason = valid_reason(&reason)?;
        let camara = self.actor.camara;
        let own = || Entity::find_by_id(id).filter(Column::Camara.eq(camara.as_str()));
        let txn = self.db.write().await.map_err(unexpected)?;
        let row = own().lock_exclusive().one(&txn).await.map_err(unexpected)?.ok_or(ServiceError::NotFound)?;
        let another = Entity::find()
            .filter(Column::Camara.eq(camara.as_str()))
            .filter(Column::Identificacion.eq(&row.identificacion))
            .filter(Column::Estado.eq(VerifiedState::Vigente.as_str()))
            .filter(Column::EsPrueba.eq(false));
        // Of one identification, one user is in force.
        let taken = !row.es_prueba && another.count(&txn).await.map_err(unexpected)? > 0;
        if row.estado != VerifiedState::Inactivado.as_str() || taken {
            return Err(ServiceError::StateChanged);
        }
        Entity::update_many()
            .col_expr(Column::Estado, Expr::value(VerifiedState::Vigente.as_str()))
            .col_expr(Column::FechaHoraInactivacion, Expr::value(Option::<i64>::None))
            .col_expr(Column::Motivoinactivacion, Expr::value(Option::<String>::None))
            .col_expr(Column::RevisadaEn, Expr::value(now.0))
            .col_expr(Column::ReactivadaEn, Expr::value(now.0))
            .col_expr(Column::MotivoReactivacion, Expr::value(reason))
            .filter(Column::Camara.eq(camara.as_str()))
            .filter(Column::Id.eq(id))
            .exec(&txn)
            .await
            .map_err(unexpected)?;
        let detail = format!("usuario={id}");
        record(&txn, camara, now, &self.actor.name, Action::UsuarioReactivado, detail).await.map_err(unexpected)?;
        txn.commit().await.map_err(unexpected)
    }

    async fn annul(&self, id: i64, reason: String) -> ServiceResult<()> {
        self.end(id, &reason, &ANNULLABLE, VerifiedState::Anulado, Action::UsuarioAnulado).await
    }

    async fn delete(&self, id: i64, reason: String) -> ServiceResult<()> {
        self.end(id, &reason, &DELETABLE, VerifiedState::Eliminado, Action::UsuarioEliminado).await
    }

    async fn purge_tests(&self) -> ServiceResult<u64> {
        self.actor.require(Permission::Destroy)?;
        let camara = self.actor.camara;
        let txn = self.db.write().await.map_err(unexpected)?;
        let tests = Entity::find().select_only().column(Column::Id);
        let tests = tests.filter(Column::Camara.eq(camara.as_str())).filter(Column::EsPrueba.eq(true));
        let tests: Vec<i64> = tests.into_tuple().all(&txn).await.map_err(unexpected)?;
        forget_facts(&txn, camara, &tests, self.clock.now()).await?;
        let deleted = Entity::delete_many()
            .filter(Column::Camara.eq(camara.as_str()))
            .filter(Column::EsPrueba.eq(true))
            .exec(&txn)
            .await
            .map_err(unexpected)?;
        let detail = format!("eliminados={}", deleted.rows_affected);
        record(&txn, camara, self.clock.now(), &self.actor.name, Action::PruebasPurgadas, detail)
            .await
            .map_err(unexpected)?;
        txn.commit().await.map_err(unexpected)?;
        Ok(deleted.rows_affected)
    }
}

/// A reason that says something: at least [`MIN_REASON`] letters.
fn valid_reason(typed: &str) -> ServiceResult<String> {
    let reason = clean(typed);
    let letters = reason.chars().filter(|c| c.is_alphabetic()).count();
    let fits = letters >= MIN_REASON && reason.chars().count() <= MAX_REASON;
    if fits { Ok(reason) } else { Err(ServiceError::Invalid { field: Field::Reason }) }
}
