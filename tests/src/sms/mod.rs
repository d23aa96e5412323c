//! SMS on real sockets: an SMSC that plays every mood, gateways that fail in every way, and the
//! documented recipes against what each provider wants.

mod command;
mod console;
mod contingency;
pub mod gateway;
mod recipes;
mod secrecy;
mod smpp;
pub mod smsc;
mod trouble;
