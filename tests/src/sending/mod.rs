//! Integration tests: sending.
