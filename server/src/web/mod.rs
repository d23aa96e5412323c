//! The web: connections, router, sessions, security headers, upload, downloads.

mod account;
mod api;
mod body;
mod context;
mod evidence;
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
mod routes;
mod sample;
mod second_factor;
mod serve;
mod session;
mod upload;
mod verify;

pub use context::sender;
pub use progress::LiveProgress;
pub use router::router;
pub use routes::{Access, RouteInfo, routes, server_function_paths};
pub use serve::serve;
