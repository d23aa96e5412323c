//! The staff console's screens.

pub mod app;
pub mod audit;
pub mod campaign;
pub mod confirm;
pub mod layout;
pub mod login;
pub mod passwords;
pub mod registry;
pub mod suppressed;
pub mod verified;
