//! Batches and their progress.
