//! The merchant's activation, as the manual's section 10 and the design of security have it.

mod answers;
mod gateway;
mod limits;
pub mod office;
mod pin;
mod races;
mod road;
mod trial;
