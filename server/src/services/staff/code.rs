//! The codes of the second factor: six digits of the moment (RFC 6238) and recovery codes for when the
//! telephone is gone.

use contract::Timestamp;
use contract::value::clean;
use rand::Rng;
use totp_rs::{Algorithm, Builder, Totp};
use zeroize::Zeroizing;

/// How many recovery codes there are.
pub const RECOVERY_CODES: usize = 10;

/// Characters of one: five bits each, without the letters that are taken for figures.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const RECOVERY_LENGTH: usize = 10;

/// A step of the clock, as every application counts it.
const STEP_SECONDS: u64 = 30;
const DIGITS: u8 = 6;

/// Steps before and after the present one that are accepted.
const SKEW: u16 = 1;

/// RFC 4226's recommended length of a secret.
pub(super) const SECRET_BYTES: usize = 20;

/// What was typed as second factor.
#[derive(Clone, PartialEq, Eq)]
pub enum TypedCode {
    /// Six digits.
    Moment(Zeroizing<String>),
    /// A recovery code, without its hyphen.
    Recovery(Zeroizing<String>),
}

impl TypedCode {
    /// Reads six ASCII digits, blanks between them forgiven, or a recovery code in any case, its hyphen
    /// or not.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        if typed.len() > 64 {
            return None;
        }
        let compact: String = clean(typed).chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        let compact = Zeroizing::new(compact.to_ascii_uppercase());
        let all = |known: &dyn Fn(u8) -> bool| compact.bytes().all(known);
        match compact.len() {
            len if len == usize::from(DIGITS) && all(&|byte| byte.is_ascii_digit()) => Some(Self::Moment(compact)),
            RECOVERY_LENGTH if all(&|byte| ALPHABET.contains(&byte)) => Some(Self::Recovery(compact)),
            _ => None,
        }
    }
}

impl std::fmt::Debug for TypedCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TypedCode(…)")
    }
}

/// The generator of a secret; `None` when it is no secret of ours.
fn generator(secret: &[u8], account: &str, issuer: &str) -> Option<Totp> {
    // The address separates its two names by a colon.
    let plain = |name: &str| name.replace(':', " ");
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(DIGITS)
        .with_skew(SKEW)
        .with_step_duration(STEP_SECONDS)
        .with_secret(secret.to_vec())
        .with_account_name(plain(account))
        .with_issuer(Some(plain(issuer)))
        .build()
        .ok()
}

/// The step whose code this is, when it is one of the present and none at or before `after`, whose codes
/// were used already.
pub(super) fn accepted_step(secret: &[u8], code: &str, now: Timestamp, after: i64) -> Option<i64> {
    let seconds = u64::try_from(now.0.div_euclid(1000)).ok()?;
    let step = generator(secret, "x", "x")?.check(code, seconds)?;
    i64::try_from(step).ok().filter(|step| *step > after)
}

/// What an application reads from the QR code, and the secret for those who type it.
pub(super) fn address(secret: &[u8], account: &str, issuer: &str) -> Option<(String, String)> {
    let totp = generator(secret, account, issuer)?;
    let typed = totp_rs::Secret::from(secret.to_vec()).to_base32();
    Some((totp.to_url().ok()?, typed))
}

/// Fresh recovery codes, as they are shown.
pub(super) fn recovery_codes() -> Vec<Zeroizing<String>> {
    let mut random = rand::rng();
    let mut letter = || char::from(ALPHABET[random.random_range(0..ALPHABET.len())]);
    let mut code = || Zeroizing::new((0..RECOVERY_LENGTH).map(|_| letter()).collect::<String>());
    (0..RECOVERY_CODES).map(|_| code()).collect()
}

/// A recovery code as it is read most easily.
pub(super) fn shown(code: &str) -> String {
    let (first, second) = code.split_at(RECOVERY_LENGTH / 2);
    format!("{first}-{second}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B, SHA-1, the last six of its eight digits.
        let secret = b"12345678901234567890";
        for (seconds, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            let now = Timestamp(seconds * 1000);
            let step = seconds / 30;
            assert_eq!(accepted_step(secret, code, now, 0), Some(step), "{seconds}");
            assert_eq!(accepted_step(secret, code, now.plus_seconds(30), 0), Some(step));
            assert_eq!(accepted_step(secret, code, now.plus_seconds(-30), 0), Some(step));
            assert_eq!(accepted_step(secret, code, now.plus_seconds(60), 0), None);
            assert_eq!(accepted_step(secret, code, now.plus_seconds(-60), 0), None);
            assert_eq!(accepted_step(secret, code, now, step), None, "used");
        }
    }

    #[test]
    fn recovery_codes_differ_and_are_read_as_they_are_shown() {
        let codes = recovery_codes();
        let distinct: std::collections::BTreeSet<&str> = codes.iter().map(|code| code.as_str()).collect();
        assert_eq!((codes.len(), distinct.len()), (RECOVERY_CODES, RECOVERY_CODES));
        for code in &codes {
            let read = Some(TypedCode::Recovery(code.clone()));
            assert_eq!(TypedCode::parse(&shown(code)), read);
            assert_eq!(TypedCode::parse(&format!(" {} ", shown(code).to_lowercase())), read);
        }
    }

    proptest! {
        #[test]
        fn six_ascii_digits_are_a_code_and_no_other_digits_are(digits in "[0-9]{6}", other in "[٠-٩０-９०-९]{1,6}") {
            prop_assert_eq!(TypedCode::parse(&digits), Some(TypedCode::Moment(digits.clone().into())));
            let spaced = format!("{} {}", &digits[..3], &digits[3..]);
            prop_assert_eq!(TypedCode::parse(&spaced), Some(TypedCode::Moment(digits.into())));
            prop_assert_eq!(TypedCode::parse(&other), None);
        }

        #[test]
        fn whatever_is_typed_is_read_or_refused(text in "\\PC{0,80}") {
            match TypedCode::parse(&text) {
                Some(TypedCode::Moment(code)) => prop_assert!(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit())),
                Some(TypedCode::Recovery(code)) => prop_assert_eq!(code.len(), RECOVERY_LENGTH),
                None => {}
            }
        }
    }
}
