//! One binary for every integration test: compile times are the scarce thing.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]
