//! Server functions for merchants. Forms post to them directly, with and without JavaScript, and
//! every one answers with a redirect to the page that the transaction is at: post, redirect, get.
//! Nothing about the merchant, and no error, ever stands in an address.

// The macro makes a public struct of each function's arguments; they are named after what they hold.
#![allow(missing_docs)]

mod actions;
#[cfg(feature = "ssr")]
mod door;
mod look;

#[cfg(feature = "ssr")]
pub(crate) use door::redirect;

pub use actions::{Abandonar, Aceptar, Confirmar, Reenviar, Rehusar, Reiniciar};
pub use actions::{abandonar, aceptar, confirmar, reenviar, rehusar, reiniciar};
pub use look::{Ver, ver};
