//! Where one merchant's transaction stands. Each state owns what only it has.

use contract::{ColombianMobile, Email, Timestamp};

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

/// A PIN as it is remembered: never the digits.
#[derive(Clone, PartialEq, Eq)]
pub struct IssuedPin {
    /// Keyed digest of PIN and transaction; `None` once the PIN is voided.
    pub mac: Option<String>,
    /// When its time runs out.
    pub expires: Timestamp,
    /// Wrong tries so far.
    pub failures: i64,
    /// When it was handed to the provider; `None` when that failed.
    pub sent_at: Option<Timestamp>,
}

impl std::fmt::Debug for IssuedPin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "IssuedPin(failures {})", self.failures)
    }
}
