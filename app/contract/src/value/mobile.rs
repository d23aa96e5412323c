use std::fmt;

/// A Colombian mobile number: ten digits beginning with 3. Landlines begin with 60 and are none.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ColombianMobile(String);

impl ColombianMobile {
    /// Parses a number after taking away blanks, dots, hyphens, brackets and the prefix `+57` or `57`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits: String =
            super::clean(text).chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '(' | ')' | '\t')).collect();
        let national = match digits.strip_prefix("+57") {
            Some(rest) => rest,
            None if digits.len() == 12 => digits.strip_prefix("57")?,
            None => &digits,
        };
        let valid = national.len() == 10 && national.starts_with('3') && national.bytes().all(|b| b.is_ascii_digit());
        valid.then(|| Self(national.to_owned()))
    }

    /// The ten digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Enough for its owner to know it, too little for anyone else: `300 *** **67`.
    #[must_use]
    pub fn masked(&self) -> String {
        format!("{} *** **{}", &self.0[..3], &self.0[8..])
    }
}

impl fmt::Debug for ColombianMobile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mobile_is_ten_digits_beginning_with_three_however_it_was_typed() {
        for good in
            ["3001234567", "+57 300 123-4567", "57 (300) 1234567", "300.123.45.67", "\u{202a}3001234567\u{202c}"]
        {
            assert_eq!(ColombianMobile::parse(good).map(|m| m.0), Some("3001234567".into()), "{good:?}");
        }
        for bad in [
            "",
            "300123456",
            "30012345678",
            "6012345678",
            "4001234567",
            "３００１２３４５６７",
            "300123456a",
            "+573001234",
        ] {
            assert_eq!(ColombianMobile::parse(bad), None, "{bad:?}");
        }
        assert_eq!(ColombianMobile::parse("3001234567").map(|m| m.masked()), Some("300 *** **67".into()));
    }
}
