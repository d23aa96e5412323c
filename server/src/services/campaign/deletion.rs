//! «Blanquear» and «Borrar No Activados» (manual, section 6; `sending.md`). Neither touches the
//! verified users, the audit or the limits. Rows on their way to the mail server go too: the worker
//! notices by its fence.

use contract::campaign::{Deletion, DeletionReport, PasswordState};
use contract::error::Field;
use contract::sending::BatchState;
use contract::staff::Permission;
use contract::{ServiceError, ServiceResult, Year};
use entity::{claves_preasignadas as claves, lotes};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter};

use super::CampaignDesk;
use crate::services::audit::{Action, record};
use crate::services::fault::unexpected;

pub(super) async fn preview(desk: &CampaignDesk, year: Year, kind: Deletion) -> ServiceResult<DeletionReport> {
    desk.actor.require(Permission::Read)?;
    count(desk, desk.db.reader(), year, kind).await.map_err(unexpected)
}

pub(super) async fn delete(
    desk: &CampaignDesk,
    year: Year,
    kind: Deletion,
    typed_year: &str,
) -> ServiceResult<DeletionReport> {
    let now = desk.clock.now();
    desk.actor.require_confirmed(Permission::Destroy, now)?;
    if Year::parse(typed_year) != Some(year) {
        return Err(ServiceError::Invalid { field: Field::YearConfirmation });
    }
    let txn = desk.db.write().await.map_err(unexpected)?;
    let mut report = count(desk, &txn, year, kind).await.map_err(unexpected)?;
    // Batches before rows: the order in which everyone locks them.
    let batches = cancel_open_batches(desk, &txn, year, now.0).await.map_err(unexpected)?;
    let gone = claves::Entity::delete_many().filter(doomed(desk, year, kind)).exec(&txn).await.map_err(unexpected)?;
    report.eliminados = gone.rows_affected;
    let action = match kind {
        Deletion::Blanquear => Action::Blanqueo,
        Deletion::BorrarNoActivados => Action::BorradoNoActivados,
    };
    let detail = format!(
        "ano={year} eliminados={} conservados={} lotes_cancelados={batches}",
        report.eliminados, report.conservados
    );
    record(&txn, desk.actor.camara, now, &desk.actor.name, action, detail).await.map_err(unexpected)?;
    txn.commit().await.map_err(unexpected)?;
    Ok(report)
}

/// The year's rows, tests included.
fn of_the_year(desk: &CampaignDesk, year: Year) -> Condition {
    Condition::all()
        .add(claves::Column::Camara.eq(desk.actor.camara.as_str()))
        .add(claves::Column::Ano.eq(year.number()))
}

fn doomed(desk: &CampaignDesk, year: Year, kind: Deletion) -> Condition {
    match kind {
        Deletion::Blanquear => of_the_year(desk, year),
        Deletion::BorrarNoActivados => {
            of_the_year(desk, year).add(claves::Column::Estado.ne(PasswordState::Activado.as_str()))
        }
    }
}

async fn count<C: ConnectionTrait>(
    desk: &CampaignDesk,
    conn: &C,
    year: Year,
    kind: Deletion,
) -> Result<DeletionReport, DbErr> {
    let all = claves::Entity::find().filter(of_the_year(desk, year)).count(conn).await?;
    let eliminados = claves::Entity::find().filter(doomed(desk, year, kind)).count(conn).await?;
    Ok(DeletionReport { eliminados, conservados: all.saturating_sub(eliminados) })
}

/// No batch can go on: what it had left to send is gone.
async fn cancel_open_batches<C: ConnectionTrait>(
    desk: &CampaignDesk,
    txn: &C,
    year: Year,
    now: i64,
) -> Result<u64, DbErr> {
    let open = [BatchState::EnCurso.as_str(), BatchState::EnPausa.as_str()];
    let cancelled = lotes::Entity::update_many()
        .col_expr(lotes::Column::Estado, Expr::value(BatchState::Cancelado.as_str()))
        .col_expr(lotes::Column::Pausa, Expr::value(Option::<String>::None))
        .col_expr(lotes::Column::ReanudaEn, Expr::value(Option::<i64>::None))
        .col_expr(lotes::Column::TerminadoEn, Expr::value(now))
        .filter(lotes::Column::Camara.eq(desk.actor.camara.as_str()))
        .filter(lotes::Column::Ano.eq(year.number()))
        .filter(lotes::Column::Estado.is_in(open))
        .exec(txn)
        .await?;
    Ok(cancelled.rows_affected)
}
