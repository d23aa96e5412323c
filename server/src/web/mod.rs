//! The web: router, sessions, security headers, upload, downloads.
