//! The states of a pre-assigned password while it is mailed: at most once by itself, no loss unseen.

mod pace;
mod reply;
mod retry;

pub use pace::{Allowance, PaceRules, Usage, Window, allowance, minute_of};
pub use reply::{Phase, Reply, ReplyClass, classify, condemns_address, without_addresses};
pub use retry::{BREAKER_FAULTS, MAX_PREPARE_FAULTS, MAX_TRIES, refusals_break, retry_delay_seconds};

use contract::campaign::PasswordState;

/// What happens to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowEvent {
    /// A worker takes it, under a new fence.
    Claimed,
    /// The worker gives it back: nothing left this machine and it is not the row's fault.
    Released,
    /// Its data cannot be made into a mail.
    Unrenderable,
    /// The server asked for the content (354) and the mark is durable.
    Transmitting,
    /// The server took it (250).
    Accepted,
    /// The server refused it for now.
    Deferred,
    /// The server refused it for good.
    Refused,
    /// Nobody knows whether the server took it.
    Lost,
    /// The lease ran out: its worker died.
    LeaseExpired,
    /// Staff take it as sent.
    TakenAsSent,
    /// Staff want it sent again.
    SendAgain,
    /// The merchant activated.
    Activated,
    /// The merchant did not accept.
    Cancelled,
    /// Its time ran out.
    Expired,
    /// A delivery-status notification says that it never arrived (RFC 3464).
    Bounced,
    /// Its address is known to come back: it is not even tried.
    Suppressed,
    /// Staff took its address off that list.
    Lifted,
    /// Staff want a refused or unrenderable one tried again.
    TriedAgain,
    /// A further copy was refused; an earlier one, of which nobody knows, may have arrived.
    DoubtStays,
}

/// Where an event leads from a state; `None` when it must not happen there.
#[must_use]
pub const fn next(state: PasswordState, event: RowEvent) -> Option<PasswordState> {
    use PasswordState as S;
    use RowEvent as E;
    Some(match (state, event) {
        (S::Pendiente | S::Reintento, E::Claimed) => S::Reservado,
        (S::Reservado, E::Released | E::LeaseExpired) | (S::Incierto, E::SendAgain) => S::Pendiente,
        (S::Rechazado | S::ErrorDatos, E::TriedAgain) | (S::Suprimido, E::Lifted) => S::Pendiente,
        (S::Pendiente | S::Reintento, E::Suppressed) => S::Suprimido,
        // Whoever activated, refused or let it run out has settled it: a late notification changes nothing.
        (S::Transmitiendo | S::Incierto | S::Enviado, E::Bounced) => S::Rebotado,
        (S::Reservado, E::Unrenderable) => S::ErrorDatos,
        (S::Reservado, E::Transmitting) => S::Transmitiendo,
        // Before the mark the server's no is as good as after it; a pause gives the row back whole.
        (S::Reservado | S::Transmitiendo, E::Deferred) => S::Reintento,
        (S::Reservado | S::Transmitiendo, E::Refused) => S::Rechazado,
        (S::Transmitiendo, E::Released) => S::Pendiente,
        // A reply that comes after the lease ran out still settles the row.
        (S::Transmitiendo | S::Incierto, E::Accepted) | (S::Incierto, E::TakenAsSent) => S::Enviado,
        (S::Reservado | S::Transmitiendo, E::DoubtStays) | (S::Transmitiendo, E::Lost | E::LeaseExpired) => S::Incierto,
        (S::Transmitiendo | S::Incierto | S::Enviado, E::Activated) => S::Activado,
        (S::Transmitiendo | S::Incierto | S::Enviado, E::Cancelled) => S::Cancelado,
        (S::Transmitiendo | S::Incierto | S::Enviado, E::Expired) => S::Vencido,
        _ => return None,
    })
}

/// Whether the row may still move without a person or a merchant: a batch with such a row goes on.
#[must_use]
pub const fn moves_by_itself(state: PasswordState) -> bool {
    use PasswordState as S;
    matches!(state, S::Pendiente | S::Reservado | S::Transmitiendo | S::Reintento)
}

/// Whether the mail's content may have left this machine: such a row is never claimed again by itself.
#[must_use]
pub const fn content_may_have_left(state: PasswordState) -> bool {
    use PasswordState as S;
    matches!(state, S::Transmitiendo | S::Incierto | S::Enviado | S::Activado | S::Cancelado | S::Vencido | S::Rebotado)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EVENTS: [RowEvent; 19] = [
        RowEvent::Claimed,
        RowEvent::Released,
        RowEvent::Unrenderable,
        RowEvent::Transmitting,
        RowEvent::Accepted,
        RowEvent::Deferred,
        RowEvent::Refused,
        RowEvent::Lost,
        RowEvent::LeaseExpired,
        RowEvent::TakenAsSent,
        RowEvent::SendAgain,
        RowEvent::Activated,
        RowEvent::Cancelled,
        RowEvent::Expired,
        RowEvent::Bounced,
        RowEvent::Suppressed,
        RowEvent::Lifted,
        RowEvent::TriedAgain,
        RowEvent::DoubtStays,
    ];

    proptest! {
        /// Whatever happens in whatever order: once content may have left, only the server's definite
        /// no or a person makes the row fit to be sent again.
        #[test]
        fn content_goes_out_again_only_after_a_definite_no_or_a_person(
            picks in proptest::collection::vec(0..EVENTS.len(), 0..60)
        ) {
            let mut state = PasswordState::Pendiente;
            let mut open = false;
            for pick in picks {
                let event = EVENTS[pick];
                let Some(to) = next(state, event) else { continue };
                match event {
                    RowEvent::Transmitting => {
                        prop_assert!(!open, "sent twice");
                        open = true;
                    }
                    RowEvent::Deferred | RowEvent::Refused | RowEvent::SendAgain | RowEvent::Released => open = false,
                    _ => {}
                }
                prop_assert!(!open || content_may_have_left(to));
                state = to;
            }
        }

        #[test]
        fn what_activation_settled_never_moves_again(pick in 0..EVENTS.len()) {
            for done in [PasswordState::Activado, PasswordState::Cancelado, PasswordState::Vencido, PasswordState::Rebotado] {
                prop_assert_eq!(next(done, EVENTS[pick]), None);
            }
        }
    }
}
