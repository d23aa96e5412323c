//! The staff console's screens.

pub mod account;
pub mod app;
pub mod audit;
pub mod campaign;
pub mod confirm;
pub mod layout;
pub mod login;
pub mod passwords;
pub mod registry;
#[cfg(feature = "ssr")]
pub mod second_factor;
pub mod suppressed;
pub mod timeline;
pub mod verified;
