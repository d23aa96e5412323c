//! Server functions for staff.
