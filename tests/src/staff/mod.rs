//! Integration tests: staff.
