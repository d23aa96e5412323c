//! The chamber's digital signature on a PDF.
