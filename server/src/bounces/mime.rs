//! As much of MIME as a notification needs, by hand: one level of parts and no recursion, so that no
//! mail, however it is nested, costs more than its length.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

/// More fields or parts than any honest mail has.
const MAX_FIELDS: usize = 500;
const MAX_PARTS: usize = 20;

/// Fields with their folded lines put together, and what follows the blank line.
pub(super) struct Entity<'a> {
    fields: Vec<(&'a str, String)>,
    body: &'a str,
}

impl<'a> Entity<'a> {
    /// Reads the fields at the text's beginning. Lines that are none are passed over.
    pub(super) fn read(text: &'a str) -> Self {
        let mut fields: Vec<(&str, String)> = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
            rest = after;
            let line = line.trim_end_matches('\r');
            if line.trim().is_empty() {
                break;
            }
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = fields.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            } else if let Some((name, value)) = line.split_once(':')
                && fields.len() < MAX_FIELDS
            {
                fields.push((name.trim(), value.trim().to_owned()));
            }
        }
        Self { fields, body: rest }
    }

    /// The values of all fields of this name, whatever its case.
    pub(super) fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> {
        self.fields.iter().filter(move |(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The first of them, or nothing.
    pub(super) fn first<'s>(&'s self, name: &'s str) -> &'s str {
        self.all(name).next().unwrap_or_default()
    }

    /// `multipart/report`, in small letters.
    pub(super) fn kind(&self) -> String {
        let kind = self.first("content-type").split(';').next().unwrap_or_default();
        kind.trim().to_ascii_lowercase()
    }

    /// A parameter of the content type.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        let mut pieces = split_unquoted(self.first("content-type")).into_iter().skip(1);
        pieces.find_map(|piece| {
            let (key, value) = piece.split_once('=')?;
            key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
        })
    }

    /// The parts of a multipart.
    pub(super) fn parts(&self) -> Vec<Entity<'a>> {
        let Some(boundary) = self.parameter("boundary").filter(|boundary| !boundary.is_empty()) else {
            return Vec::new();
        };
        let mut parts = Vec::new();
        let (mut begun, mut at) = (None, 0);
        for line in self.body.split_inclusive('\n') {
            if let Some(after) = line.strip_prefix("--").and_then(|line| line.strip_prefix(boundary.as_str())) {
                let after = after.trim_end();
                if after.is_empty() || after == "--" {
                    parts.extend(begun.and_then(|begun| self.body.get(begun..at)).map(Entity::read));
                    begun = Some(at + line.len());
                    if after == "--" || parts.len() >= MAX_PARTS {
                        return parts;
                    }
                }
            }
            at += line.len();
        }
        // Cut off: what is there may still say enough.
        parts.extend(begun.and_then(|begun| self.body.get(begun..)).map(Entity::read));
        parts
    }

    /// The body as it was before it was made fit for transport.
    pub(super) fn decoded(&self) -> Cow<'a, str> {
        match self.first("content-transfer-encoding").to_ascii_lowercase().as_str() {
            "base64" => Cow::Owned(from_base64(self.body)),
            "quoted-printable" => Cow::Owned(from_quoted_printable(self.body)),
            _ => Cow::Borrowed(self.body),
        }
    }
}

/// Splits at semicolons outside quotes.
fn split_unquoted(value: &str) -> Vec<&str> {
    let mut quoted = false;
    value
        .split(|c| {
            quoted ^= c == '"';
            c == ';' && !quoted
        })
        .collect()
}

fn from_base64(text: &str) -> String {
    const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let letters: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let bytes = GeneralPurpose::new(&alphabet::STANDARD, LENIENT).decode(letters).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn from_quoted_printable(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let soft = line.trim_end().strip_suffix('=');
        let mut rest = soft.unwrap_or(line).as_bytes();
        while let [first, after @ ..] = rest {
            rest = after;
            match (first, after) {
                (b'=', [high, low, following @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                    bytes.push(digit(*high).unwrap_or_default() * 16 + digit(*low).unwrap_or_default());
                    rest = following;
                }
                _ => bytes.push(*first),
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_unfolded_whatever_the_line_ends() {
        let entity = Entity::read("Subject: a\r\n\tb\r\nX-Y:z\r\nno field\r\nx-y: w\r\n\r\nbody\r\n");
        assert_eq!(entity.first("SUBJECT"), "a b");
        assert_eq!(entity.all("X-Y").collect::<Vec<_>>(), ["z", "w"]);
        assert_eq!(entity.decoded(), "body\r\n");
    }

    #[test]
    fn parts_and_parameters_are_found_and_a_cut_mail_gives_what_it_has() {
        let head = "Content-Type: Multipart/Report; boundary=\"a;b\";\n report-type=Delivery-Status\n\npreamble\n";
        let entity_text = format!(
            "{head}--a;b\n\none\n--a;bc\nstill one\n--a;b \r\nContent-Transfer-Encoding: base64\n\nZG9z\n--a;b--\nafter"
        );
        let entity = Entity::read(&entity_text);
        assert_eq!(
            (entity.kind().as_str(), entity.parameter("report-TYPE").as_deref()),
            ("multipart/report", Some("Delivery-Status"))
        );
        let parts = entity.parts();
        assert_eq!(
            parts.iter().map(|part| part.decoded().into_owned()).collect::<Vec<_>>(),
            ["one\n--a;bc\nstill one\n", "dos"]
        );
        let cut = format!("{head}--a;b\nX: 1\n\nhalf");
        assert_eq!(Entity::read(&cut).parts()[0].decoded(), "half");
    }

    #[test]
    fn quoted_printable_is_read_and_what_is_none_stays() {
        assert_eq!(from_quoted_printable("a=C3=B1o=\r\n fin =zz\n="), "año fin =zz\n");
        assert_eq!(from_base64("not base64 at all!"), "");
    }
}
