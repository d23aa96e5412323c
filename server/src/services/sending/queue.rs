//! The persisted queue: claims under a lease and a fence, heartbeats, and the recovery of what died.
//! Each function is one short transaction.

use contract::campaign::PasswordState;
use contract::{ChamberCode, Timestamp};
use domain::sending::{RowEvent, next};
use entity::claves_preasignadas as claves;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set, Value,
};

pub use super::ledger::{Claim, Dispatch, Entry, Written, write};
pub use super::settle::Outcome;
use super::{ALIVE_SECONDS, batch, pace};
use crate::db::{Db, sql};
use crate::services::audit::{Action, record};

/// How long a claim holds without a heartbeat, in seconds.
pub const LEASE_SECONDS: i64 = 120;

/// Takes the chamber's next rows that can be sent now, at most `most`: pending or due again, in a batch
/// at work, oldest batch first. Their fences are raised, so that nobody who held them before can write.
///
/// # Errors
/// When the database fails.
pub async fn claim(db: &Db, camara: ChamberCode, most: u64, now: Timestamp) -> Result<Vec<claves::Model>, DbErr> {
    let txn = db.write().await?;
    // Materialised: PostgreSQL may run a plain subquery with a limit more than once.
    let lock = if db.backend() == DbBackend::Postgres { "FOR UPDATE OF c SKIP LOCKED" } else { "" };
    let text = format!(
        "WITH elegidas AS MATERIALIZED (SELECT c.id FROM {CLAIMABLE} AND c.camara = ? \
         ORDER BY c.lote_id, c.id LIMIT ? {lock}) \
         UPDATE claves_preasignadas SET estado = 'reservado', fence = fence + 1, lease_hasta = ? \
         WHERE id IN (SELECT id FROM elegidas) RETURNING *"
    );
    let lease = now.plus_seconds(LEASE_SECONDS).0;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let values = [now.0.into(), camara.as_str().into(), most.into(), lease.into()];
    let mut rows = claves::Entity::find().from_raw_sql(sql(db.backend(), &text, values)).all(&txn).await?;
    crate::failpoint::reach("reserva.confirmar").await;
    txn.commit().await?;
    rows.sort_by_key(|row| (row.lote_id, row.id));
    Ok(rows)
}

const CLAIMABLE: &str = "claves_preasignadas c JOIN lotes l ON l.id = c.lote_id AND l.camara = c.camara \
     WHERE l.estado = 'en_curso' AND (c.estado = 'pendiente' OR (c.estado = 'reintento' AND c.proximo_intento <= ?))";

/// The chambers in which a row can be claimed now: a read, so that idle nodes take no lock.
///
/// # Errors
/// When the database fails.
pub async fn chambers_with_work(db: &Db, now: Timestamp) -> Result<Vec<ChamberCode>, DbErr> {
    chambers(db, &format!("SELECT DISTINCT l.camara FROM {CLAIMABLE}"), vec![now.0.into()]).await
}

/// The chambers in which something died, ran out or may go on: what [`recover`] is for.
///
/// # Errors
/// When the database fails.
pub async fn chambers_to_recover(db: &Db, now: Timestamp) -> Result<Vec<ChamberCode>, DbErr> {
    let text = "SELECT camara FROM lotes WHERE estado = 'en_pausa' AND reanuda_en <= ? \
         UNION SELECT camara FROM claves_preasignadas WHERE estado IN ('reservado', 'transmitiendo') AND lease_hasta < ? \
         UNION SELECT camara FROM claves_preasignadas WHERE estado IN ('enviado', 'incierto') AND vence_en < ?";
    chambers(db, text, vec![now.0.into(); 3]).await
}

async fn chambers(db: &Db, text: &str, values: Vec<Value>) -> Result<Vec<ChamberCode>, DbErr> {
    let rows = db.reader().query_all_raw(sql(db.backend(), text, values)).await?;
    let codes = rows.iter().map(|row| row.try_get::<String>("", "camara"));
    Ok(codes.collect::<Result<Vec<_>, _>>()?.iter().filter_map(|code| ChamberCode::parse(code)).collect())
}

/// Extends the leases of claimed rows that are still their worker's, and the life of the chamber's
/// batches: whoever works for a chamber works off all of them, so those that wait for their turn live too.
///
/// # Errors
/// When the database fails.
pub async fn heartbeat(db: &Db, camara: ChamberCode, claims: &[Claim], now: Timestamp) -> Result<(), DbErr> {
    let txn = db.write().await?;
    let values = [now.plus_seconds(ALIVE_SECONDS).0.into(), camara.as_str().into()];
    let text = "UPDATE lotes SET vivo_hasta = ? WHERE camara = ? AND estado = 'en_curso'";
    txn.execute_raw(sql(db.backend(), text, values)).await?;
    let own = claims.iter().fold(Condition::any(), |own, claim| {
        own.add(claves::Column::Id.eq(claim.id).and(claves::Column::Fence.eq(claim.fence)))
    });
    if !claims.is_empty() {
        claves::Entity::update_many()
            .col_expr(claves::Column::LeaseHasta, Expr::value(now.plus_seconds(LEASE_SECONDS).0))
            .filter(claves::Column::Camara.eq(camara.as_str()))
            .filter(claves::Column::Estado.is_in(["reservado", "transmitiendo"]))
            .filter(own)
            .exec(&txn)
            .await?;
    }
    txn.commit().await
}

/// Picks up what died: expired `reservado` rows are pending again (nothing left this machine), expired
/// `transmitiendo` ones are uncertain. Passwords past their time are `vencido` and lose their sealed copy.
/// Batches whose time in pause is over go on.
///
/// # Errors
/// When the database fails.
pub async fn recover(db: &Db, camara: ChamberCode, now: Timestamp) -> Result<(), DbErr> {
    let expired = || {
        claves::Entity::find()
            .filter(claves::Column::Camara.eq(camara.as_str()))
            .filter(claves::Column::Estado.is_in(["reservado", "transmitiendo"]))
            .filter(claves::Column::LeaseHasta.lt(now.0))
    };
    let txn = db.write().await?;
    for row in expired().order_by_asc(claves::Column::Id).lock_exclusive().all(&txn).await? {
        let state = PasswordState::parse(&row.estado).and_then(|state| next(state, RowEvent::LeaseExpired));
        let Some(state) = state else { continue };
        let (id, fence) = (row.id, row.fence);
        let mut recovered = row.into_active_model();
        recovered.movida_en = Set(Some(now.0));
        recovered.estado = Set(state.as_str().to_owned());
        recovered.lease_hasta = Set(None);
        if state == PasswordState::Incierto {
            // The fence stays: a reply that comes late may still settle the row.
            let detail = format!("clave={id} causa=proceso_interrumpido");
            record(&txn, camara, now, "sistema", Action::CorreoIncierto, detail).await?;
        } else {
            recovered.fence = Set(fence + 1);
        }
        recovered.update(&txn).await?;
    }
    let expire = "UPDATE claves_preasignadas SET estado = 'vencido', sellada = NULL, sellada_llave = NULL \
                  WHERE camara = ? AND estado IN ('enviado', 'incierto') AND vence_en < ?";
    let values = [camara.as_str().into(), now.0.into()];
    let ended = txn.execute_raw(sql(db.backend(), expire, values)).await?.rows_affected();
    if ended > 0 {
        record(&txn, camara, now, "sistema", Action::ClavesVencidas, format!("claves={ended}")).await?;
    }
    txn.commit().await?;

    // Batches in a transaction of their own: everyone else locks them before rows.
    let txn = db.write().await?;
    let resume = "UPDATE lotes SET estado = 'en_curso', pausa = NULL, reanuda_en = NULL, vivo_hasta = ? \
                  WHERE camara = ? AND estado = 'en_pausa' AND reanuda_en <= ?";
    let values = [now.plus_seconds(ALIVE_SECONDS).0.into(), camara.as_str().into(), now.0.into()];
    txn.execute_raw(sql(db.backend(), resume, values)).await?;
    batch::close_finished(&txn, camara, None, now).await?;
    pace::forget_old(&txn, camara, now).await?;
    txn.commit().await
}

/// Whether rows of the batch are on their way at this moment, here or in another process.
///
/// # Errors
/// When the database fails.
pub async fn under_way(db: &Db, camara: ChamberCode, lote_id: i64) -> Result<bool, DbErr> {
    let count = claves::Entity::find()
        .filter(claves::Column::Camara.eq(camara.as_str()))
        .filter(claves::Column::LoteId.eq(lote_id))
        .filter(claves::Column::Estado.is_in(["reservado", "transmitiendo"]))
        .count(db.reader())
        .await?;
    Ok(count > 0)
}
