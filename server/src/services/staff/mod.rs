//! Staff, logins and sessions.
