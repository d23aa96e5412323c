//! The user interface: rendered on the server, the console also hydrated in the browser. It knows the contract
//! and nothing behind it: SQL cannot leak into a page.

// Views nest deeply; the compiler's default is too shallow for them.
#![recursion_limit = "256"]

#[cfg(feature = "ssr")]
pub mod activation_app;
pub mod api;
pub mod components;
pub mod error;
pub mod pages;
#[cfg(feature = "ssr")]
pub mod shell;
pub mod text;

#[cfg(feature = "ssr")]
pub use activation_app::{ActivationApp, activation_shell};
pub use pages::console::app::ConsoleApp;
#[cfg(feature = "ssr")]
pub use pages::console::app::console_shell;
