//! Rows that need a person.

use contract::campaign::PasswordState;
use contract::sending::{BatchState, TroubledRow, UncertainChoice};
use contract::{ChamberCode, ServiceError, ServiceResult, Timestamp, Year};
use domain::sending::{RowEvent, next};
use entity::{claves_preasignadas as claves, lotes};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Set,
};

use super::{ALIVE_SECONDS, batch};
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
    let row = claves::Entity::find_by_id(id)
        .filter(claves::Column::Camara.eq(actor.camara.as_str()))
        .lock_exclusive()
        .one(txn)
        .await
        .map_err(unexpected)?
        .ok_or(ServiceError::NotFound)?;
    let event = match choice {
        UncertainChoice::DarPorEnviado => RowEvent::TakenAsSent,
        UncertainChoice::Reenviar => RowEvent::SendAgain,
    };
    let state = PasswordState::parse(&row.estado).and_then(|state| next(state, event));
    let state = state.ok_or(ServiceError::StateChanged)?;
    let (lote_id, sent_at) = (row.lote_id, row.transmitida_en.unwrap_or(now.0));
    // Without its sealed password it cannot be sent again.
    if choice == UncertainChoice::Reenviar && row.sellada.is_none() {
        return Err(ServiceError::StateChanged);
    }
    let mut decided = row.into_active_model();
    decided.estado = Set(state.as_str().to_owned());
    decided.lease_hasta = Set(None);
    match choice {
        UncertainChoice::DarPorEnviado => {
            decided.enviada_en = Set(Some(sent_at));
            decided.sellada = Set(None);
            decided.sellada_llave = Set(None);
        }
        UncertainChoice::Reenviar => reopen(txn, actor.camara, lote_id, now).await.map_err(unexpected)?,
    }
    decided.update(txn).await.map_err(unexpected)?;
    let detail = format!("clave={id} decision={}", state.as_str());
    record(txn, actor.camara, now, &actor.name, Action::InciertoResuelto, detail).await.map_err(unexpected)
}

/// A row to be sent again needs its batch at work.
async fn reopen<C: ConnectionTrait>(
    txn: &C,
    camara: ChamberCode,
    lote_id: Option<i64>,
    now: Timestamp,
) -> Result<(), DbErr> {
    let Some(id) = lote_id else { return Ok(()) };
    let Some(lote) = batch::find_locked(txn, camara, id).await? else { return Ok(()) };
    if lote.estado == BatchState::EnPausa.as_str() {
        return Ok(());
    }
    lotes::ActiveModel {
        id: Set(id),
        estado: Set(BatchState::EnCurso.as_str().to_owned()),
        terminado_en: Set(None),
        vivo_hasta: Set(now.plus_seconds(ALIVE_SECONDS).0),
        ..Default::default()
    }
    .update(txn)
    .await
    .map(|_| ())
}
