//! The export to Excel.
