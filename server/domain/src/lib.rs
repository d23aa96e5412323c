//! The rules of the process, pure: no I/O, no clock, no framework. Time and randomness are parameters.

pub mod activation;
pub mod bounce;
pub mod eligibility;
pub mod password;
pub mod sending;
