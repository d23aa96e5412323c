//! The services behind the contract's traits, each bound to its caller.

pub mod actor;
pub mod audit;
pub mod fault;
