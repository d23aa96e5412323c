//! One file a screen.

#[cfg(feature = "ssr")]
pub mod activation;
pub mod console;
#[cfg(feature = "ssr")]
pub mod public;
