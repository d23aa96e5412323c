//! The site as the outside sees it.

pub mod access;
mod bodies;
mod crowd;
mod headers;
mod pages;
mod progress;
mod slow;
mod stop;
mod watch;
mod wire;
