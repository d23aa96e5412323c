//! The staff console's screens.

pub mod app;
