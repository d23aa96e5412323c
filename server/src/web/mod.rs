//! The web: router, sessions, security headers, upload, downloads.

mod api;
mod context;
mod export;
mod gate;
mod headers;
mod health;
mod mailbox;
mod metrics;
mod observed;
mod origin;
mod progress;
mod router;
mod session;
mod upload;

pub use progress::LiveProgress;
pub use router::{router, server_function_paths};
