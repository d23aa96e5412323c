//! The few forms of DER (X.690) that a CMS signature needs. Signed attributes must be exactly the
//! three that PAdES allows, which no ready-made signer gives.

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;

/// One value: tag, length, content.
pub(super) fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut der = vec![tag];
    let length = content.len();
    if length < 0x80 {
        der.push(length as u8);
    } else {
        let bytes = length.to_be_bytes();
        let significant = &bytes[bytes.iter().take_while(|b| **b == 0).count()..];
        der.push(0x80 | significant.len() as u8);
        der.extend_from_slice(significant);
    }
    der.extend_from_slice(content);
    der
}

pub(super) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    value(SEQUENCE, &parts.concat())
}

/// A SET OF, its members in the order that DER demands.
pub(super) fn set_of(mut parts: Vec<Vec<u8>>) -> Vec<u8> {
    parts.sort();
    value(SET, &parts.concat())
}

pub(super) fn octets(bytes: &[u8]) -> Vec<u8> {
    value(0x04, bytes)
}

pub(super) fn null() -> Vec<u8> {
    value(0x05, &[])
}

/// A non-negative INTEGER from its big-endian magnitude.
pub(super) fn integer(magnitude: &[u8]) -> Vec<u8> {
    let trimmed = &magnitude[magnitude.iter().take_while(|b| **b == 0).count()..];
    let needs_zero = trimmed.first().is_none_or(|first| first & 0x80 != 0);
    let content = if needs_zero { [&[0], trimmed].concat() } else { trimmed.to_vec() };
    value(0x02, &content)
}

/// An OBJECT IDENTIFIER.
pub(super) fn oid(arcs: &[u32]) -> Vec<u8> {
    let (first, second) = (arcs.first().copied().unwrap_or(0), arcs.get(1).copied().unwrap_or(0));
    let mut content = Vec::new();
    for arc in std::iter::once(first * 40 + second).chain(arcs.iter().skip(2).copied()) {
        let groups: Vec<u8> = (0..5).rev().map(|i| (arc >> (7 * i)) as u8 & 0x7F).collect();
        let significant = &groups[groups.iter().take_while(|g| **g == 0).count().min(4)..];
        content.extend(significant.iter().enumerate().map(|(i, g)| {
            let more = if i + 1 < significant.len() { 0x80 } else { 0 };
            g | more
        }));
    }
    value(0x06, &content)
}

/// Values one after the other, as they are read.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    /// The next value's tag and content, and all of its bytes; `None` at the end and in what is no DER.
    pub(super) fn next(&mut self) -> Option<(u8, &'a [u8], &'a [u8])> {
        let (tag, first) = (*self.0.first()?, usize::from(*self.0.get(1)?));
        let (length, header) = if first < 0x80 {
            (first, 2)
        } else {
            let bytes = self.0.get(2..2 + (first & 0x7F))?;
            if bytes.is_empty() || bytes.len() > 4 {
                return None;
            }
            (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), 2 + bytes.len())
        };
        let whole = self.0.get(..header.checked_add(length)?)?;
        self.0 = &self.0[whole.len()..];
        Some((tag, &whole[header..], whole))
    }

    /// The content of the next value, which must bear this tag.
    pub(super) fn expect(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.next().filter(|(found, ..)| *found == tag).map(|(_, content, _)| content)
    }

    /// What stands inside the next value, which must be a SEQUENCE.
    pub(super) fn inside(&mut self) -> Option<Self> {
        self.expect(SEQUENCE).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn forms_known_from_the_standard() {
        assert_eq!(oid(&[1, 2, 840, 113_549]), [0x06, 6, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D]);
        assert_eq!(oid(&[2, 16, 840, 1, 101, 3, 4, 2, 1]), [6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1]);
        assert_eq!(integer(&[]), [2, 1, 0]);
        assert_eq!(integer(&[0, 0x80]), [2, 2, 0, 0x80]);
        assert_eq!(integer(&[1]), [2, 1, 1]);
        assert_eq!(value(4, &[0; 200])[..3], [4, 0x81, 200]);
        assert_eq!(value(4, &[0; 300])[..4], [4, 0x82, 1, 44]);
        assert_eq!(set_of(vec![vec![2], vec![1]]), [0x31, 2, 1, 2]);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_and_nothing_makes_the_reader_fail(content: Vec<u8>, noise: Vec<u8>) {
            let der = sequence(&[octets(&content), integer(&[1])]);
            let mut inside = Reader(&der).inside().unwrap();
            prop_assert_eq!(inside.expect(4), Some(&content[..]));
            prop_assert_eq!(inside.next().map(|(tag, content, _)| (tag, content)), Some((2, &[1][..])));
            prop_assert!(inside.next().is_none());
            let mut reader = Reader(&noise);
            while reader.next().is_some() {}
        }
    }
}
