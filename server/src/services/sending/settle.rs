//! What became of one mail, written down: the row, its batch and the trail in one transaction.

use contract::campaign::PasswordState;
use contract::sending::{BatchState, PauseReason};
use contract::{ChamberCode, Timestamp};
use domain::sending::{
    BREAKER_FAULTS, MAX_PREPARE_FAULTS, MAX_TRIES, Reply, RowEvent, next, refusals_break, retry_delay_seconds,
};
use entity::{claves_preasignadas as claves, lotes};
use rand::Rng;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set,
};

use super::{ALIVE_SECONDS, batch};
use crate::db::Db;
use crate::services::audit::{Action, record};

/// What became of one claimed row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 250.
    Accepted(Reply),
    /// A definite no for now, for this recipient.
    Deferred(Reply),
    /// A definite no for good, for this recipient.
    Refused(Reply),
    /// The conversation broke after the content began to leave.
    Lost,
    /// Not the row's fault: it is pending again and the batch stands.
    Paused(PauseReason, Option<Reply>),
    /// Its mail could not be made; perhaps another time.
    NotPrepared,
    /// Its data can never be made into a mail.
    Unrenderable,
}

/// Writes an outcome down, when the row is still the claim's own.
///
/// # Errors
/// When the database fails.
pub async fn settle(db: &Db, row: &claves::Model, outcome: Outcome, now: Timestamp) -> Result<(), DbErr> {
    let Some(camara) = ChamberCode::parse(&row.camara) else { return Ok(()) };
    let txn = db.write().await?;
    // Everyone locks the batch first, then the row, the trail last.
    let lote = match row.lote_id {
        Some(id) => batch::find_locked(&txn, camara, id).await?,
        None => None,
    };
    let held = claves::Entity::find_by_id(row.id)
        .filter(claves::Column::Camara.eq(row.camara.as_str()))
        .filter(claves::Column::Fence.eq(row.fence))
        .lock_exclusive()
        .one(&txn)
        .await?;
    let mut entries = Vec::new();
    if let Some(held) = held {
        entries.extend(settle_row(&txn, held, &outcome, now).await?);
    }
    if let Some(lote) = lote {
        entries.extend(settle_batch(&txn, lote, &outcome, now).await?);
        batch::close_finished(&txn, camara, row.lote_id, now).await?;
    }
    for (action, detail) in entries {
        record(&txn, camara, now, "sistema", action, detail).await?;
    }
    txn.commit().await
}

/// An entry for the trail.
type Entry = Option<(Action, String)>;

async fn settle_row<C: ConnectionTrait>(
    txn: &C,
    held: claves::Model,
    outcome: &Outcome,
    now: Timestamp,
) -> Result<Entry, DbErr> {
    let tries = held.intentos + 1;
    let (event, action, reply) = match outcome {
        Outcome::Accepted(reply) => (RowEvent::Accepted, Some(Action::CorreoEnviado), Some(reply)),
        Outcome::Deferred(reply) if tries < MAX_TRIES => (RowEvent::Deferred, None, Some(reply)),
        Outcome::Deferred(reply) | Outcome::Refused(reply) => {
            (RowEvent::Refused, Some(Action::CorreoRechazado), Some(reply))
        }
        Outcome::Lost => (RowEvent::Lost, Some(Action::CorreoIncierto), None),
        Outcome::Paused(_, reply) => (RowEvent::Released, None, reply.as_ref()),
        Outcome::NotPrepared if tries < MAX_PREPARE_FAULTS => (RowEvent::Released, None, None),
        Outcome::NotPrepared | Outcome::Unrenderable => (RowEvent::Unrenderable, Some(Action::DatosErroneos), None),
    };
    let state = PasswordState::parse(&held.estado).and_then(|state| next(state, event));
    let (id, generation) = (held.id, held.generacion);
    let mut settled = held.into_active_model();
    settled.lease_hasta = Set(None);
    if let Some(reply) = reply {
        settled.respuesta = Set(Some(reply.line()));
    }
    // No move: the merchant was quicker than the server's reply and has settled the row already.
    if let Some(state) = state {
        settled.estado = Set(state.as_str().to_owned());
        match state {
            PasswordState::Enviado => {
                settled.enviada_en = Set(Some(now.0));
                settled.sellada = Set(None);
                settled.sellada_llave = Set(None);
            }
            PasswordState::Reintento => {
                let delay = retry_delay_seconds(tries, rand::rng().random_range(-1.0..=1.0));
                settled.proximo_intento = Set(Some(now.plus_seconds(delay).0));
            }
            _ => {}
        }
        let counts = matches!(outcome, Outcome::Deferred(_) | Outcome::Refused(_) | Outcome::NotPrepared);
        if counts {
            settled.intentos = Set(tries);
        }
        // The server said no to the content: the password in it is nobody's.
        if !domain::sending::content_may_have_left(state) {
            settled.hash = Set(None);
            settled.vence_en = Set(None);
        }
    } else if matches!(outcome, Outcome::Accepted(_)) {
        settled.enviada_en = Set(Some(now.0));
    }
    settled.update(txn).await?;
    let moved = action.filter(|_| state.is_some());
    Ok(moved.map(|action| (action, format!("clave={id} generacion={generation}"))))
}

async fn settle_batch<C: ConnectionTrait>(
    txn: &C,
    lote: lotes::Model,
    outcome: &Outcome,
    now: Timestamp,
) -> Result<Entry, DbErr> {
    let id = lote.id;
    let running = lote.estado == BatchState::EnCurso.as_str();
    let faults = lote.fallos_seguidos + 1;
    let mut changed = lote.into_active_model();
    changed.vivo_hasta = Set(now.plus_seconds(ALIVE_SECONDS).0);
    let mut stopped_by = None;
    match outcome {
        Outcome::Accepted(reply) | Outcome::Deferred(reply) | Outcome::Refused(reply) => {
            changed.ultima_respuesta = Set(Some(reply.line()));
            changed.fallos_seguidos = Set(0);
            if running && matches!(outcome, Outcome::Refused(_)) && too_many_refused(txn, id).await? {
                pause(&mut changed, &PauseReason::Breaker, None);
                stopped_by = Some(&PauseReason::Breaker);
            }
        }
        Outcome::Paused(reason, reply) => {
            if let Some(reply) = reply {
                changed.ultima_respuesta = Set(Some(reply.line()));
            }
            if running {
                changed.fallos_seguidos = Set(faults);
                let passing = matches!(reason, PauseReason::Unreachable | PauseReason::Throttled);
                match (passing, faults >= BREAKER_FAULTS) {
                    (true, false) => {
                        let delay = retry_delay_seconds(faults, rand::rng().random_range(-1.0..=1.0));
                        pause(&mut changed, reason, Some(now.plus_seconds(delay)));
                    }
                    (true, true) => pause(&mut changed, &PauseReason::Breaker, None),
                    (false, _) => pause(&mut changed, reason, None),
                }
                stopped_by = Some(reason);
            }
        }
        Outcome::Lost | Outcome::NotPrepared | Outcome::Unrenderable => {}
    }
    changed.update(txn).await?;
    Ok(stopped_by.map(|reason| (Action::LotePausado, format!("lote={id} motivo={}", batch::reason_code(reason)))))
}

fn pause(lote: &mut lotes::ActiveModel, reason: &PauseReason, until: Option<Timestamp>) {
    lote.estado = Set(BatchState::EnPausa.as_str().to_owned());
    lote.pausa = Set(Some(batch::reason_code(reason).to_owned()));
    lote.reanuda_en = Set(until.map(|at| at.0));
}

async fn too_many_refused<C: ConnectionTrait>(txn: &C, id: i64) -> Result<bool, DbErr> {
    use PasswordState as S;
    let counts = batch::counts(txn, id).await?;
    let sum = |states: &[S]| counts.iter().filter(|(state, _)| states.contains(state)).map(|(_, n)| n).sum::<u64>();
    Ok(refusals_break(sum(&[S::Enviado, S::Activado, S::Cancelado]), sum(&[S::Rechazado])))
}
