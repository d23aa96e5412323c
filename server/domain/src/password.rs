//! The pre-assigned password: «100% aleatoria de 10 caracteres» (manual, section 6).

use rand::{CryptoRng, Rng};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Characters of a password.
pub const LENGTH: usize = 10;

/// Letters and digits without look-alikes: A–Z without I and O, a–z without l and o, 2–9. 56
/// symbols, so that ten of them carry 58 bits.
pub const ALPHABET: &[u8; 56] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";

/// A password in the clear. It is wiped when dropped and never printed.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct ClearPassword(String);

impl ClearPassword {
    /// Draws one; every symbol equally likely (rand rejects what would favour some).
    pub fn generate<R: Rng + CryptoRng>(rng: &mut R) -> Self {
        Self((0..LENGTH).map(|_| char::from(ALPHABET[rng.random_range(0..ALPHABET.len())])).collect())
    }

    /// A password that was sealed and opened again; `None` when it is not of our form.
    #[must_use]
    pub fn reopen(text: &str) -> Option<Self> {
        let ours = text.len() == LENGTH && text.bytes().all(|b| ALPHABET.contains(&b));
        ours.then(|| Self(text.to_owned()))
    }

    /// The password itself, for the PDF and the hash.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for ClearPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClearPassword(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;
    use std::collections::HashMap;

    #[test]
    fn a_password_has_ten_characters_without_look_alikes() {
        let mut rng = StdRng::seed_from_u64(7);
        for _ in 0..1000 {
            let password = ClearPassword::generate(&mut rng);
            assert_eq!(password.expose().len(), LENGTH);
            assert!(!password.expose().contains(['I', 'O', 'l', 'o', '0', '1']));
            assert_eq!(ClearPassword::reopen(password.expose()), Some(password));
        }
        assert_eq!(ClearPassword::reopen("short"), None);
        assert_eq!(ClearPassword::reopen("ABCDEFGHI0"), None);
    }

    #[test]
    fn every_symbol_is_equally_likely() {
        let mut rng = StdRng::seed_from_u64(11);
        let mut counts: HashMap<u8, f64> = HashMap::new();
        let draws = 28_000;
        for _ in 0..draws {
            for byte in ClearPassword::generate(&mut rng).expose().bytes() {
                *counts.entry(byte).or_default() += 1.0;
            }
        }
        let expected = f64::from(draws) * LENGTH as f64 / ALPHABET.len() as f64;
        let chi2: f64 =
            ALPHABET.iter().map(|b| (counts.get(b).copied().unwrap_or_default() - expected).powi(2) / expected).sum();
        // 55 degrees of freedom: 99.9 % of fair generators stay below 93.2.
        assert!(chi2 < 93.2, "chi-square {chi2}");
    }
}
