use serde::{Deserialize, Serialize};
use std::fmt;

/// The two digits by which the registry names a chamber of commerce (`55`: Aburrá Sur).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ChamberCode([u8; 2]);

impl ChamberCode {
    /// Exactly two ASCII digits; anything else is refused.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.as_bytes() {
            [a, b] if a.is_ascii_digit() && b.is_ascii_digit() => Some(Self([*a, *b])),
            _ => None,
        }
    }

    /// The code as text, as it stands in every table's `camara`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("00")
    }
}

impl fmt::Display for ChamberCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for ChamberCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChamberCode({})", self.as_str())
    }
}

impl TryFrom<String> for ChamberCode {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("a chamber code is two digits")
    }
}

impl From<ChamberCode> for String {
    fn from(code: ChamberCode) -> Self {
        code.as_str().to_owned()
    }
}
