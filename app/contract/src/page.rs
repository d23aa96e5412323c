//! Server-side paging.

use serde::{Deserialize, Serialize};

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows of this page.
    pub rows: Vec<T>,
    /// Rows that match the filter, over all pages.
    pub total: u64,
    /// This page's number, from 1.
    pub page: u64,
    /// Rows on a full page.
    pub page_size: u64,
}

impl<T> Page<T> {
    /// How many pages there are, at least 1.
    #[must_use]
    pub fn pages(&self) -> u64 {
        self.total.div_ceil(self.page_size.max(1)).max(1)
    }
}

/// What a list is asked for: a text to look for and a page's number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListQuery {
    /// Looked for in matrícula, identification, name, e-mail and mobile; empty means everything.
    #[serde(default)]
    pub search: String,
    /// A state's name, or empty for all.
    #[serde(default)]
    pub state: String,
    /// Page number from 1; 0 counts as 1.
    #[serde(default)]
    pub page: u64,
}

impl ListQuery {
    /// The page's number, from 1 to a million: beyond that no list goes.
    #[must_use]
    pub fn page_number(&self) -> u64 {
        self.page.clamp(1, 1_000_000)
    }
}

/// Rows on a page of any list.
pub const PAGE_SIZE: u64 = 50;
