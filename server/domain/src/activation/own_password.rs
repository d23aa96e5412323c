//! A password of the merchant's own, where the chamber asks for one (`EXIGIR_CAMBIO_CLAVE`).
//! Length and unguessability count, composition does not (NIST SP 800-63B, 3.1.1.2).

use contract::activation::PasswordFault;
use contract::value::clean;
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// The fewest characters: it is one of two factors.
const SHORTEST: usize = 10;

/// The most: enough for any phrase, and no work for an attacker to give.
const LONGEST: usize = 128;

/// Fewer different characters than this is a pattern, not a password.
const DIFFERENT: usize = 5;

/// Shorter pieces of a name or an address occur by chance.
const KNOWN_PIECE: usize = 3;

/// What everybody tries first, in Colombia and elsewhere; compared without digits and signs around it.
const COMMON: [&str; 24] = [
    "clave",
    "contrasena",
    "contraseña",
    "password",
    "qwerty",
    "qwertyuiop",
    "asdfgh",
    "asdfghjkl",
    "zxcvbnm",
    "colombia",
    "bogota",
    "medellin",
    "antioquia",
    "camara",
    "comercio",
    "camaradecomercio",
    "segura",
    "clavesegura",
    "micontrasena",
    "miclave",
    "bienvenido",
    "administrador",
    "nacional",
    "teamo",
];

/// Whose password it is to be: what everybody knows of him, and the password that was mailed.
pub struct Owner<'a> {
    /// Words of his name, his identification, his e-mail and mobile.
    pub known: Vec<&'a str>,
}

/// A password that may be hashed. Wiped when dropped, never printed.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct OwnPassword(String);

impl OwnPassword {
    /// Judges what was typed twice.
    ///
    /// # Errors
    /// With what is wrong, in the order in which it is mended.
    pub fn parse(typed: &str, repeated: &str, owner: &Owner<'_>) -> Result<Self, PasswordFault> {
        let password = canonical(typed);
        let length = password.chars().count();
        if length < SHORTEST {
            return Err(PasswordFault::Short);
        }
        if length > LONGEST {
            return Err(PasswordFault::Long);
        }
        if is_pattern(&password) || is_mostly(&password, &owner.known) {
            return Err(PasswordFault::Guessable);
        }
        if *password != *canonical(repeated) {
            return Err(PasswordFault::Different);
        }
        Ok(Self(password.to_string()))
    }

    /// The password itself, for the hash.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for OwnPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OwnPassword(…)")
    }
}

/// A password as it is hashed and compared: the same letters whatever the keyboard, without invisible
/// marks and without blanks at its ends.
#[must_use]
pub fn canonical(typed: &str) -> Zeroizing<String> {
    let cleaned = Zeroizing::new(clean(typed));
    Zeroizing::new(cleaned.nfc().collect())
}

/// Few different characters, a run of neighbours, or what everybody tries first.
fn is_pattern(password: &str) -> bool {
    let lower = Zeroizing::new(password.to_lowercase());
    let mut different: Vec<char> = lower.chars().collect();
    different.sort_unstable();
    different.dedup();
    let steps: Vec<i64> = lower
        .chars()
        .zip(lower.chars().skip(1))
        .map(|(a, b)| i64::from(u32::from(b)) - i64::from(u32::from(a)))
        .collect();
    let neighbours = steps.iter().filter(|step| step.abs() <= 1).count();
    let bare = Zeroizing::new(lower.trim_matches(|c: char| !c.is_alphabetic()).to_owned());
    different.len() < DIFFERENT || neighbours * 10 >= steps.len() * 8 || COMMON.contains(&bare.as_str())
}

/// Whether what is known of the owner makes up more than half of the password.
fn is_mostly(password: &str, known: &[&str]) -> bool {
    let lower = password.to_lowercase();
    let length = lower.chars().count();
    let mut pieces: Vec<String> = known.iter().map(|piece| piece.trim().to_lowercase()).collect();
    pieces.retain(|piece| piece.chars().count() >= KNOWN_PIECE);
    pieces.sort_unstable_by_key(|piece| std::cmp::Reverse(piece.len()));
    let rest =
        pieces.iter().fold(Zeroizing::new(lower), |rest, piece| Zeroizing::new(rest.replace(piece.as_str(), "")));
    rest.chars().count() * 2 < length
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ANA: [&str; 5] = ["71234567", "ana.ruiz@correo.com.co", "3001234567", "RUIZ", "ANA"];

    fn judge(typed: &str) -> Result<OwnPassword, PasswordFault> {
        OwnPassword::parse(typed, typed, &Owner { known: ANA.to_vec() })
    }

    #[test]
    fn a_phrase_passes_and_what_everybody_tries_does_not() {
        for good in ["tres gatos verdes", "Ñandú-77-lejano", "correcto caballo", "x9!kQw2#Lm"] {
            assert!(judge(good).is_ok(), "{good}");
        }
        for (bad, fault) in [
            ("corta", PasswordFault::Short),
            ("         ", PasswordFault::Short),
            ("1234567890", PasswordFault::Guessable),
            ("abcdefghijkl", PasswordFault::Guessable),
            ("aaaaaaaaaaaa", PasswordFault::Guessable),
            ("Colombia2026*", PasswordFault::Guessable),
            ("71234567ab", PasswordFault::Guessable),
            ("3001234567xy", PasswordFault::Guessable),
            ("ana.ruiz@correo.com.co1", PasswordFault::Guessable),
            ("Ana.Ruiz-77", PasswordFault::Guessable),
        ] {
            assert_eq!(judge(bad), Err(fault), "{bad}");
        }
        assert_eq!(judge(&"áb cd".repeat(40)), Err(PasswordFault::Long));
        let owner = Owner { known: ANA.to_vec() };
        assert_eq!(OwnPassword::parse("tres gatos verdes", "tres gatos rojos", &owner), Err(PasswordFault::Different));
    }

    #[test]
    fn the_same_letters_are_the_same_password_whatever_keyboard_made_them() {
        let (composed, combining) = ("camión lejano 77", "camio\u{301}n\u{a0}lejano 77\u{200b}");
        let owner = Owner { known: Vec::new() };
        assert_eq!(OwnPassword::parse(composed, combining, &owner).unwrap().expose(), composed);
    }

    proptest! {
        #[test]
        fn whatever_passes_is_within_bounds_and_in_its_canonical_form(typed in ".{0,160}") {
            if let Ok(password) = judge(&typed) {
                let length = password.expose().chars().count();
                prop_assert!((SHORTEST..=LONGEST).contains(&length));
                prop_assert_eq!(&*canonical(password.expose()), password.expose());
            }
        }
    }
}
