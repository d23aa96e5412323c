//! Server functions: the public endpoints behind the pages, one file a use case.

#[cfg(feature = "ssr")]
pub mod activation;
pub mod console;
pub mod disown;
pub mod public;
