//! The SIREP extract: decode, parse, stage, merge.
