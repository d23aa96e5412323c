//! Who gets a password (manual, section 2).
