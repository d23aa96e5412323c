//! The rules of the process, pure: no I/O, no clock, no framework. Time and randomness are parameters.

pub mod activation;
pub mod bounce;
pub mod certificate;
pub mod chain;
pub mod document_code;
pub mod eligibility;
pub mod limits;
pub mod password;
pub mod pin;
pub mod sending;
pub mod signature;
