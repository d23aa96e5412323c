//! The text of one SMS.

use domain::pin::SMS_SEPTETS;
use rusmpp::extra::encoding::gsm7bit::Gsm7BitUnpacked;

use super::TextFault;

/// A text that is one SMS of the GSM 03.38 alphabet: every telephone shows it, and it costs one.
#[derive(Clone, PartialEq, Eq)]
pub struct SmsText {
    text: String,
    septets: Vec<u8>,
}

impl SmsText {
    /// Takes a text of at most 160 septets; letters of the extension table (`[`, `€`, …) take two.
    ///
    /// # Errors
    /// When a letter is not in the alphabet, or the text is too long.
    pub fn parse(text: impl Into<String>) -> Result<Self, TextFault> {
        let text = text.into();
        let septets = Gsm7BitUnpacked::new().encode_to_vec(&text).map_err(|_| TextFault::Letter)?;
        if septets.len() > SMS_SEPTETS {
            return Err(TextFault::TooLong { septets: septets.len() });
        }
        Ok(Self { text, septets })
    }

    /// As people write it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// In GSM 03.38, one septet an octet, as SMPP carries `data_coding` 0; the SMSC packs them.
    #[must_use]
    pub fn septets(&self) -> &[u8] {
        &self.septets
    }
}

impl std::fmt::Debug for SmsText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SmsText({} septets)", self.septets.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::pin::{Pin, Purpose, pin_message};
    use proptest::prelude::*;

    #[test]
    fn letters_have_the_codes_of_gsm_and_not_those_of_ascii() {
        let septets = |text: &str| SmsText::parse(text).unwrap().septets;
        assert_eq!(septets("@$_ñÑéÉüÜ¿¡#"), [0x00, 0x02, 0x11, 0x7D, 0x5D, 0x05, 0x1F, 0x7E, 0x5E, 0x60, 0x40, 0x23]);
        assert_eq!(septets("[€]"), [0x1B, 0x3C, 0x1B, 0x65, 0x1B, 0x3E]);
        for letter in ["á", "í", "Ó", "ú", "`", "–", "😀", "\u{1B}"] {
            assert_eq!(SmsText::parse(letter), Err(TextFault::Letter), "{letter}");
        }
    }

    #[test]
    fn a_text_is_measured_in_septets() {
        assert!(SmsText::parse("ñ".repeat(160)).is_ok());
        assert_eq!(SmsText::parse("a".repeat(161)), Err(TextFault::TooLong { septets: 161 }));
        assert_eq!(SmsText::parse(format!("{}€", "a".repeat(159))), Err(TextFault::TooLong { septets: 161 }));
    }

    proptest! {
        #[test]
        fn every_message_with_a_pin_is_one_sms_whatever_the_names(name in ".{0,200}", host in "[a-z.-]{0,200}") {
            let pin = Pin::parse("987654").unwrap();
            for purpose in [Purpose::Activate, Purpose::Sign] {
                prop_assert!(SmsText::parse(pin_message(purpose, &pin, &name, &host, 30)).is_ok());
            }
        }
    }
}
