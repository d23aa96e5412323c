//! The site as the outside sees it.

mod access;
mod pages;
mod progress;
mod watch;
