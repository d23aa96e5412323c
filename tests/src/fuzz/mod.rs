//! Parsers of what comes from outside, fed with anything: they never panic, and what they accept has the
//! form they promise.

mod certificate;
mod extract;
mod hops;
mod notification;
mod requests;
mod values;
