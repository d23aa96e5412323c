//! The merchant's screens: form, PIN, done.
