//! Clave Segura's server: everything between the database, the mail server and the pages.

pub mod bounces;
pub mod cli;
pub mod clock;
pub mod config;
pub mod db;
pub mod excel;
pub mod failpoint;
pub mod jobs;
pub mod mail;
pub mod observe;
pub mod pdf;
pub mod registry;
pub mod secrets;
pub mod services;
pub mod signing;
pub mod sms;
pub mod startup;
pub mod web;
