//! What can be seen of a running process: figures for Prometheus and structured logs.

pub mod figures;
pub mod log;
