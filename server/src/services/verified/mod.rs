//! Gestión de usuarios verificados (manual, section 11 c): list, annul, delete, purge of tests.

use async_trait::async_trait;
use contract::error::Field;
use contract::page::{ListQuery, PAGE_SIZE, Page};
use contract::staff::Permission;
use contract::value::clean;
use contract::verified::{VerifiedRow, VerifiedState, VerifiedUserService};
use contract::{ServiceError, ServiceResult, Timestamp};
use entity::usuarios_verificados::{Column, Entity, Model};
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::actor::Actor;
use super::audit::{Action, record};
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

/// The text in any of the columns people look for, capitals or not. SQLite folds ASCII only, so
/// that the text in capitals, as the registry writes names, is looked for too.
fn contains(search: &str) -> Condition {
    let pattern = |text: String| {
        let escaped: String =
            text.chars().flat_map(|c| matches!(c, '%' | '_' | '\\').then_some('\\').into_iter().chain([c])).collect();
        LikeExpr::new(format!("%{escaped}%")).escape('\\')
    };
    let columns = [Column::Matricula, Column::Identificacion, Column::Nombre, Column::Email, Column::Celular];
    columns.into_iter().fold(Condition::any(), |any, column| {
        any.add(Expr::expr(Func::lower(Expr::col(column))).like(pattern(search.to_lowercase())))
            .add(Expr::col(column).like(pattern(search.to_uppercase())))
    })
}

fn row_of(row: Model) -> ServiceResult<VerifiedRow> {
    let estado = VerifiedState::parse(&row.estado).ok_or_else(|| unexpected("unknown state of a verified user"))?;
    Ok(VerifiedRow {
        id: row.id,
        identificacion: row.identificacion,
        nombre: row.nombre,
        email: row.email,
        celular: row.celular,
        estado,
        prueba: row.es_prueba,
        verificado_en: row.fecha_hora_verificacion.map(Timestamp),
        inactivado_en: row.fecha_hora_inactivacion.map(Timestamp),
        motivo: row.motivoinactivacion,
    })
}
