//! Sending over a real socket: the catcher plays every kind of mail server.

mod account;
mod batches;
mod desk;
mod diagnosis;
mod dns;
mod doubt;
mod rotation;
mod transport;
mod world;
