//! The trail as a file: JSON Lines with everything that a third party needs to verify it without us.

use contract::staff::Permission;
use contract::{ChamberCode, ServiceResult, Timestamp};
use domain::chain::GENESIS;
use entity::{auditoria, auditoria_cabezas, auditoria_sellos};
use futures::stream::{self, Stream};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::{Action, record, seal, verify};
use crate::clock::Clock;
use crate::db::Db;
use crate::services::actor::Actor;
use crate::services::fault::unexpected;

/// The form of the lines; a new one whenever a member changes its meaning.
const VERSION: u32 = 1;

/// How an entry's hash is made, for whoever reads the file without its guide.
const RULE: &str = "SHA-256 en hexadecimal de la concatenación de siete partes, cada una escrita como «N:texto» y un \
                    salto de línea, donde N son sus bytes en UTF-8: hash_previo, camara, secuencia, ocurrida_en \
                    (milisegundos desde 1970), actor, accion, detalle";

/// Begins an export: writes down that it was made, then gives the lines in pieces, up to the head as it
/// stands now. The first line names the chain, then come its entries, then the seals.
///
/// # Errors
/// [`contract::ServiceError::Forbidden`]; else when the database fails, also on the way.
pub async fn export(
    db: &Db,
    clock: &Clock,
    actor: &Actor,
) -> ServiceResult<impl Stream<Item = ServiceResult<String>> + Send + use<>> {
    actor.require(Permission::Read)?;
    let (camara, now) = (actor.camara, clock.now());
    let txn = db.write().await.map_err(unexpected)?;
    record(&txn, camara, now, &actor.name, Action::AuditoriaExportada, String::new()).await.map_err(unexpected)?;
    let head = auditoria_cabezas::Entity::find_by_id(camara.to_string()).one(&txn).await.map_err(unexpected)?;
    txn.commit().await.map_err(unexpected)?;
    let Some(head) = head else { return Err(unexpected("a trail without its head")) };
    let first = line(&json!({
        "tipo": "cadena",
        "version": VERSION,
        "camara": camara.as_str(),
        "exportada_en": now.iso(),
        "genesis": GENESIS,
        "cabeza": { "secuencia": head.secuencia, "hash": head.hash },
        "regla": RULE,
    }));
    let lines = Lines { db: db.clone(), camara, head: head.secuencia, next: Next::First(first) };
    Ok(stream::try_unfold(lines, Lines::piece))
}

/// What is still to be given.
struct Lines {
    db: Db,
    camara: ChamberCode,
    head: i64,
    next: Next,
}

enum Next {
    First(String),
    After(i64),
    End,
}

impl Lines {
    async fn piece(self) -> ServiceResult<Option<(String, Self)>> {
        let Self { db, camara, head, next } = self;
        let (piece, next) = match next {
            Next::First(line) => (line, Next::After(0)),
            Next::After(place) if place < head => {
                let rows = verify::page(&db, camara, place).await?;
                let last = rows.last().map_or(head, |row| row.secuencia);
                let own = rows.iter().filter(|row| row.secuencia <= head);
                (own.map(|row| line(&entry(row))).collect(), Next::After(last))
            }
            Next::After(_) => {
                let seals = seal::all(&db, camara).await?;
                (seals.iter().map(|row| line(&seal_line(row))).collect(), Next::End)
            }
            Next::End => return Ok(None),
        };
        Ok(Some((piece, Self { db, camara, head, next })))
    }
}

fn entry(row: &auditoria::Model) -> Value {
    json!({
        "tipo": "entrada",
        "camara": row.camara,
        "secuencia": row.secuencia,
        "ocurrida_en": row.ocurrida_en,
        "fecha": Timestamp(row.ocurrida_en).iso(),
        "actor": row.actor,
        "accion": row.accion,
        "detalle": row.detalle,
        "hash_previo": row.hash_previo,
        "hash": row.hash,
    })
}

fn seal_line(row: &auditoria_sellos::Model) -> Value {
    json!({
        "tipo": "sello",
        "camara": row.camara,
        "dia": row.dia,
        "secuencia": row.secuencia,
        "hash": row.hash,
        "sellado_en": Timestamp(row.sellado_en).iso(),
        "jws": row.jws,
    })
}

fn line(value: &Value) -> String {
    format!("{value}\n")
}
