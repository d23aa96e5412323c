//! Daily seals: the head of a chamber's chain, signed with the chamber's certificate. Whoever kept one
//! proves years later what stood in the trail then, and nobody can begin it anew behind it.

use std::sync::Arc;

use contract::audit::{LastSeal, SealFlaw};
use contract::{ChamberCode, ServiceResult, Timestamp};
use entity::auditoria_sellos::{ActiveModel, Column, Entity, Model};
use entity::{auditoria_cabezas, llaves_firma};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::json;

use super::{Action, record};
use crate::config::{Chamber, PublicUrl};
use crate::db::Db;
use crate::secrets::sha256_hex;
use crate::services::fault::unexpected;
use crate::services::firmas::remember_key;
use crate::signing::{JwsKind, Signer, verify_jws};

/// The form of the payload; a new one whenever a member changes its meaning.
const VERSION: u32 = 1;

/// What came of sealing a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealed {
    /// The head's place is sealed now.
    At(i64),
    /// It was before.
    Before,
    /// There is no entry yet.
    Nothing,
}

/// The day that ended last in Bogotá, `aaaa-mm-dd`.
#[must_use]
pub fn yesterday(now: Timestamp) -> String {
    let day = now.plus_seconds(-86_400).in_bogota().date();
    format!("{:04}-{:02}-{:02}", day.year(), u8::from(day.month()), day.day())
}

/// Seals the head as it stands for the day that ended last. A day that was missed gets no seal of its own:
/// the next one covers everything before it, with its true time.
///
/// # Errors
/// When the database or the signature fails; nothing is sealed then.
pub async fn seal_day(
    db: &Db,
    chamber: &Chamber,
    public_url: &PublicUrl,
    signer: Arc<Signer>,
    now: Timestamp,
) -> ServiceResult<Sealed> {
    let (camara, dia) = (chamber.code, yesterday(now));
    let txn = db.write().await.map_err(unexpected)?;
    let head = auditoria_cabezas::Entity::find_by_id(camara.to_string()).lock_exclusive().one(&txn).await;
    let Some(head) = head.map_err(unexpected)? else { return Ok(Sealed::Nothing) };
    let key = (camara.to_string(), dia.clone());
    if Entity::find_by_id(key).one(&txn).await.map_err(unexpected)?.is_some() {
        return Ok(Sealed::Before);
    }
    let payload = json!({
        "iss": format!("{}/api/v1/camaras/{camara}", public_url.as_str()),
        "iat": now.0.div_euclid(1000),
        "version": VERSION,
        "camara": { "codigo": camara.as_str(), "nombre": chamber.nombre },
        "dia": dia,
        "auditoria": { "secuencia": head.secuencia, "hash": head.hash },
    });
    remember_key(&txn, camara, &signer.jwk().map_err(unexpected)?, now).await?;
    let signing = tokio::task::spawn_blocking(move || signer.jws(JwsKind::Sello, &payload, now));
    let jws = signing.await.map_err(unexpected)?.map_err(unexpected)?;
    let detail = format!("dia={dia} secuencia={} sha256={}", head.secuencia, sha256_hex(jws.as_bytes()));
    let row = ActiveModel {
        camara: Set(camara.to_string()),
        dia: Set(dia),
        secuencia: Set(head.secuencia),
        hash: Set(head.hash),
        jws: Set(jws),
        sellado_en: Set(now.0),
    };
    row.insert(&txn).await.map_err(unexpected)?;
    // The trail holds the seal's digest: no seal goes unnoticed either.
    record(&txn, camara, now, "sistema", Action::AuditoriaSellada, detail).await.map_err(unexpected)?;
    txn.commit().await.map_err(unexpected)?;
    Ok(Sealed::At(head.secuencia))
}

/// Every seal of a chamber, the oldest first.
pub(super) async fn all(db: &Db, camara: ChamberCode) -> ServiceResult<Vec<Model>> {
    let own = Entity::find().filter(Column::Camara.eq(camara.as_str())).order_by_asc(Column::Dia);
    own.all(db.reader()).await.map_err(unexpected)
}

/// The last seal.
pub(super) async fn last<C: ConnectionTrait>(conn: &C, camara: ChamberCode) -> ServiceResult<Option<LastSeal>> {
    let own = Entity::find().filter(Column::Camara.eq(camara.as_str())).order_by_desc(Column::Dia);
    let row = own.one(conn).await.map_err(unexpected)?;
    Ok(row.map(|row| LastSeal { dia: row.dia, secuencia: row.secuencia, sellado_en: Timestamp(row.sellado_en) }))
}

/// The names of the keys that signed for the chamber.
pub(super) async fn known_keys(db: &Db, camara: ChamberCode) -> ServiceResult<Vec<String>> {
    let own = llaves_firma::Entity::find().filter(llaves_firma::Column::Camara.eq(camara.as_str()));
    let rows = own.all(db.reader()).await.map_err(unexpected)?;
    Ok(rows.into_iter().map(|row| row.kid).collect())
}

/// Whether a seal is what it says: signed by the chamber, in force, over what its row shows. Whether that
/// is the chain is another question.
pub(super) fn check(row: &Model, keys: &[String]) -> Result<(), SealFlaw> {
    let seal = verify_jws(JwsKind::Sello, &row.jws).map_err(|_| SealFlaw::Signature)?;
    if !keys.contains(&seal.kid) {
        return Err(SealFlaw::ForeignKey);
    }
    let at = Timestamp(row.sellado_en);
    if at < seal.not_before || at > seal.not_after {
        return Err(SealFlaw::Certificate);
    }
    let signed = &seal.payload;
    let same = signed["camara"]["codigo"] == row.camara
        && signed["dia"] == row.dia
        && signed["iat"] == row.sellado_en.div_euclid(1000)
        && signed["auditoria"]["secuencia"] == row.secuencia
        && signed["auditoria"]["hash"] == row.hash;
    if same { Ok(()) } else { Err(SealFlaw::Content) }
}

/// The day of which an entry of [`Action::AuditoriaSellada`] tells.
pub(super) fn day_told(detail: &str) -> Option<&str> {
    detail.split(' ').find_map(|pair| pair.strip_prefix("dia="))
}
