use std::fmt;

/// An identification number as the registry compares it: letters and digits only, capitals,
/// without left zeros. Its form never excludes a merchant (manual, section 2).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct NationalId(String);

/// The identification that staff type to try an activation (manual, section 11).
const TEST_IDENTITY: &str = "PRUEBA2247@";

impl NationalId {
    /// Parses an identification; `None` when nothing is left of it or it is over 20 characters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let typed = super::clean(text).to_uppercase();
        if typed == TEST_IDENTITY {
            return Some(Self::test_identity());
        }
        let compact: String = typed.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | ',' | '\t')).collect();
        let id = compact.trim_start_matches('0');
        let valid = !id.is_empty() && id.len() <= 20 && id.bytes().all(|b| b.is_ascii_alphanumeric());
        valid.then(|| Self(id.to_owned()))
    }

    /// The manual's test identification, which no merchant bears.
    #[must_use]
    pub fn test_identity() -> Self {
        Self(TEST_IDENTITY.to_owned())
    }

    /// Whether this is the manual's test identification.
    #[must_use]
    pub fn is_test(&self) -> bool {
        self.0 == TEST_IDENTITY
    }

    /// The normalised identification.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for NationalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NationalId(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identification_is_compared_without_dots_blanks_and_left_zeros() {
        for same in ["71.234.567", "0071234567", " 71 234 567 ", "71,234,567"] {
            assert_eq!(NationalId::parse(same).map(|i| i.0), Some("71234567".into()), "{same:?}");
        }
        assert_eq!(NationalId::parse("ab123"), NationalId::parse("AB123"));
        assert!(NationalId::parse("prueba2247@").is_some_and(|i| i.is_test()));
        for bad in ["", "000", "12@34", "１２３４", "123456789012345678901"] {
            assert_eq!(NationalId::parse(bad), None, "{bad:?}");
        }
    }
}
