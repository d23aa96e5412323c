//! The code in the confirmation's link: the row's number and a keyed digest over chamber, row and the
//! address to which it was mailed. Nothing of it is stored; nobody without the installation's key can
//! make one, and a row that got a restored database's old number answers to no old link.

use contract::{ChamberCode, Email};
use entity::usuarios_verificados::Model;
use subtle::ConstantTimeEq;

use crate::secrets::MacKey;

/// Hexadecimal digits of the digest: 128 bits.
const MAC_LENGTH: usize = 32;

/// Digits of the longest row number.
const MAX_DIGITS: usize = 18;

/// The code that goes into the link of this user's confirmation.
#[must_use]
pub fn disown_code(mac: &MacKey, camara: ChamberCode, user_id: i64, email: &Email) -> String {
    format!("{user_id}-{}", digest(mac, camara.as_str(), user_id, email.as_str()))
}

/// A code of the right form; whether it is right is another question.
pub(super) struct DisownCode {
    pub(super) user_id: i64,
    mac: String,
}

impl DisownCode {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (id, mac) = text.trim().split_once('-')?;
        let digits = !id.is_empty() && id.len() <= MAX_DIGITS && id.bytes().all(|b| b.is_ascii_digit());
        let hexadecimal = mac.len() == MAC_LENGTH && mac.bytes().all(|b| b.is_ascii_hexdigit());
        if !digits || !hexadecimal {
            return None;
        }
        Some(Self { user_id: id.parse().ok()?, mac: mac.to_ascii_lowercase() })
    }

    /// Whether it is this row's. The same work when there is no row.
    pub(super) fn opens(&self, mac: &MacKey, camara: ChamberCode, row: Option<&Model>) -> bool {
        let email = row.map_or("", |row| row.email.as_str());
        let right = digest(mac, camara.as_str(), self.user_id, email);
        bool::from(right.as_bytes().ct_eq(self.mac.as_bytes())) & row.is_some()
    }
}

fn digest(mac: &MacKey, camara: &str, user_id: i64, email: &str) -> String {
    let parts = [camara.as_bytes(), &user_id.to_be_bytes()[..], email.as_bytes()];
    let mut digest = mac.mac_hex("no-fui-yo-v1", &parts);
    digest.truncate(MAC_LENGTH);
    digest
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_codes_of_the_right_form_are_looked_at() {
        let camara = ChamberCode::parse("55").unwrap();
        let email = Email::parse("ana@correo.com.co").unwrap();
        let code = disown_code(&MacKey::generate(), camara, 57, &email);
        assert_eq!(code.len(), "57-".len() + 32);
        assert_eq!(DisownCode::parse(&format!(" {} ", code.to_uppercase())).map(|code| code.user_id), Some(57));
        let short = &code[..code.len() - 1];
        for wrong in ["", "-", "57-", short, &code[2..], "x7-00000000000000000000000000000000", &format!("{code}0")] {
            assert!(DisownCode::parse(wrong).is_none(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_parser(text in ".{0,80}") {
            let parsed = DisownCode::parse(&text);
            prop_assert!(parsed.is_none_or(|code| code.user_id >= 0));
        }
    }
}
