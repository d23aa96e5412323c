//! Server functions for staff. Each is a public endpoint under `/api/consola`, always POST, and
//! refuses a request without a session: such a request has no [`contract::console::Console`] in its
//! context at all.

// The macro makes a public struct of each function's arguments; they are named after what they hold.
#![allow(missing_docs)]

#[cfg(feature = "ssr")]
mod gate;

pub mod attempts;
pub mod audit;
pub mod campaign;
pub mod diagnosis;
pub mod registry;
pub mod sending;
pub mod session;
pub mod sms;
pub mod suppression;
pub mod timeline;
pub mod verified;
