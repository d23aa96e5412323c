//! A synthetic extract with the field's dirt, always the same for the same seed. Nobody in it
//! exists: surnames are trees and birds, domains are reserved for examples (RFC 2606), mobiles and
//! identifications lie in ranges that nobody was given.

mod merchant;
mod words;

use std::io::Write;

use rand::SeedableRng;
use rand::rngs::StdRng;

use super::columns::COLUMNS;

/// Writes an extract of `merchants` registrations, `;` between fields, in UTF-8. About six of ten
/// qualify for the process of `year`.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_extract(merchants: usize, year: i32, seed: u64, out: impl Write) -> std::io::Result<()> {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut file = csv::WriterBuilder::new().delimiter(b';').from_writer(out);
    file.write_record(COLUMNS.map(|column| column.name))?;
    let mut previous = None;
    for number in 1..=merchants {
        let merchant = merchant::draw(&mut rng, number, year, previous.take());
        file.write_record(merchant.fields())?;
        previous = Some(merchant);
    }
    file.flush()
}

#[cfg(test)]
mod tests {
    use contract::{ColombianMobile, Email};

    use super::*;

    fn extract(seed: u64) -> String {
        let mut bytes = Vec::new();
        write_extract(500, 2026, seed, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn the_same_seed_gives_the_same_extract_with_all_the_dirt() {
        let text = extract(7);
        assert_eq!(text, extract(7));
        assert_ne!(text, extract(8));
        assert_eq!(text.lines().count(), 501);
        for dirt in ["¥", "[9]", ".@", ";604", ";000", ";MC;", ";IA;", "; "] {
            assert!(text.contains(dirt), "{dirt}");
        }
    }

    #[test]
    fn nobody_real_can_be_mailed_or_called() {
        for line in extract(7).lines().skip(1) {
            let fields: Vec<&str> = line.split(';').collect();
            for (column, value) in COLUMNS.iter().zip(&fields) {
                if let Some(email) = Email::parse(value).filter(|_| column.name.starts_with("email")) {
                    let domain = email.as_str().rsplit('@').next().unwrap();
                    assert!(domain.ends_with(".example") || domain.starts_with("example."), "{domain}");
                }
                if let Some(mobile) = ColombianMobile::parse(value).filter(|_| column.name.contains("el")) {
                    assert!(mobile.as_str().starts_with("39"), "{value}");
                }
            }
        }
    }
}
