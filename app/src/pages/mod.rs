//! One file a screen.

pub mod activation;
pub mod console;
pub mod public;
