//! One binary for every integration test: compile times are the scarce thing.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod activation;
mod aftermath;
mod bounces;
mod campaign;
mod crash;
mod documents;
mod evidence;
mod firmas;
mod fuzz;
mod keys;
mod public_pages;
mod registry;
mod schema;
mod sending;
mod sms;
mod staff;
mod support;
mod verification;
mod verified;
mod web;
