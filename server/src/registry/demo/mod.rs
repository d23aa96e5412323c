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
        for field in extract(7).lines().skip(1).flat_map(|line| line.split(';')) {
            if let Some((_, domain)) = field.trim().rsplit_once('@').filter(|(_, domain)| !domain.is_empty()) {
                let reserved = domain.ends_with(".example") || domain.starts_with("example.") || domain == "example";
                assert!(reserved, "{domain}");
            }
        }
    }
}
