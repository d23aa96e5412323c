//! The user interface, rendered on the server and hydrated in the browser. It knows the contract
//! and nothing behind it: SQL cannot leak into a page.

// Views nest deeply; the compiler's default is too shallow for them.
#![recursion_limit = "256"]

pub mod activation_app;
pub mod api;
pub mod components;
pub mod error;
pub mod pages;
pub mod shell;
pub mod text;

pub use activation_app::{ActivationApp, activation_shell};
pub use pages::console::app::{ConsoleApp, console_shell};
