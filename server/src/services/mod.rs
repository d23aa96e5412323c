//! The services behind the contract's traits, each bound to its caller.

pub mod activation;
pub mod actor;
pub mod audit;
pub mod bounces;
pub mod campaign;
pub mod certificates;
pub(crate) mod compare;
pub mod diagnosis;
pub mod disown;
pub mod evidence;
pub mod fault;
pub mod firmas;
pub mod keys;
pub(crate) mod limits;
pub mod mailbox;
pub mod person;
pub mod registry;
pub mod reminders;
pub mod retention;
pub mod sample;
pub mod sending;
pub mod sms;
pub mod staff;
pub mod suppression;
pub mod verification;
pub mod verified;
