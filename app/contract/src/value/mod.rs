//! Value types: private fields, one fallible constructor each. Whoever holds one holds a valid one.

mod chamber;
mod email;
mod identity;
mod mobile;
mod year;

pub use chamber::ChamberCode;
pub use email::Email;
pub use identity::NationalId;
pub use mobile::ColombianMobile;
pub use year::Year;

/// What a person typed or pasted, without the invisible characters that telephones and mail
/// programs add: no-break spaces become spaces; zero-width and direction marks go; ends are trimmed.
#[must_use]
pub fn clean(input: &str) -> String {
    input
        .chars()
        .filter_map(|c| match c {
            '\u{00A0}' | '\u{2007}' | '\u{202F}' => Some(' '),
            '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{00AD}' => {
                None
            }
            other => Some(other),
        })
        .collect::<String>()
        .trim()
        .to_owned()
}
