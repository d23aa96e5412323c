//! The activation as a state machine (design: `activation-and-security`): where a merchant's
//! transaction may stand, what each action makes of it, and what a password of his own must be.

mod own_password;
mod steps;
#[cfg(test)]
mod tests;
mod transaction;

pub use own_password::{OwnPassword, Owner, canonical};
pub use steps::{Next, Resend, Tried};
pub use transaction::{Activation, ActivationPolicy, PendingPin, Proven, Transaction};
