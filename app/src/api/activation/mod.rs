//! Server functions for merchants.
