//! What pages are built from: one alert, one field, one dialog, one table.

pub mod alert;
pub mod dialog;
pub mod failure;
pub mod field;
pub mod icon;
pub mod pager;
pub mod status;
pub mod task;
