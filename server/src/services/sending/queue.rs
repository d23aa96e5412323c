//! The persisted queue: claims under a lease and a fence, the durable mark before a mail's content
//! leaves, and the recovery of what died. Each function is one short transaction.

use contract::campaign::{Factor, PasswordState};
use contract::{ChamberCode, Timestamp};
use domain::sending::{RowEvent, next};
use entity::claves_preasignadas as claves;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QuerySelect, Set,
};

pub use super::settle::{Outcome, settle};
use super::{ALIVE_SECONDS, batch};
use crate::db::{Db, sql};
use crate::services::audit::{Action, record};

/// How long a claim holds without a heartbeat, in seconds.
pub const LEASE_SECONDS: i64 = 120;

/// What is written down at the server's 354, before the content leaves.
#[derive(Clone)]
pub struct Dispatch {
    /// argon2id of the password.
    pub hash: String,
    /// The mail's own.
    pub message_id: String,
    /// The factor in force: fixed from here on.
    pub factor: Factor,
    /// Digest of the signed PDF.
    pub pdf_sha256: String,
    /// Until when the password can be activated.
    pub valid_until: Timestamp,
}

/// Takes the chamber's next row that can be sent now: pending or due again, in a batch at work, oldest
/// batch first. Its fence is raised, so that nobody who held it before can still write.
///
/// # Errors
/// When the database fails.
pub async fn claim(db: &Db, camara: ChamberCode, now: Timestamp) -> Result<Option<claves::Model>, DbErr> {
    if claimable(db, camara, now).await? == 0 {
        return Ok(None);
    }
    let txn = db.write().await?;
    let lock = if db.backend() == DbBackend::Postgres { "FOR UPDATE OF c SKIP LOCKED" } else { "" };
    let text = format!(
        "UPDATE claves_preasignadas SET estado = 'reservado', fence = fence + 1, lease_hasta = ? WHERE id IN (\
         SELECT c.id {CLAIMABLE} ORDER BY c.lote_id, c.id LIMIT 1 {lock}) RETURNING *"
    );
    let lease = now.plus_seconds(LEASE_SECONDS).0;
    let values = [lease.into(), camara.as_str().into(), now.0.into()];
    let row = claves::Entity::find().from_raw_sql(sql(db.backend(), &text, values)).one(&txn).await?;
    txn.commit().await?;
    Ok(row)
}

const CLAIMABLE: &str = "FROM claves_preasignadas c JOIN lotes l ON l.id = c.lote_id AND l.camara = c.camara \
     WHERE c.camara = ? AND l.estado = 'en_curso' \
     AND (c.estado = 'pendiente' OR (c.estado = 'reintento' AND c.proximo_intento <= ?))";

/// How many rows of the chamber could be claimed now: a read, so that idle workers take no lock.
async fn claimable(db: &Db, camara: ChamberCode, now: Timestamp) -> Result<i64, DbErr> {
    let text = format!("SELECT COUNT(*) AS cuantas FROM (SELECT c.id {CLAIMABLE} LIMIT 1) AS alguna");
    let statement = sql(db.backend(), &text, [camara.as_str().into(), now.0.into()]);
    let row = db.reader().query_one_raw(statement).await?;
    row.map_or(Ok(0), |row| row.try_get("", "cuantas"))
}

/// Extends the lease of a row under way, and its batch's life.
///
/// # Errors
/// When the database fails.
pub async fn heartbeat(db: &Db, row: &claves::Model, now: Timestamp) -> Result<(), DbErr> {
    let txn = db.write().await?;
    keep_alive(&txn, row, now).await?;
    claves::Entity::update_many()
        .col_expr(claves::Column::LeaseHasta, Expr::value(now.plus_seconds(LEASE_SECONDS).0))
        .filter(claves::Column::Id.eq(row.id))
        .filter(claves::Column::Camara.eq(row.camara.as_str()))
        .filter(claves::Column::Fence.eq(row.fence))
        .filter(claves::Column::Estado.is_in(["reservado", "transmitiendo"]))
        .exec(&txn)
        .await?;
    txn.commit().await
}

/// Whoever works for a chamber works off all its batches: those that wait for their turn live too.
async fn keep_alive<C: ConnectionTrait>(txn: &C, row: &claves::Model, now: Timestamp) -> Result<(), DbErr> {
    let values = [now.plus_seconds(ALIVE_SECONDS).0.into(), row.camara.as_str().into()];
    let text = "UPDATE lotes SET vivo_hasta = ? WHERE camara = ? AND estado = 'en_curso'";
    txn.execute_raw(sql(txn.get_database_backend(), text, values)).await.map(|_| ())
}

/// The durable mark at 354. `false`: the row is no longer ours, and nothing may be sent.
///
/// # Errors
/// When the database fails; then nothing may be sent either.
pub async fn mark(db: &Db, row: &claves::Model, dispatch: &Dispatch, now: Timestamp) -> Result<bool, DbErr> {
    let txn = db.write().await?;
    let held = claves::Entity::find_by_id(row.id)
        .filter(claves::Column::Camara.eq(row.camara.as_str()))
        .filter(claves::Column::Fence.eq(row.fence))
        .lock_exclusive()
        .one(&txn)
        .await?;
    let Some(held) = held else { return Ok(false) };
    let state = PasswordState::parse(&held.estado).and_then(|state| next(state, RowEvent::Transmitting));
    let Some(state) = state else { return Ok(false) };
    let mut marked = held.into_active_model();
    marked.estado = Set(state.as_str().to_owned());
    marked.hash = Set(Some(dispatch.hash.clone()));
    marked.message_id = Set(Some(dispatch.message_id.clone()));
    marked.factor = Set(Some(dispatch.factor.as_str().to_owned()));
    marked.pdf_sha256 = Set(Some(dispatch.pdf_sha256.clone()));
    marked.vence_en = Set(Some(dispatch.valid_until.0));
    marked.transmitida_en = Set(Some(now.0));
    marked.lease_hasta = Set(Some(now.plus_seconds(LEASE_SECONDS).0));
    marked.update(&txn).await?;
    txn.commit().await?;
    Ok(true)
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
    let due = "SELECT COUNT(*) AS cuantos FROM lotes WHERE camara = ? AND estado = 'en_pausa' AND reanuda_en <= ?";
    let due = db.reader().query_one_raw(sql(db.backend(), due, [camara.as_str().into(), now.0.into()])).await?;
    let due: i64 = due.map_or(Ok(0), |row| row.try_get("", "cuantos"))?;
    let over = "SELECT COUNT(*) AS cuantas FROM claves_preasignadas \
                WHERE camara = ? AND estado IN ('enviado', 'incierto') AND vence_en < ?";
    let over = db.reader().query_one_raw(sql(db.backend(), over, [camara.as_str().into(), now.0.into()])).await?;
    let over: i64 = over.map_or(Ok(0), |row| row.try_get("", "cuantas"))?;
    if due == 0 && over == 0 && expired().count(db.reader()).await? == 0 {
        return Ok(());
    }
    let txn = db.write().await?;
    for row in expired().lock_exclusive().all(&txn).await? {
        let state = PasswordState::parse(&row.estado).and_then(|state| next(state, RowEvent::LeaseExpired));
        let Some(state) = state else { continue };
        let (id, fence) = (row.id, row.fence);
        let mut recovered = row.into_active_model();
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
