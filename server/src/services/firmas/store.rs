//! Requests in `firmas`, and the users who sign.

use contract::verified::VerifiedState;
use contract::{ChamberCode, ServiceResult, Timestamp};
use domain::pin::IssuedPin;
use domain::signature::{Event, EventKind, Pending, Signature, Signed, State};
use entity::firmas::{ActiveModel, Column, Entity, Model};
use entity::usuarios_verificados;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, Select,
    Set,
};
use serde::{Deserialize, Serialize};

use super::System;
use crate::services::fault::unexpected;

const PENDING: &str = "pendiente";
const SIGNED: &str = "firmada";
const ABANDONED: &str = "abandonada";

/// An event as it is kept, and as records show it.
#[derive(Serialize, Deserialize)]
struct Kept {
    en: i64,
    que: String,
    sms: Option<i64>,
}

/// The requests of one system: it sees no other.
pub(super) fn of_system(system: &System) -> Select<Entity> {
    Entity::find().filter(Column::Camara.eq(system.camara.as_str())).filter(Column::SistemaId.eq(system.id))
}

/// One of them, locked until `txn` ends.
pub(super) async fn lock(
    txn: &DatabaseTransaction,
    system: &System,
    codigo: &str,
) -> ServiceResult<Option<(Model, Signature)>> {
    let found = of_system(system).filter(Column::Codigo.eq(codigo)).lock_exclusive().one(txn).await;
    found.map_err(unexpected)?.map(|row| Ok((row.clone(), signature_of(row)?))).transpose()
}

/// The state of a row.
pub(super) fn signature_of(row: Model) -> ServiceResult<Signature> {
    let kept: Vec<Kept> = serde_json::from_str(&row.eventos).map_err(unexpected)?;
    let events = kept.iter().map(event_of).collect::<Option<Vec<_>>>().ok_or_else(|| unexpected("unknown event"))?;
    let pin = IssuedPin {
        mac: row.pin_hmac,
        expires: Timestamp(row.pin_vence_en),
        failures: row.pin_fallos,
        sent_at: row.pin_enviado_en.map(Timestamp),
    };
    let state = match row.estado.as_str() {
        PENDING => State::Pending(Pending { pin, resends: row.reenvios, expires: Timestamp(row.vence_en) }),
        SIGNED => State::Signed(Signed { at: Timestamp(row.firmada_en.unwrap_or_default()), pin }),
        ABANDONED => State::Abandoned,
        _ => return Err(unexpected("unknown state of a request to sign")),
    };
    Ok(Signature { state, events })
}

/// The columns that a state fills.
pub(super) fn columns_of(signature: &Signature) -> ServiceResult<ActiveModel> {
    let kept: Vec<Kept> = signature.events.iter().map(kept_of).collect();
    let eventos = Set(serde_json::to_string(&kept).map_err(unexpected)?);
    let with_pin = |pin: &IssuedPin| ActiveModel {
        pin_hmac: Set(pin.mac.clone()),
        pin_vence_en: Set(pin.expires.0),
        pin_fallos: Set(pin.failures),
        pin_enviado_en: Set(pin.sent_at.map(|at| at.0)),
        ..Default::default()
    };
    Ok(match &signature.state {
        State::Pending(pending) => ActiveModel {
            estado: Set(PENDING.to_owned()),
            reenvios: Set(pending.resends),
            vence_en: Set(pending.expires.0),
            eventos,
            ..with_pin(&pending.pin)
        },
        State::Signed(signed) => ActiveModel {
            estado: Set(SIGNED.to_owned()),
            firmada_en: Set(Some(signed.at.0)),
            eventos,
            ..with_pin(&signed.pin)
        },
        State::Abandoned => {
            ActiveModel { estado: Set(ABANDONED.to_owned()), pin_hmac: Set(None), eventos, ..Default::default() }
        }
    })
}

/// Writes the state of a row that is locked.
pub(super) async fn save(txn: &DatabaseTransaction, id: i64, signature: &Signature) -> ServiceResult<Model> {
    ActiveModel { id: Set(id), ..columns_of(signature)? }.update(txn).await.map_err(unexpected)
}

/// Requests that were never signed are erased so long after their end, and signed ones forget their
/// PIN; records stay.
pub(super) async fn purge(txn: &DatabaseTransaction, camara: ChamberCode, before: Timestamp) -> ServiceResult<()> {
    Entity::delete_many()
        .filter(Column::Camara.eq(camara.as_str()))
        .filter(Column::Estado.is_in([PENDING, ABANDONED]))
        .filter(Column::VenceEn.lt(before.0))
        .exec(txn)
        .await
        .map_err(unexpected)?;
    Entity::update_many()
        .col_expr(Column::PinHmac, Expr::value(Option::<String>::None))
        .filter(Column::Camara.eq(camara.as_str()))
        .filter(Column::Estado.eq(SIGNED))
        .filter(Column::VenceEn.lt(before.0))
        .filter(Column::PinHmac.is_not_null())
        .exec(txn)
        .await
        .map_err(unexpected)?;
    Ok(())
}

/// Users of a chamber who may sign: verified, in force, no tests.
fn signers(camara: ChamberCode) -> Select<usuarios_verificados::Entity> {
    usuarios_verificados::Entity::find()
        .filter(usuarios_verificados::Column::Camara.eq(camara.as_str()))
        .filter(usuarios_verificados::Column::Estado.eq(VerifiedState::Vigente.as_str()))
        .filter(usuarios_verificados::Column::EsPrueba.eq(false))
}

/// The one who bears this identification.
pub(super) async fn signer<C: ConnectionTrait>(
    conn: &C,
    camara: ChamberCode,
    identificacion: &str,
) -> ServiceResult<Option<usuarios_verificados::Model>> {
    let own = signers(camara).filter(usuarios_verificados::Column::Identificacion.eq(identificacion));
    own.one(conn).await.map_err(unexpected)
}

/// The same user, locked, if still in force.
pub(super) async fn lock_signer(
    txn: &DatabaseTransaction,
    camara: ChamberCode,
    id: i64,
) -> ServiceResult<Option<usuarios_verificados::Model>> {
    let own = signers(camara).filter(usuarios_verificados::Column::Id.eq(id));
    own.lock_exclusive().one(txn).await.map_err(unexpected)
}

/// The word for an event, in the table and in records.
pub(super) fn event_word(kind: EventKind) -> (&'static str, Option<i64>) {
    match kind {
        EventKind::Sent { sms } => ("pin_enviado", Some(sms)),
        EventKind::Uncertain { sms } => ("pin_incierto", Some(sms)),
        EventKind::NotSent { sms } => ("pin_no_enviado", Some(sms)),
        EventKind::Wrong => ("pin_errado", None),
        EventKind::Confirmed => ("pin_confirmado", None),
    }
}

fn kept_of(event: &Event) -> Kept {
    let (word, sms) = event_word(event.kind);
    Kept { en: event.at.0, que: word.to_owned(), sms }
}

fn event_of(kept: &Kept) -> Option<Event> {
    let kind = match (kept.que.as_str(), kept.sms) {
        ("pin_enviado", Some(sms)) => EventKind::Sent { sms },
        ("pin_incierto", Some(sms)) => EventKind::Uncertain { sms },
        ("pin_no_enviado", Some(sms)) => EventKind::NotSent { sms },
        ("pin_errado", None) => EventKind::Wrong,
        ("pin_confirmado", None) => EventKind::Confirmed,
        _ => return None,
    };
    Some(Event { at: Timestamp(kept.en), kind })
}
