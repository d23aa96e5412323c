//! Where one merchant's transaction stands. Each state owns what only it has.

use contract::{ColombianMobile, Email, Timestamp};

use crate::pin::{IssuedPin, PinPolicy};

/// A transaction lives 20 minutes from the last «Aceptar».
pub const TRANSACTION_SECONDS: i64 = 20 * 60;

/// The state of one activation transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transaction {
    /// The four fields are being filled in.
    Form,
    /// They were right; a PIN is under way.
    Pin(PendingPin),
    /// Verified.
    Done,
    /// «No aceptar y abandonar».
    Left,
    /// «Abandonar» on the PIN's screen.
    Abandoned,
}

/// Right credentials that wait for their PIN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingPin {
    /// The row of the pre-assigned password.
    pub password_id: i64,
    /// Its generation: a password made anew meanwhile has another one.
    pub generation: i64,
    /// Where the confirmation is mailed.
    pub email: Email,
    /// Where the PIN is sent.
    pub mobile: ColombianMobile,
    /// The last PIN.
    pub pin: IssuedPin,
    /// PINs asked for after the first.
    pub resends: i64,
}

impl PendingPin {
    /// From when another PIN may be asked for; `None` when no more are allowed. After a failed
    /// delivery that is at once.
    #[must_use]
    pub fn resend_from(&self, policy: &PinPolicy) -> Option<Timestamp> {
        let waited = self.pin.sent_at.map_or(Timestamp(0), |at| at.plus_seconds(policy.resend_after));
        (self.resends < policy.resends || self.pin.sent_at.is_none()).then_some(waited)
    }
}
