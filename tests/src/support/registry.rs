//! Extracts written field by field, and their synchronisation.

use contract::ServiceResult;
use contract::registry::Reject;
use server::clock::Clock;
use server::db::Db;
use server::registry::Encoding;
use server::registry::sync::{Source, SyncOutcome, synchronise};
use server::services::actor::Actor;

use super::camara;

/// The extract's columns, as the chamber writes them.
pub const COLUMNS: [&str; 28] = [
    "matricula",
    "organizacion",
    "categoria",
    "estmatricula",
    "razonsocial",
    "apellido1",
    "apellido2",
    "nombre1",
    "nombre2",
    "idclase",
    "numid",
    "nit",
    "fecmatricula",
    "fecrenovacion",
    "ultanoren",
    "feccancelacion",
    "muncom",
    "telcom1",
    "telcom2",
    "celcom",
    "emailcom",
    "munnot",
    "telnot",
    "telnot2",
    "celnot",
    "emailnot",
    "fecsincronizacion",
    "horsincronizacion",
];

/// One row: an invented merchant who qualifies for 2026, unless changed.
#[derive(Clone)]
pub struct Row(Vec<String>);

pub fn merchant(number: u32) -> Row {
    Row(vec![String::new(); COLUMNS.len()])
        .with("matricula", &number.to_string())
        .with("organizacion", "01")
        .with("categoria", "0")
        .with("estmatricula", "MA")
        .with("razonsocial", &format!("CEIBA ANA {number}"))
        .with("apellido1", "CEIBA")
        .with("nombre1", &format!("ANA{number}"))
        .with("idclase", "1")
        .with("numid", &(3_000_000_000_u64 + u64::from(number)).to_string())
        .with("fecmatricula", "20150320")
        .with("ultanoren", "2025")
        .with("emailnot", &format!("ana{number}@example.com"))
        .with("celnot", &format!("39{number:08}"))
}

impl Row {
    pub fn with(mut self, column: &str, value: &str) -> Self {
        let index = COLUMNS.iter().position(|name| *name == column).unwrap();
        self.0[index] = value.to_owned();
        self
    }

    pub fn line(&self, delimiter: char) -> String {
        self.0.join(&delimiter.to_string())
    }
}

/// The text of an extract with `,` between fields.
pub fn extract(rows: &[Row]) -> String {
    extract_with(',', rows)
}

pub fn extract_with(delimiter: char, rows: &[Row]) -> String {
    let mut text = COLUMNS.join(&delimiter.to_string());
    for row in rows {
        text.push('\n');
        text.push_str(&row.line(delimiter));
    }
    text.push('\n');
    text
}

/// What a synchronisation answered, with every row it rejected.
pub struct Synced {
    pub result: ServiceResult<SyncOutcome>,
    pub rejects: Vec<Reject>,
}

impl Synced {
    /// `[leidas, insertadas, actualizadas, sin_cambio, rechazadas]` of one that went well.
    pub fn figures(&self) -> [u64; 5] {
        let counts = self.result.as_ref().unwrap().counts;
        [counts.leidas, counts.insertadas, counts.actualizadas, counts.sin_cambio, counts.rechazadas]
    }
}

/// Synchronises the usual chamber from these bytes, everything detected.
pub async fn sync(db: &Db, bytes: impl AsRef<[u8]>) -> Synced {
    sync_as(db, &Clock::default(), &Actor::command_line(camara()), bytes, None, false).await
}

pub async fn sync_as(
    db: &Db,
    clock: &Clock,
    actor: &Actor,
    bytes: impl AsRef<[u8]>,
    encoding: Option<Encoding>,
    partial: bool,
) -> Synced {
    let mut rejects = Vec::new();
    let file_name = "C:\\datos\\extracto.csv".to_owned();
    let source = Source { file_name, reader: bytes.as_ref(), encoding, delimiter: None, partial };
    let result = synchronise(db, clock, actor, source, &mut |reject| rejects.push(reject.clone())).await;
    Synced { result, rejects }
}
