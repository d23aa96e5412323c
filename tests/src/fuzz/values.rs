//! What a merchant types: identification, e-mail, mobile, PIN; and codes of years and chambers.

use contract::value::clean;
use contract::{ChamberCode, ColombianMobile, Email, NationalId, Year};
use domain::pin::Pin;
use proptest::prelude::*;

/// Text as it may be typed or pasted: plain, marks that nobody sees, digits of other scripts, anything.
fn typed() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,60}",
        "[ -~]{0,60}",
        "[0-9 .()+-]{0,20}",
        "[٠-٩０-９०-९𝟎-𝟗 +]{0,14}",
        "[a-zA-Z0-9._%+-]{0,20}@[a-z0-9.-]{0,20}",
        any::<String>(),
        "[\\u{200b}-\\u{200f}\\u{202a}-\\u{202e}\\u{feff}a0@.]{0,30}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn cleaning_twice_is_cleaning_once(text in typed()) {
        let once = clean(&text);
        prop_assert_eq!(clean(&once), once);
    }

    #[test]
    fn an_email_is_plain_ascii_that_no_header_can_be_broken_with(text in typed()) {
        let Some(email) = Email::parse(&text) else { return Ok(()) };
        let address = email.as_str();
        prop_assert_eq!(Email::parse(address), Some(email.clone()));
        prop_assert!(address.len() <= 254 && address.is_ascii() && address.matches('@').count() == 1);
        prop_assert!(!address.chars().any(|c| c.is_whitespace() || c.is_control() || c.is_ascii_uppercase() || "<>\",;:\\".contains(c)));
        let (local, domain) = address.split_once('@').unwrap();
        prop_assert!((1..=64).contains(&local.len()) && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.'));
    }

    #[test]
    fn case_and_what_nobody_sees_make_no_other_email(local in "[a-z0-9][a-z0-9_+-]{0,20}", domain in "[a-z0-9]{1,10}\\.[a-z]{2,6}") {
        let plain = format!("{local}@{domain}");
        let email = Email::parse(&plain);
        prop_assert!(email.is_some());
        prop_assert_eq!(Email::parse(&format!(" \u{200b}{}\u{a0}", plain.to_uppercase())), email);
    }

    #[test]
    fn a_mobile_is_ten_ascii_digits_and_its_mask_hides_five(text in typed()) {
        let Some(mobile) = ColombianMobile::parse(&text) else { return Ok(()) };
        let digits = mobile.as_str();
        prop_assert_eq!(ColombianMobile::parse(digits), Some(mobile.clone()));
        prop_assert!(digits.len() == 10 && digits.starts_with('3') && digits.bytes().all(|b| b.is_ascii_digit()));
        prop_assert_eq!(mobile.masked().bytes().filter(u8::is_ascii_digit).count(), 5);
    }

    #[test]
    fn however_a_mobile_is_written_it_is_the_same(digits in "3[0-9]{9}", prefix in prop::sample::select(vec!["", "+57", "57", "+57 ", "(+57)"])) {
        let spaced = format!("{prefix}{} {}-{}", &digits[..3], &digits[3..6], &digits[6..]);
        let parsed = ColombianMobile::parse(&spaced);
        // «(+57)» leaves the prefix in brackets, which are taken away.
        prop_assert_eq!(parsed.as_ref().map(ColombianMobile::as_str), Some(digits.as_str()), "{}", spaced);
    }

    #[test]
    fn an_identification_is_short_visible_and_without_digits_of_other_scripts(text in typed()) {
        let Some(id) = NationalId::parse(&text) else { return Ok(()) };
        let parsed = id.as_str();
        prop_assert_eq!(NationalId::parse(parsed), Some(id.clone()));
        prop_assert!(!parsed.is_empty() && parsed.chars().count() <= 40 && !parsed.starts_with('0'));
        prop_assert!(!parsed.chars().any(|c| c.is_whitespace() || c.is_control() || (c.is_numeric() && !c.is_ascii() && !c.is_alphabetic())));
    }

    #[test]
    fn a_pin_is_six_ascii_digits(text in typed()) {
        let Some(pin) = Pin::parse(&text) else { return Ok(()) };
        prop_assert!(pin.expose().len() == 6 && pin.expose().bytes().all(|b| b.is_ascii_digit()));
        prop_assert_eq!(Pin::parse(pin.expose()), Some(pin.clone()));
        let printed = format!("{pin:?}");
        prop_assert!(!printed.contains(pin.expose()));
    }

    #[test]
    fn years_and_chambers_have_four_and_two_ascii_digits(text in typed(), number: i32) {
        if let Some(year) = Year::parse(&text) {
            prop_assert!((2000..=2100).contains(&year.number()));
            prop_assert_eq!(Year::parse(&year.to_string()), Some(year));
        }
        prop_assert_eq!(Year::new(number).is_some(), (2000..=2100).contains(&number));
        if let Some(code) = ChamberCode::parse(&text) {
            prop_assert!(code.as_str().len() == 2 && code.as_str().bytes().all(|b| b.is_ascii_digit()));
            prop_assert_eq!(ChamberCode::parse(code.as_str()), Some(code));
        }
    }
}
