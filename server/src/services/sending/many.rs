//! The two changes that nearly every mail needs, for many rows in one statement each.

use contract::Timestamp;
use contract::campaign::PasswordState;
use sea_orm::{ConnectionTrait, DbErr, Value};

use super::ledger::Dispatch;
use super::queue::LEASE_SECONDS;
use crate::db::sql;

/// The content of these rows is about to leave.
pub(super) async fn mark<C: ConnectionTrait>(
    txn: &C,
    marks: Vec<(i64, Dispatch)>,
    now: Timestamp,
) -> Result<(), DbErr> {
    let rows = marks.into_iter().map(|(id, dispatch)| -> [Value; 6] {
        [
            id.into(),
            dispatch.hash.into(),
            dispatch.message_id.into(),
            dispatch.factor.as_str().into(),
            dispatch.pdf_sha256.into(),
            dispatch.valid_until.0.into(),
        ]
    });
    let set = "estado = ?, transmitida_en = ?, movida_en = ?, lease_hasta = ?, hash = v.hash, \
               message_id = v.message_id, factor = v.factor, pdf_sha256 = v.pdf_sha256, vence_en = v.vence_en";
    let constants = [
        PasswordState::Transmitiendo.as_str().into(),
        now.0.into(),
        now.0.into(),
        now.plus_seconds(LEASE_SECONDS).0.into(),
    ];
    update(txn, "id, hash, message_id, factor, pdf_sha256, vence_en", rows, set, constants).await
}

/// The server took these: its reply is kept, the sealed copies are erased.
pub(super) async fn accept<C: ConnectionTrait>(
    txn: &C,
    accepted: Vec<(i64, String)>,
    now: Timestamp,
) -> Result<(), DbErr> {
    let rows = accepted.into_iter().map(|(id, reply)| -> [Value; 2] { [id.into(), reply.into()] });
    let set = "estado = ?, enviada_en = ?, movida_en = ?, respuesta = v.respuesta, sellada = NULL, \
               sellada_llave = NULL, lease_hasta = NULL";
    let constants = [PasswordState::Enviado.as_str().into(), now.0.into(), now.0.into()];
    update(txn, "id, respuesta", rows, set, constants).await
}

/// `UPDATE … FROM (VALUES …)`: nothing when there are no rows.
async fn update<C: ConnectionTrait, const N: usize>(
    txn: &C,
    columns: &str,
    rows: impl Iterator<Item = [Value; N]>,
    set: &str,
    constants: impl IntoIterator<Item = Value>,
) -> Result<(), DbErr> {
    let rows: Vec<[Value; N]> = rows.collect();
    if rows.is_empty() {
        return Ok(());
    }
    let places = vec![format!("({})", ["?"; N].join(", ")); rows.len()].join(", ");
    let text = format!(
        "WITH v ({columns}) AS (VALUES {places}) UPDATE claves_preasignadas SET {set} FROM v \
         WHERE claves_preasignadas.id = v.id"
    );
    let values: Vec<Value> = rows.into_iter().flatten().chain(constants).collect();
    txn.execute_raw(sql(txn.get_database_backend(), &text, values)).await.map(|_| ())
}
