//! The web: router, sessions, security headers, upload, downloads.

mod context;
mod export;
mod headers;
mod health;
mod mailbox;
mod origin;
mod router;
mod session;
mod upload;

pub use router::{router, server_function_paths};
