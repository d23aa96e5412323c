//! Integration tests: activation.
