//! The activation's rules (design: `activation-and-security`): where a merchant's transaction may
//! stand and what each step makes of it.

mod transaction;

pub use transaction::{PendingPin, TRANSACTION_SECONDS, Transaction};
