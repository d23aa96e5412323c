//! The PDF that carries the password.
