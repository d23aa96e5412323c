//! The merchant's two steps.
