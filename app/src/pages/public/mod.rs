//! Pages without a session: home, verification, and the demo's mailbox.

pub mod disown;
pub mod frame;
pub mod home;
pub mod linkify;
pub mod mail;
pub mod mailbox;
pub mod refusal;
pub mod verification;
