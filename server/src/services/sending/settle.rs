//! What became of one mail, and what that means for its row and its batch.

use contract::campaign::PasswordState;
use contract::sending::PauseReason;
use contract::suppression::SuppressionCause;
use contract::{ChamberCode, Timestamp};
use domain::sending::{
    BREAKER_FAULTS, MAX_PREPARE_FAULTS, MAX_TRIES, Reply, RowEvent, condemns_address, content_may_have_left, next,
    refusals_break, retry_delay_seconds,
};
use entity::claves_preasignadas as claves;
use rand::Rng;
use sea_orm::{ConnectionTrait, DbErr, Set};

use super::batch::{self, Batch};
use super::ledger::{Row, update_row};
use crate::services::audit::Action;
use crate::services::suppression;

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
    /// Its batch stands already: it is pending again.
    Released,
    /// Its mail could not be made; perhaps another time.
    NotPrepared,
    /// Its data can never be made into a mail.
    Unrenderable,
}

impl Outcome {
    /// Its name in the log.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Accepted(_) => "aceptado",
            Self::Deferred(_) => "aplazado",
            Self::Refused(_) => "rechazado",
            Self::Lost => "incierto",
            Self::Paused(..) => "en_pausa",
            Self::Released => "devuelto",
            Self::NotPrepared => "sin_preparar",
            Self::Unrenderable => "error_datos",
        }
    }
}

/// Entries for the trail.
type Trail = Vec<(Action, String)>;

/// Where an outcome leads, with what the trail says and the reply that is kept.
fn judge<'o>(row: &Row, outcome: &'o Outcome) -> (RowEvent, Option<Action>, Option<&'o Reply>) {
    let tries = row.intentos + 1;
    match outcome {
        // Written by the ledger with many others, unless the merchant was quicker.
        Outcome::Accepted(reply) => (RowEvent::Accepted, Some(Action::CorreoEnviado), Some(reply)),
        // The no concerns this copy only; an earlier one may have arrived with the same password.
        Outcome::Deferred(reply) | Outcome::Refused(reply) if row.pudo_llegar => {
            (RowEvent::DoubtStays, Some(Action::CorreoIncierto), Some(reply))
        }
        Outcome::Deferred(reply) if tries < MAX_TRIES => (RowEvent::Deferred, None, Some(reply)),
        Outcome::Deferred(reply) | Outcome::Refused(reply) => {
            (RowEvent::Refused, Some(Action::CorreoRechazado), Some(reply))
        }
        Outcome::Lost => (RowEvent::Lost, Some(Action::CorreoIncierto), None),
        Outcome::Paused(_, reply) => (RowEvent::Released, None, reply.as_ref()),
        Outcome::Released => (RowEvent::Released, None, None),
        Outcome::NotPrepared if tries < MAX_PREPARE_FAULTS => (RowEvent::Released, None, None),
        Outcome::NotPrepared | Outcome::Unrenderable => (RowEvent::Unrenderable, Some(Action::DatosErroneos), None),
    }
}

/// What the trail says of a mail that the server took.
pub(super) fn sent_entry(row: &Row) -> (Action, String) {
    (Action::CorreoEnviado, format!("clave={} generacion={}", row.id, row.generacion))
}

pub(super) async fn settle_row<C: ConnectionTrait>(
    txn: &C,
    camara: ChamberCode,
    row: &Row,
    outcome: &Outcome,
    now: Timestamp,
) -> Result<Trail, DbErr> {
    let (event, action, reply) = judge(row, outcome);
    let mut settled = claves::ActiveModel { lease_hasta: Set(None), ..Default::default() };
    if let Some(reply) = reply {
        settled.respuesta = Set(Some(reply.line()));
    }
    let Some(state) = row.state().and_then(|state| next(state, event)) else {
        // The merchant was quicker than the server's reply and has settled the row already.
        if matches!(outcome, Outcome::Accepted(_)) {
            settled.enviada_en = Set(Some(now.0));
        }
        update_row(txn, row.id, settled).await?;
        return Ok(Vec::new());
    };
    settled.estado = Set(state.as_str().to_owned());
    settled.movida_en = Set(Some(now.0));
    match state {
        PasswordState::Enviado => {
            settled.enviada_en = Set(Some(now.0));
            settled.sellada = Set(None);
            settled.sellada_llave = Set(None);
        }
        PasswordState::Reintento => {
            let delay = retry_delay_seconds(row.intentos + 1, rand::rng().random_range(-1.0..=1.0));
            settled.proximo_intento = Set(Some(now.plus_seconds(delay).0));
        }
        _ => {}
    }
    if matches!(outcome, Outcome::Deferred(_) | Outcome::Refused(_) | Outcome::NotPrepared) {
        settled.intentos = Set(row.intentos + 1);
    }
    // The server said no to the content: the password in it is nobody's, unless another copy has it.
    if !content_may_have_left(state) && !row.pudo_llegar {
        settled.hash = Set(None);
        settled.vence_en = Set(None);
    }
    update_row(txn, row.id, settled).await?;

    let mut trail = Vec::new();
    trail.extend(action.map(|action| (action, format!("clave={} generacion={}", row.id, row.generacion))));
    if let (PasswordState::Rechazado, Some(reply)) = (state, reply)
        && condemns_address(reply)
        && !row.es_prueba
        && suppression::add(txn, camara, &row.correo, SuppressionCause::Rechazo, &reply.line(), row.id, now).await?
    {
        trail.push((Action::CorreoSuprimido, format!("clave={}", row.id)));
    }
    Ok(trail)
}

pub(super) async fn settle_batch<C: ConnectionTrait>(
    txn: &C,
    batch: &mut Batch,
    outcome: &Outcome,
    now: Timestamp,
) -> Result<Trail, DbErr> {
    let mut stopped_by = None;
    match outcome {
        Outcome::Accepted(reply) | Outcome::Deferred(reply) | Outcome::Refused(reply) => {
            batch.heard(reply);
            batch.model.fallos_seguidos = 0;
            if batch.is_running() && matches!(outcome, Outcome::Refused(_)) && too_many_refused(txn, batch).await? {
                batch.pause(&PauseReason::Breaker, None);
                stopped_by = Some(PauseReason::Breaker);
            }
        }
        Outcome::Paused(reason, reply) => {
            if let Some(reply) = reply {
                batch.heard(reply);
            }
            // Several conversations may run into the same fault: it counts once.
            if batch.is_running() {
                stopped_by = Some(stand(batch, reason, now));
            }
        }
        Outcome::Lost | Outcome::Released | Outcome::NotPrepared | Outcome::Unrenderable => {}
    }
    Ok(stopped_by.map(|reason| batch.paused_entry(&reason)).into_iter().collect())
}

/// Pauses a batch for a fault that is no row's: for a time when it passes by itself, else until staff
/// resume it. Gives the reason that stands.
fn stand(batch: &mut Batch, reason: &PauseReason, now: Timestamp) -> PauseReason {
    let faults = batch.model.fallos_seguidos + 1;
    batch.model.fallos_seguidos = faults;
    let passing = matches!(reason, PauseReason::Unreachable | PauseReason::Throttled);
    match (passing, faults >= BREAKER_FAULTS) {
        (true, false) => {
            let delay = retry_delay_seconds(faults, rand::rng().random_range(-1.0..=1.0));
            batch.pause(reason, Some(now.plus_seconds(delay)));
            reason.clone()
        }
        (true, true) => {
            batch.pause(&PauseReason::Breaker, None);
            PauseReason::Breaker
        }
        (false, _) => {
            batch.pause(reason, None);
            reason.clone()
        }
    }
}

/// Counted in the transaction that refuses, so that the row at hand counts too.
async fn too_many_refused<C: ConnectionTrait>(txn: &C, batch: &Batch) -> Result<bool, DbErr> {
    use PasswordState as S;
    let counts = batch::counts(txn, &[batch.model.id]).await?;
    let sum = |states: &[S]| -> u64 {
        counts.iter().filter(|(_, state, _)| states.contains(state)).map(|(_, _, count)| count).sum()
    };
    let accepted = sum(&[S::Enviado, S::Activado, S::Cancelado, S::Vencido, S::Rebotado]);
    Ok(refusals_break(accepted, sum(&[S::Rechazado])))
}
