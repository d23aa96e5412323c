//! Rows that need a person.

use contract::campaign::PasswordState;
use contract::sending::{BatchState, TroubledRow, UncertainChoice};
use contract::suppression::SuppressionCause;
use contract::{ChamberCode, ServiceError, ServiceResult, Timestamp, Year};
use domain::sending::{RowEvent, next};
use entity::{claves_preasignadas as claves, correos_suprimidos as suprimidos, lotes};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Set,
};

use super::batch::{self, Batch};
use crate::services::actor::Actor;
use crate::services::audit::{Action, record};
use crate::services::fault::unexpected;

pub(super) async fn list<C: ConnectionTrait>(
    conn: &C,
    camara: ChamberCode,
    year: Year,
) -> Result<Vec<TroubledRow>, DbErr> {
    let states = [PasswordState::Incierto, PasswordState::Rechazado, PasswordState::ErrorDatos];
    let rows = claves::Entity::find()
        .filter(claves::Column::Camara.eq(camara.as_str()))
        .filter(claves::Column::Ano.eq(year.number()))
        .filter(claves::Column::EsPrueba.eq(false))
        .filter(claves::Column::Estado.is_in(states.map(PasswordState::as_str)))
        .order_by_asc(claves::Column::Id)
        .limit(200)
        .all(conn)
        .await?;
    let troubled = |row: claves::Model| {
        Some(TroubledRow {
            id: row.id,
            estado: PasswordState::parse(&row.estado)?,
            nombre: row.nombre,
            correo: row.correo,
            respuesta: row.respuesta,
        })
    };
    Ok(rows.into_iter().filter_map(troubled).collect())
}

/// Carries out what a person decided about an uncertain row.
pub(super) async fn decide<C: ConnectionTrait>(
    txn: &C,
    actor: &Actor,
    now: Timestamp,
    id: i64,
    choice: UncertainChoice,
) -> ServiceResult<()> {
    let (row, lote) = find_locked(txn, actor, id).await?;
    let event = match choice {
        UncertainChoice::DarPorEnviado => RowEvent::TakenAsSent,
        UncertainChoice::Reenviar => RowEvent::SendAgain,
    };
    let state = PasswordState::parse(&row.estado).and_then(|state| next(state, event));
    let state = state.ok_or(ServiceError::StateChanged)?;
    // Without its sealed password it cannot be sent again.
    if choice == UncertainChoice::Reenviar && row.sellada.is_none() {
        return Err(ServiceError::StateChanged);
    }
    let sent_at = row.transmitida_en.unwrap_or(now.0);
    let mut decided = row.into_active_model();
    decided.estado = Set(state.as_str().to_owned());
    decided.movida_en = Set(Some(now.0));
    decided.lease_hasta = Set(None);
    match choice {
        UncertainChoice::DarPorEnviado => {
            decided.enviada_en = Set(Some(sent_at));
            decided.sellada = Set(None);
            decided.sellada_llave = Set(None);
        }
        UncertainChoice::Reenviar => {
            decided.pudo_llegar = Set(true);
            reopen(txn, lote, now).await.map_err(unexpected)?;
        }
    }
    decided.update(txn).await.map_err(unexpected)?;
    let detail = format!("clave={id} decision={}", state.as_str());
    record(txn, actor.camara, now, &actor.name, Action::InciertoResuelto, detail).await.map_err(unexpected)
}

/// Puts one refused or unrenderable row back into its batch. Staff know something about its address
/// that we do not: it is taken off the list of those that come back.
pub(super) async fn retry_one<C: ConnectionTrait>(
    txn: &C,
    actor: &Actor,
    now: Timestamp,
    id: i64,
) -> ServiceResult<()> {
    let (row, lote) = find_locked(txn, actor, id).await?;
    suprimidos::Entity::delete_many()
        .filter(suprimidos::Column::Camara.eq(actor.camara.as_str()))
        .filter(suprimidos::Column::Correo.eq(row.correo.to_lowercase()))
        .exec(txn)
        .await
        .map_err(unexpected)?;
    put_back(txn, row, now).await?;
    reopen(txn, lote, now).await.map_err(unexpected)?;
    let detail = format!("clave={id}");
    record(txn, actor.camara, now, &actor.name, Action::ReintentoOrdenado, detail).await.map_err(unexpected)
}

/// Puts every refused or unrenderable row of a batch back, but for those whose address bounced: that
/// the chamber's own server refused it may have passed, that a mail came back has not.
pub(super) async fn retry_failed<C: ConnectionTrait>(
    txn: &C,
    actor: &Actor,
    now: Timestamp,
    batch_id: i64,
) -> ServiceResult<u64> {
    let lote = batch::find_locked(txn, actor.camara, batch_id).await.map_err(unexpected)?;
    let lote = lote.ok_or(ServiceError::NotFound)?;
    let failed = [PasswordState::Rechazado.as_str(), PasswordState::ErrorDatos.as_str()];
    let rows = claves::Entity::find()
        .filter(claves::Column::Camara.eq(actor.camara.as_str()))
        .filter(claves::Column::LoteId.eq(batch_id))
        .filter(claves::Column::Estado.is_in(failed))
        .order_by_asc(claves::Column::Id)
        .lock_exclusive()
        .all(txn)
        .await
        .map_err(unexpected)?;
    let listed = suprimidos::Entity::find()
        .filter(suprimidos::Column::Camara.eq(actor.camara.as_str()))
        .filter(suprimidos::Column::Correo.is_in(rows.iter().map(|row| row.correo.to_lowercase())))
        .all(txn)
        .await
        .map_err(unexpected)?;
    let (bounced, refused): (Vec<_>, Vec<_>) =
        listed.into_iter().partition(|listed| listed.causa == SuppressionCause::Rebote.as_str());
    let bounced: Vec<String> = bounced.into_iter().map(|listed| listed.correo).collect();
    let mut again = 0;
    for row in rows.into_iter().filter(|row| !bounced.contains(&row.correo.to_lowercase())) {
        put_back(txn, row, now).await?;
        again += 1;
    }
    if again == 0 {
        return Ok(0);
    }
    suprimidos::Entity::delete_many()
        .filter(suprimidos::Column::Id.is_in(refused.iter().map(|listed| listed.id)))
        .exec(txn)
        .await
        .map_err(unexpected)?;
    reopen(txn, Some(lote), now).await.map_err(unexpected)?;
    let detail = format!("lote={batch_id} claves={again}");
    record(txn, actor.camara, now, &actor.name, Action::ReintentoOrdenado, detail).await.map_err(unexpected)?;
    Ok(again)
}

/// The row and its batch, locked in the order of everyone: batch, then row.
async fn find_locked<C: ConnectionTrait>(
    txn: &C,
    actor: &Actor,
    id: i64,
) -> ServiceResult<(claves::Model, Option<lotes::Model>)> {
    let own = || claves::Entity::find_by_id(id).filter(claves::Column::Camara.eq(actor.camara.as_str()));
    let seen = own().one(txn).await.map_err(unexpected)?.ok_or(ServiceError::NotFound)?;
    let lote = match seen.lote_id {
        Some(lote) => batch::find_locked(txn, actor.camara, lote).await.map_err(unexpected)?,
        None => None,
    };
    let row = own().lock_exclusive().one(txn).await.map_err(unexpected)?.ok_or(ServiceError::NotFound)?;
    if row.lote_id != seen.lote_id {
        return Err(ServiceError::StateChanged);
    }
    Ok((row, lote))
}

async fn put_back<C: ConnectionTrait>(txn: &C, row: claves::Model, now: Timestamp) -> ServiceResult<()> {
    let state = PasswordState::parse(&row.estado).and_then(|state| next(state, RowEvent::TriedAgain));
    let state = state.filter(|_| row.sellada.is_some()).ok_or(ServiceError::StateChanged)?;
    let mut again = row.into_active_model();
    again.estado = Set(state.as_str().to_owned());
    again.movida_en = Set(Some(now.0));
    again.intentos = Set(0);
    again.proximo_intento = Set(None);
    again.update(txn).await.map(|_| ()).map_err(unexpected)
}

/// A row to be sent again needs its batch at work.
async fn reopen<C: ConnectionTrait>(txn: &C, lote: Option<lotes::Model>, now: Timestamp) -> Result<(), DbErr> {
    let Some(mut batch) = lote.map(Batch::new) else { return Ok(()) };
    if batch.model.estado != BatchState::EnPausa.as_str() {
        batch.model.estado = BatchState::EnCurso.as_str().to_owned();
        batch.model.terminado_en = None;
        batch.keep_alive(now);
    }
    batch.save(txn).await
}
