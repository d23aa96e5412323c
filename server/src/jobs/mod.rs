//! What runs without being asked.

pub mod bounces;
pub mod reminders;
pub mod retention;
pub mod schedule;
pub mod seals;
pub mod send_worker;
