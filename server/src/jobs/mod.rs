//! What runs without being asked.

pub mod send_worker;
