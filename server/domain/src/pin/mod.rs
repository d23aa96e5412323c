//! The PIN: six digits that are worth something for ten minutes, three tries and one transaction.

mod message;

use contract::Timestamp;
use contract::value::clean;
use rand::{CryptoRng, Rng};
use zeroize::{Zeroize, ZeroizeOnDrop};

pub use message::{Purpose, SMS_SEPTETS, pin_message};

/// Digits of a PIN.
const DIGITS: usize = 6;

/// A PIN in the clear. It is wiped when dropped and never printed.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Pin(String);

impl Pin {
    /// Draws one; each of the million equally likely.
    pub fn generate<R: Rng + CryptoRng>(rng: &mut R) -> Self {
        Self(format!("{:06}", rng.random_range(0..1_000_000_u32)))
    }

    /// What a merchant typed, with or without blanks and hyphens; `None` unless six digits remain.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let digits: String = clean(typed).chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        (digits.len() == DIGITS && digits.bytes().all(|b| b.is_ascii_digit())).then_some(Self(digits))
    }

    /// The digits, for the SMS and the keyed digest.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// The chamber's figures for PINs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PinPolicy {
    /// Seconds a PIN lives.
    pub lifetime: i64,
    /// Wrong tries that void it.
    pub tries: i64,
    /// Seconds before another may be asked for.
    pub resend_after: i64,
    /// Further PINs in one transaction.
    pub resends: i64,
}

/// What a typed PIN comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinCheck {
    /// It is the one that was sent.
    Correct,
    /// It is not; so many more wrong ones void the PIN.
    Wrong {
        /// At least 1.
        remaining: u8,
    },
    /// This wrong one, or one before it, voided the PIN.
    Voided,
    /// The PIN's time ran out.
    Expired,
}

/// A PIN as it is remembered: never the digits.
#[derive(Clone, PartialEq, Eq)]
pub struct IssuedPin {
    /// Keyed digest of PIN and transaction; `None` once the PIN is voided.
    pub mac: Option<String>,
    /// When its time runs out.
    pub expires: Timestamp,
    /// Wrong tries so far.
    pub failures: i64,
    /// When it was handed to the provider; `None` when that failed.
    pub sent_at: Option<Timestamp>,
}

impl std::fmt::Debug for IssuedPin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "IssuedPin(failures {})", self.failures)
    }
}

impl IssuedPin {
    /// Draws a PIN and what is remembered of it; `digest` binds it to its transaction.
    pub fn draw<R: Rng + CryptoRng>(
        rng: &mut R,
        digest: impl FnOnce(&Pin) -> String,
        policy: &PinPolicy,
        now: Timestamp,
    ) -> (Pin, Self) {
        let pin = Pin::generate(rng);
        let (mac, expires) = (Some(digest(&pin)), now.plus_seconds(policy.lifetime));
        (pin, Self { mac, expires, failures: 0, sent_at: Some(now) })
    }

    /// Judges a try; `matches` says whether its digest is that of the PIN sent.
    #[must_use]
    pub fn check(&self, matches: bool, policy: &PinPolicy, now: Timestamp) -> PinCheck {
        if self.mac.is_none() {
            return PinCheck::Voided;
        }
        if now >= self.expires {
            return PinCheck::Expired;
        }
        if matches {
            return PinCheck::Correct;
        }
        match policy.tries - (self.failures + 1) {
            remaining if remaining > 0 => PinCheck::Wrong { remaining: u8::try_from(remaining).unwrap_or(u8::MAX) },
            _ => PinCheck::Voided,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    const POLICY: PinPolicy = PinPolicy { lifetime: 600, tries: 3, resend_after: 60, resends: 3 };

    #[test]
    fn each_first_and_last_digit_is_equally_likely() {
        let mut rng = StdRng::seed_from_u64(5);
        let mut counts = [[0_f64; 10]; DIGITS];
        for _ in 0..20_000 {
            for (place, digit) in Pin::generate(&mut rng).expose().bytes().enumerate() {
                counts[place][usize::from(digit - b'0')] += 1.0;
            }
        }
        for place in counts {
            let chi2: f64 = place.iter().map(|n| (n - 2000.0).powi(2) / 2000.0).sum();
            // 9 degrees of freedom: 99.9 % of fair generators stay below 27.9.
            assert!(chi2 < 27.9, "chi-square {chi2}");
        }
    }

    #[test]
    fn a_pin_may_be_pasted_with_blanks_but_has_six_plain_digits() {
        for good in ["012345", " 012 345 ", "012-345", "\u{200b}012\u{a0}345"] {
            assert_eq!(Pin::parse(good).unwrap().expose(), "012345", "{good:?}");
        }
        for bad in ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "+12345", "1.2345"] {
            assert_eq!(Pin::parse(bad), None, "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn only_the_right_pin_in_time_and_within_the_tries_is_correct(
            matches: bool, voided: bool, failures in 0_i64..3, late in -600_i64..600,
        ) {
            let expires = Timestamp(10_000_000);
            let pin = IssuedPin { mac: (!voided).then(String::new), expires, failures, sent_at: None };
            let check = pin.check(matches, &POLICY, expires.plus_seconds(late));
            prop_assert_eq!(check == PinCheck::Correct, matches && !voided && late < 0);
            if let PinCheck::Wrong { remaining } = check {
                prop_assert_eq!(i64::from(remaining), 2 - failures);
            }
        }
    }
}
