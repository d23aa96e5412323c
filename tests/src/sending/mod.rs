//! Sending over a real socket: the catcher plays every kind of mail server.

mod account;
mod again;
mod batches;
mod desk;
mod doubt;
mod failures;
mod pace;
mod transport;
pub mod world;
