use std::fmt;

/// An identification number as the registry compares it: capitals, without separators and left
/// zeros. Its form never excludes a merchant (manual, section 2), so that any printable text counts.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct NationalId(String);

/// Characters of the longest identification: twice what any document bears.
const MAX_LENGTH: usize = 40;

/// The identification that staff type to try an activation (manual, section 11).
const TEST_IDENTITY: &str = "PRUEBA2247@";

impl NationalId {
    /// Parses an identification; `None` when nothing is left of it, when it is over 40 characters, or
    /// when it holds control characters or digits of other scripts (nobody could tell them apart).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let typed = super::clean(text).to_uppercase();
        if typed == TEST_IDENTITY {
            return Some(Self::test_identity());
        }
        let compact: String = typed.chars().filter(|c| !matches!(c, '.' | '-' | ',') && !c.is_whitespace()).collect();
        let id = compact.trim_start_matches('0');
        let printable = |c: char| c.is_ascii_graphic() || c.is_alphabetic();
        let valid = !id.is_empty() && id.chars().count() <= MAX_LENGTH && id.chars().all(printable);
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
        for bad in ["", "000", "１２３４", "12\u{7}34", "12345678901234567890123456789012345678901"] {
            assert_eq!(NationalId::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn the_form_of_an_identification_never_excludes() {
        for (text, id) in [("12@34", "12@34"), ("pe/ñ_9", "PE/Ñ_9"), ("123456789012345678901", "123456789012345678901")]
        {
            assert_eq!(NationalId::parse(text).map(|i| i.0), Some(id.into()), "{text:?}");
        }
    }
}
