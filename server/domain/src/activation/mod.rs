//! The activation's rules.
