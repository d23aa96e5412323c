//! The SIREP extract: decode, parse, stage, merge. The file is read once, as it arrives, row by
//! row; what is held in memory does not grow with it, and nothing goes to a temporary file.

mod columns;
pub mod demo;
mod digest;
mod encoding;
mod merge;
mod reader;
mod rows;
mod run;
mod staging;
pub mod sync;
mod text;

pub use columns::{Column, Header};
pub use encoding::Encoding;
pub use reader::{ExtractReader, ExtractRow, RowResult};
