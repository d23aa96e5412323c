//! Server functions for merchants. Forms post to them directly, with and without JavaScript, and only
//! so: no client calls them, hence they are the server's alone. Every one answers with a redirect to
//! the page that the transaction is at: post, redirect, get. Nothing about the merchant, and no error,
//! ever stands in an address.

// The macro makes a public struct of each function's arguments; they are named after what they hold.
#![allow(missing_docs)]

mod actions;
mod door;
mod look;

#[cfg(feature = "ssr")]
pub(crate) use door::redirect;

pub use actions::{Abandonar, Aceptar, Confirmar, Elegir, Reenviar, Rehusar, Reiniciar};
pub use actions::{abandonar, aceptar, confirmar, elegir, reenviar, rehusar, reiniciar};
pub use look::ver;
