//! Integration tests: verified.
