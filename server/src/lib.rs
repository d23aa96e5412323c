//! Clave Segura's server: everything between the database, the mail server and the pages.

pub mod clock;
pub mod config;
pub mod db;
pub mod secrets;
pub mod services;
