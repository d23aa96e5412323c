//! Sending over a real socket: the catcher plays every kind of mail server.

mod account;
mod again;
mod batches;
mod certificate;
mod desk;
mod diagnosis;
mod dns;
mod doubt;
mod failures;
mod issued;
mod pace;
mod rotation;
mod transport;
pub mod world;
