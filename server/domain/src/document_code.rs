//! The code that every PDF bears, by which anyone can ask whether the chamber issued it. Eighty bits:
//! nobody finds one by trying, and no code says anything about its document.

use std::fmt;

use rand::{CryptoRng, Rng};

/// Symbols of a code; each carries five bits.
pub const LENGTH: usize = 16;

/// Symbols between two hyphens, as it is printed.
const GROUP: usize = 4;

/// Crockford's base 32: digits and letters without I, L, O, U.
pub const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A document's code. Stored and put into addresses as its sixteen symbols ([`Self::as_str`]), printed
/// and shown in groups of four.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentCode([u8; LENGTH]);

impl DocumentCode {
    /// All zeros, to measure and to show: no document has it.
    pub const ZERO: Self = Self([b'0'; LENGTH]);

    /// Draws one; every code equally likely.
    pub fn generate<R: Rng + CryptoRng>(rng: &mut R) -> Self {
        Self(std::array::from_fn(|_| ALPHABET[rng.random_range(0..ALPHABET.len())]))
    }

    /// Reads a code as people type it: in either case, with hyphens and blanks anywhere, O for zero, I
    /// and L for one. `None` when it is none.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let mut symbols = [0; LENGTH];
        let mut count = 0;
        for c in typed.chars().filter(|c| !is_separator(*c)) {
            *symbols.get_mut(count)? = symbol(c)?;
            count += 1;
        }
        (count == LENGTH).then_some(Self(symbols))
    }

    /// The sixteen symbols without hyphens.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // The alphabet is ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// In groups of four: `XXXX-XXXX-XXXX-XXXX`.
impl fmt::Display for DocumentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, symbol) in self.0.iter().enumerate() {
            let hyphen = if index > 0 && index % GROUP == 0 { "-" } else { "" };
            write!(f, "{hyphen}{}", char::from(*symbol))?;
        }
        Ok(())
    }
}

impl fmt::Debug for DocumentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DocumentCode({self})")
    }
}

/// Blanks, and everything that a keyboard or a word processor makes of a hyphen.
fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '\u{AD}' | '\u{200B}' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn symbol(c: char) -> Option<u8> {
    let upper = u8::try_from(c).ok()?.to_ascii_uppercase();
    match upper {
        b'O' => Some(b'0'),
        b'I' | b'L' => Some(b'1'),
        upper => ALPHABET.contains(&upper).then_some(upper),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    fn code(seed: u64) -> DocumentCode {
        DocumentCode::generate(&mut StdRng::seed_from_u64(seed))
    }

    #[test]
    fn it_is_printed_in_groups_and_read_as_people_type() {
        let code = DocumentCode::parse("0123456789ABCDEF").unwrap();
        assert_eq!(code.to_string(), "0123-4567-89AB-CDEF");
        assert_eq!(code.as_str(), "0123456789ABCDEF");
        for typed in ["oi23 4567 89ab cdef", " O L 2 3–4567-89AB—CDEF\n", "OI23456789abcdef"] {
            assert_eq!(DocumentCode::parse(typed), Some(code), "{typed}");
        }
    }

    #[test]
    fn what_is_no_code_is_none() {
        for typed in
            ["", "0123-4567-89AB-CDE", "0123-4567-89AB-CDEF-0", "U123-4567-89AB-CDEF", "ñ123456789ABCDEF", "０123"]
        {
            assert_eq!(DocumentCode::parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn no_two_draws_are_alike_and_every_symbol_is_as_likely() {
        let mut rng = StdRng::seed_from_u64(5);
        let (mut seen, mut counts) = (std::collections::HashSet::new(), [0_f64; 256]);
        let draws = 20_000;
        for _ in 0..draws {
            let code = DocumentCode::generate(&mut rng);
            assert!(seen.insert(code));
            code.as_str().bytes().for_each(|symbol| counts[usize::from(symbol)] += 1.0);
        }
        let expected = f64::from(draws) * LENGTH as f64 / ALPHABET.len() as f64;
        let chi2: f64 = ALPHABET.iter().map(|s| (counts[usize::from(*s)] - expected).powi(2) / expected).sum();
        // 31 degrees of freedom: 99.9 % of fair generators stay below 61.1.
        assert!(chi2 < 61.1, "chi-square {chi2}");
    }

    proptest! {
        #[test]
        fn what_is_printed_can_be_read_however_it_is_retyped(
            seed: u64,
            lower: bool,
            gaps in prop::collection::vec("[ \t\u{a0}–-]{0,3}", LENGTH),
            alike in prop::collection::vec(0_usize..4, LENGTH),
        ) {
            let code = code(seed);
            let mut typed = String::new();
            for ((symbol, gap), alike) in code.as_str().chars().zip(gaps).zip(alike) {
                let written = match (symbol, alike) {
                    ('0', 1) => 'O',
                    ('1', 1) => 'I',
                    ('1', 2) => 'L',
                    (symbol, _) => symbol,
                };
                typed.push_str(&gap);
                typed.push(if lower { written.to_ascii_lowercase() } else { written });
            }
            prop_assert_eq!(DocumentCode::parse(&typed), Some(code));
            prop_assert_eq!(DocumentCode::parse(&code.to_string()), Some(code));
        }

        #[test]
        fn whatever_is_typed_is_a_code_of_the_alphabet_or_none(typed in "\\PC{0,24}|[0-9a-zA-Z -]{12,22}") {
            if let Some(code) = DocumentCode::parse(&typed) {
                prop_assert!(code.as_str().bytes().all(|symbol| ALPHABET.contains(&symbol)));
                prop_assert_eq!(DocumentCode::parse(code.as_str()), Some(code));
            }
        }
    }
}
