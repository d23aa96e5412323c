//! Sending over a real socket: the catcher plays every kind of mail server.

mod account;
mod batches;
mod desk;
mod doubt;
mod transport;
pub mod world;
