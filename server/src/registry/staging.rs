//! The staging area (`mreg_carga`): rows wait there until the whole file has been read.

use contract::ChamberCode;
use sea_orm::{ConnectionTrait, DbErr, Value};

use super::columns::COLUMNS;
use super::reader::ExtractRow;
use super::text::sort_key;
use crate::db::{Db, sql};

/// Rows of one statement: 500 × 32 values stay under the 30,000 that SQLite is given.
const ROWS_PER_STATEMENT: usize = 500;

/// Rows of one transaction: short enough that nobody waits long for the writer's lock.
pub const ROWS_PER_WRITE: usize = 2_000;

/// Appends rows in one short write transaction, with a sign of life of the run.
pub async fn append(
    db: &Db,
    camara: ChamberCode,
    sync_id: i64,
    now: i64,
    read: u64,
    rows: &mut Vec<ExtractRow>,
) -> Result<(), DbErr> {
    let txn = db.write().await?;
    let mut waiting = rows.drain(..).peekable();
    while waiting.peek().is_some() {
        let values: Vec<Value> = waiting
            .by_ref()
            .take(ROWS_PER_STATEMENT)
            .flat_map(|row| {
                let line = i64::try_from(row.line).unwrap_or(i64::MAX);
                let key = sort_key(&row.values[0]);
                [camara.to_string().into(), sync_id.into(), line.into(), key.into()]
                    .into_iter()
                    .chain(row.values.into_iter().map(Value::from))
            })
            .collect();
        txn.execute_raw(sql(db.backend(), &insert_text(values.len() / VALUES_PER_ROW), values)).await?;
    }
    let sign = "UPDATE sincronizaciones SET senal_en = ?, leidas = ? WHERE id = ? AND camara = ?";
    let read = i64::try_from(read).unwrap_or(i64::MAX);
    let values: [Value; 4] = [now.into(), read.into(), sync_id.into(), camara.to_string().into()];
    txn.execute_raw(sql(db.backend(), sign, values)).await?;
    txn.commit().await
}

/// Chamber, run, line and sort key, before the columns.
const VALUES_PER_ROW: usize = 4 + COLUMNS.len();

fn insert_text(rows: usize) -> String {
    let names = COLUMNS.map(|column| column.name).join(", ");
    let row = format!("({})", vec!["?"; VALUES_PER_ROW].join(", "));
    let rows = vec![row.as_str(); rows].join(", ");
    format!("INSERT INTO mreg_carga (camara, sincronizacion_id, linea, matricula_orden, {names}) VALUES {rows}")
}

/// Removes a run's rows.
pub async fn clear<C: ConnectionTrait>(conn: &C, camara: ChamberCode, sync_id: i64) -> Result<(), DbErr> {
    let text = "DELETE FROM mreg_carga WHERE camara = ? AND sincronizacion_id = ?";
    let values: [Value; 2] = [camara.to_string().into(), sync_id.into()];
    conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map(drop)
}

/// Ends runs that gave no sign of life since `deadline` (their process died) and removes whatever
/// no living run has staged.
pub async fn clear_dead<C: ConnectionTrait>(
    conn: &C,
    camara: ChamberCode,
    now: i64,
    deadline: i64,
) -> Result<(), DbErr> {
    let backend = conn.get_database_backend();
    let end = "UPDATE sincronizaciones SET estado = 'fallida', terminada_en = ?
               WHERE camara = ? AND estado = 'en_curso' AND senal_en < ?";
    let values: [Value; 3] = [now.into(), camara.to_string().into(), deadline.into()];
    conn.execute_raw(sql(backend, end, values)).await?;
    let sweep = "DELETE FROM mreg_carga WHERE camara = ? AND sincronizacion_id NOT IN
                 (SELECT id FROM sincronizaciones WHERE camara = ? AND estado = 'en_curso')";
    let values: [Value; 2] = [camara.to_string().into(), camara.to_string().into()];
    conn.execute_raw(sql(backend, sweep, values)).await.map(drop)
}
