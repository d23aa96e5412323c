//! The three encodings of extracts, told apart by their bytes.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;
use oem_cp::code_table::DECODING_TABLE_CP850;

/// How a file's bytes are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// Windows-1252, a superset of ISO 8859-1.
    Windows1252,
    /// CP850, of DOS.
    Cp850,
}

/// The bytes that Windows-1252 leaves undefined.
const UNDEFINED_IN_1252: [u8; 5] = [0x81, 0x8D, 0x8F, 0x90, 0x9D];

impl Encoding {
    /// The encoding of that name, as people write it.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let compact: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        match compact.as_str() {
            "utf8" => Some(Self::Utf8),
            "windows1252" | "cp1252" | "1252" | "latin1" | "iso88591" => Some(Self::Windows1252),
            "cp850" | "ibm850" | "850" => Some(Self::Cp850),
            _ => None,
        }
    }

    /// The name in messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Windows1252 => "Windows-1252",
            Self::Cp850 => "CP850",
        }
    }

    /// Decodes a field; `None` when it holds a byte that this encoding does not have, or NUL, which
    /// no text has.
    #[must_use]
    pub fn decode(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        if bytes.contains(&0) {
            return None;
        }
        match self {
            Self::Utf8 => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Self::Windows1252 if bytes.iter().any(|byte| UNDEFINED_IN_1252.contains(byte)) => None,
            Self::Windows1252 => Some(WINDOWS_1252.decode_without_bom_handling(bytes).0),
            Self::Cp850 => Some(bytes.iter().map(|byte| cp850(*byte)).collect()),
        }
    }

    /// Tells the encoding of a block that begins with the file's first byte beyond ASCII.
    ///
    /// UTF-8 proves itself: text of another encoding forms its sequences by the rarest chance, so
    /// that a file with more of them than of broken ones is UTF-8 with damaged rows. Of the other two
    /// the one is taken in which the bytes make Spanish words: letters that Spanish has, capitals
    /// among capitals (0xE9 is é in one, Ú in the other).
    #[must_use]
    pub fn detect(block: &[u8]) -> Self {
        let (sequences, broken) = utf8_sequences(block);
        if broken == 0 || (sequences > 0 && sequences >= broken) {
            return Self::Utf8;
        }
        let score = |encoding: Self| -> i64 {
            let spots = block.iter().enumerate().filter(|(_, byte)| !byte.is_ascii());
            spots.map(|(at, byte)| encoding.likelihood(*byte, neighbours_are_capitals(block, at))).sum()
        };
        let (cp850, windows) = (score(Self::Cp850), score(Self::Windows1252));
        if cp850 < 0 && windows < 0 {
            // No reading of these bytes is Spanish: they are damage, and their rows will be rejected.
            return Self::Utf8;
        }
        if cp850 > windows { Self::Cp850 } else { Self::Windows1252 }
    }

    /// How well this byte sits in a Spanish text.
    fn likelihood(self, byte: u8, among_capitals: Option<bool>) -> i64 {
        let letter = match self {
            Self::Windows1252 if UNDEFINED_IN_1252.contains(&byte) => return -20,
            Self::Windows1252 => single(WINDOWS_1252.decode_without_bom_handling(&[byte]).0.as_ref()),
            _ => cp850(byte),
        };
        match letter {
            // Ñ as Windows-1252 shows it when its row was written in CP850: no evidence either way.
            '¥' => fit('Ñ', among_capitals),
            'á' | 'é' | 'í' | 'ó' | 'ú' | 'ñ' | 'ü' | 'Á' | 'É' | 'Í' | 'Ó' | 'Ú' | 'Ñ' | 'Ü' => {
                fit(letter, among_capitals)
            }
            '¿' | '¡' | 'º' | 'ª' | '°' | '´' | '’' | '–' => 1,
            other if other.is_alphabetic() => -1,
            _ => -2,
        }
    }
}

fn fit(letter: char, among_capitals: Option<bool>) -> i64 {
    match among_capitals {
        Some(capitals) if capitals == letter.is_uppercase() => 5,
        Some(_) => 0,
        None => 2,
    }
}

/// Whether the ASCII letters beside a byte are capitals; `None` when there are none beside it or
/// they disagree (a capital may begin a word, so that the one after it decides).
fn neighbours_are_capitals(block: &[u8], at: usize) -> Option<bool> {
    let letter = |index: Option<usize>| {
        let byte = *block.get(index?)?;
        byte.is_ascii_alphabetic().then(|| byte.is_ascii_uppercase())
    };
    letter(at.checked_add(1)).or_else(|| letter(at.checked_sub(1)))
}

/// Sequences of several bytes that are right, and places that are wrong. One cut by the block's end
/// is neither.
fn utf8_sequences(block: &[u8]) -> (usize, usize) {
    let (mut sequences, mut broken, mut rest) = (0, 0, block);
    loop {
        let (valid, error) = match std::str::from_utf8(rest) {
            Ok(text) => (text, None),
            Err(error) => (std::str::from_utf8(&rest[..error.valid_up_to()]).unwrap_or_default(), Some(error)),
        };
        sequences += valid.len() - valid.bytes().filter(|byte| byte.is_ascii() || *byte & 0xC0 == 0x80).count();
        let Some(error) = error else { return (sequences, broken) };
        let Some(length) = error.error_len() else { return (sequences, broken) };
        broken += 1;
        rest = &rest[error.valid_up_to() + length..];
    }
}

fn single(text: &str) -> char {
    text.chars().next().unwrap_or_default()
}

fn cp850(byte: u8) -> char {
    match byte.checked_sub(0x80) {
        Some(high) => DECODING_TABLE_CP850[usize::from(high)],
        None => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &str, encoding: Encoding) -> Vec<u8> {
        match encoding {
            Encoding::Utf8 => text.as_bytes().to_vec(),
            Encoding::Windows1252 => WINDOWS_1252.encode(text).0.into_owned(),
            Encoding::Cp850 => text.chars().map(|c| (0..=255).find(|b| cp850(*b) == c).unwrap()).collect(),
        }
    }

    #[test]
    fn spanish_texts_are_told_apart_and_read_back() {
        for text in
            ["PEÑA MUÑOZ JOSÉ", "María Peña", "RAÚL", "ÁNGEL", "Raúl", "CÓRDOBA", "BOGOTÁ D.C.", "GÜIZA", "ñ", "é"]
        {
            for encoding in [Encoding::Utf8, Encoding::Windows1252, Encoding::Cp850] {
                let bytes = encoded(text, encoding);
                assert_eq!(encoding.decode(&bytes).as_deref(), Some(text));
                let field = [&bytes, b";".as_slice()].concat();
                assert_eq!(Encoding::detect(&field), encoding, "{text} in {encoding:?}");
            }
        }
    }

    #[test]
    fn damaged_rows_do_not_turn_a_utf8_file_into_another() {
        let mut bytes = "PEÑA;JOSÉ;MUÑOZ\n".as_bytes().to_vec();
        bytes.extend(b"PE\xD1A\n");
        assert_eq!(Encoding::detect(&bytes), Encoding::Utf8);
        // A sequence cut by the block's end is no damage.
        assert_eq!(Encoding::detect("PEÑ".as_bytes().split_last().unwrap().1), Encoding::Utf8);
    }

    #[test]
    fn bytes_that_the_encoding_lacks_are_not_decoded() {
        assert_eq!(Encoding::Utf8.decode(b"PE\xD1A"), None);
        assert_eq!(Encoding::Windows1252.decode(b"PE\x81A"), None);
        assert_eq!(Encoding::Cp850.decode(b"PE\0A"), None);
    }

    #[test]
    fn names_are_read_as_people_write_them() {
        assert_eq!(Encoding::parse("UTF-8"), Some(Encoding::Utf8));
        assert_eq!(Encoding::parse("windows-1252"), Some(Encoding::Windows1252));
        assert_eq!(Encoding::parse("cp850"), Some(Encoding::Cp850));
        assert_eq!(Encoding::parse("ebcdic"), None);
    }
}
