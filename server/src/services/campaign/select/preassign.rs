//! Writes the passwords drawn.

use contract::campaign::PasswordState;
use contract::{Timestamp, Year};
use sea_orm::{ConnectionTrait, DbErr, Value};

use super::super::CampaignDesk;
use super::evaluator::{FIRST_GENERATION, Preassigned};
use crate::db::sql;

const COLUMNS: [&str; 20] = [
    "camara",
    "ano",
    "matricula",
    "idclase",
    "identificacion",
    "nombre",
    "nombres",
    "apellido1",
    "apellido2",
    "municipio",
    "correo",
    "correo_origen",
    "celular",
    "celular_origen",
    "estado",
    "generacion",
    "sellada",
    "sellada_llave",
    "sincronizacion_id",
    "seleccionada_en",
];

/// Rows of one statement: 500 × 20 values.
const ROWS_PER_STATEMENT: usize = 500;

/// Inserts them in their order and says how many: an identification that got a password in the
/// meantime (the unique index tells) is passed over.
pub(super) async fn insert<C: ConnectionTrait>(
    txn: &C,
    desk: &CampaignDesk,
    year: Year,
    now: Timestamp,
    passwords: Vec<Preassigned>,
) -> Result<u64, DbErr> {
    let mut inserted = 0;
    let mut waiting = passwords.into_iter().peekable();
    while waiting.peek().is_some() {
        let values: Vec<Value> =
            waiting.by_ref().take(ROWS_PER_STATEMENT).flat_map(|row| values(desk, year, now, row)).collect();
        let text = insert_text(values.len() / COLUMNS.len());
        inserted += txn.execute_raw(sql(desk.db.backend(), &text, values)).await?.rows_affected();
    }
    Ok(inserted)
}

fn insert_text(rows: usize) -> String {
    let row = format!("({})", ["?"; COLUMNS.len()].join(", "));
    let rows = vec![row.as_str(); rows].join(", ");
    format!("INSERT INTO claves_preasignadas ({}) VALUES {rows} ON CONFLICT DO NOTHING", COLUMNS.join(", "))
}

fn values(desk: &CampaignDesk, year: Year, now: Timestamp, row: Preassigned) -> [Value; COLUMNS.len()] {
    let merchant = row.candidate;
    [
        desk.actor.camara.to_string().into(),
        year.number().into(),
        row.matricula.into(),
        row.idclase.into(),
        merchant.identificacion.as_str().into(),
        merchant.nombre.completo.into(),
        merchant.nombre.nombres.into(),
        merchant.nombre.apellido1.into(),
        merchant.nombre.apellido2.into(),
        row.municipio.into(),
        merchant.correo.as_str().into(),
        merchant.correo_origen.as_str().into(),
        merchant.celular.as_str().into(),
        merchant.celular_origen.as_str().into(),
        PasswordState::Pendiente.as_str().into(),
        FIRST_GENERATION.into(),
        row.sealed.bytes.into(),
        row.sealed.key_id.into(),
        row.sincronizacion_id.into(),
        now.0.into(),
    ]
}
