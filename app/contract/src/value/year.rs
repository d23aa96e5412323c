use serde::{Deserialize, Serialize};
use std::fmt;

/// A year in process (manual, section 2): its merchants renewed last in the year before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
pub struct Year(i32);

impl Year {
    /// Accepts 2000 to 2100: anything else is a typing error.
    #[must_use]
    pub fn new(year: i32) -> Option<Self> {
        (2000..=2100).contains(&year).then_some(Self(year))
    }

    /// Parses four digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.trim().parse().ok().and_then(Self::new)
    }

    /// The year's number.
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0
    }

    /// The last year a merchant must have renewed in to qualify.
    #[must_use]
    pub const fn required_renewal(self) -> i32 {
        self.0 - 1
    }
}

impl fmt::Display for Year {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl TryFrom<i32> for Year {
    type Error = &'static str;
    fn try_from(year: i32) -> Result<Self, Self::Error> {
        Self::new(year).ok_or("a year in process lies between 2000 and 2100")
    }
}

impl From<Year> for i32 {
    fn from(year: Year) -> Self {
        year.0
    }
}
