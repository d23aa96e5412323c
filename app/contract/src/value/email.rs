use std::fmt;

/// An address that can be mailed: one `@`, a non-empty local part, a dotted domain, no blanks,
/// no `..`; kept in small letters. Nothing is repaired but surrounding blanks and capitals.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

/// RFC 5321 §4.5.3.1.3: a path is at most 256 octets with its brackets.
const MAX_LENGTH: usize = 254;

impl Email {
    /// Parses an address; `None` when it could never be delivered.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let address = super::clean(text).to_lowercase();
        let (local, domain) = address.split_once('@')?;
        let plain = |c: char| {
            c.is_ascii_graphic() && !matches!(c, '@' | '<' | '>' | '(' | ')' | '[' | ']' | ',' | ';' | ':' | '\\' | '"')
        };
        let fits = address.len() <= MAX_LENGTH && !local.is_empty() && local.len() <= 64;
        let well_formed =
            address.chars().all(|c| c == '@' || plain(c)) && !domain.contains('@') && !address.contains("..");
        let domain_ok = domain.contains('.') && domain.split('.').all(is_label);
        (fits && well_formed && domain_ok).then_some(Self(address))
    }

    /// The address in small letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A label of a domain name (RFC 1035 §2.3.1, with digits allowed first by RFC 1123 §2.1 and the underscore that some hosts do bear).
fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.len() <= 63
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_capitals_are_the_only_repairs() {
        assert_eq!(Email::parse("  Ana.Ruiz@Correo.COM ").map(|e| e.0), Some("ana.ruiz@correo.com".into()));
        for bad in [
            "",
            "ana",
            "ana@",
            "@correo.com",
            "ana@correo",
            "ana@@correo.com",
            "ana ruiz@correo.com",
            "ana@correo..com",
            "a..b@correo.com",
            "ana@.correo.com",
            "ana@correo.com.",
            "ana@correo.com, b@c.co",
            "a\n@b.co",
        ] {
            assert_eq!(Email::parse(bad), None, "{bad:?}");
        }
    }
}
