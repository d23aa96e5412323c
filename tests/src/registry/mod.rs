//! Integration tests: registry.

mod broken;
mod encodings;
mod history;
mod merging;
