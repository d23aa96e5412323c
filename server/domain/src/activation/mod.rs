//! The activation's rules (design: `activation-and-security`): how often one may guess, what a PIN
//! is worth, what the SMS says and where a merchant's transaction may stand.

mod limits;
mod message;
mod pin;
mod transaction;

pub use limits::{IDENTITY, NETWORK, Policy, Refusal, STAFF, Tally};
pub use message::{SMS_SEPTETS, pin_message};
pub use pin::{Pin, PinCheck, PinPolicy};
pub use transaction::{IssuedPin, PendingPin, TRANSACTION_SECONDS, Transaction};
