//! What pages are built from: one alert, one field, one dialog, one table.

pub mod alert;
pub mod icon;
pub mod status;
