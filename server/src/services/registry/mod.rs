//! Synchronisation as the console sees it.
