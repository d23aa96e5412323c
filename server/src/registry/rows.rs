//! Where a row ends: RFC 4180 quoting, with a bound, so that a stray quote cannot swallow the file.

/// Bytes of the longest row.
pub const MAX_ROW: usize = 64 * 1024;

/// What stands at the beginning of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// A row without its line end. `next` is where the one after it begins, `lines` how many lines of
    /// the file it takes (more than one when a quoted field holds line breaks).
    Row { end: usize, next: usize, lines: u64 },
    /// The first line opens a quoted field that does not end as one; `next` is where the line after
    /// it begins, so that only this line is lost.
    Broken { next: usize },
    /// A line beyond [`MAX_ROW`]: to be skipped to its end, which is not in this block.
    Oversize,
}

/// Finds the end of the row at the beginning of `block`, which is not empty and holds more than
/// [`MAX_ROW`] bytes or the file's end.
#[must_use]
pub fn span(block: &[u8], delimiter: u8) -> Span {
    let block = &block[..block.len().min(MAX_ROW + 1)];
    let whole = block.len() <= MAX_ROW;
    let first_line = match block.iter().position(|byte| *byte == b'\n') {
        Some(newline) => Some((newline, newline + 1)),
        None if whole => Some((block.len(), block.len())),
        None => None,
    };
    let Some((end, next)) = first_line else { return Span::Oversize };
    if !block[..end].contains(&b'"') {
        return Span::Row { end, next, lines: 1 };
    }
    quoted(block, delimiter, whole).unwrap_or(Span::Broken { next })
}

/// The same for a row with quotes. `None` when a quoted field never ends within bounds, or runs over
/// a line's end and is then not followed by a delimiter: a stray quote met by another one.
fn quoted(block: &[u8], delimiter: u8, whole: bool) -> Option<Span> {
    let (mut at, mut lines, mut field_begins) = (0, 1, true);
    while let Some(byte) = block.get(at) {
        match *byte {
            b'\n' => return Some(Span::Row { end: at, next: at + 1, lines }),
            b'"' if field_begins => {
                let (after, breaks) = closing_quote(block, at + 1)?;
                let ends_field = block.get(after).is_none_or(|b| [delimiter, b'\n', b'\r'].contains(b));
                if breaks > 0 && !ends_field {
                    return None;
                }
                (at, lines, field_begins) = (after, lines + breaks, false);
            }
            other => (at, field_begins) = (at + 1, other == delimiter),
        }
    }
    whole.then_some(Span::Row { end: block.len(), next: block.len(), lines })
}

/// Where the quoted field ends that begins at `at`, and the line breaks in it. A doubled quote is one.
fn closing_quote(block: &[u8], mut at: usize) -> Option<(usize, u64)> {
    let mut breaks = 0;
    loop {
        match (block.get(at)?, block.get(at + 1)) {
            (b'"', Some(b'"')) => at += 2,
            (b'"', _) => return Some((at + 1, breaks)),
            (byte, _) => {
                breaks += u64::from(*byte == b'\n');
                at += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_fields_may_hold_delimiters_quotes_and_line_breaks() {
        assert_eq!(span(b"a,b\nc", b','), Span::Row { end: 3, next: 4, lines: 1 });
        assert_eq!(span(b"\"a\nb\",\"c\"\"d\"\nx", b','), Span::Row { end: 12, next: 13, lines: 2 });
        assert_eq!(span(b"el \"sol\",b\n", b','), Span::Row { end: 10, next: 11, lines: 1 });
        assert_eq!(span(b"last", b','), Span::Row { end: 4, next: 4, lines: 1 });
    }

    #[test]
    fn a_stray_quote_costs_its_own_line_only() {
        assert_eq!(span(b"1,\"abc,2\n2,def,3\n", b','), Span::Broken { next: 9 });
        assert_eq!(span(b"1,\"abc,2\n2,\"def\",3\n", b','), Span::Broken { next: 9 });
        let mut long = b"1,\"abc\n".to_vec();
        long.resize(2 * MAX_ROW, b'x');
        assert_eq!(span(&long, b','), Span::Broken { next: 7 });
    }

    #[test]
    fn a_line_beyond_every_size_is_skipped() {
        assert_eq!(span(&vec![b'x'; MAX_ROW + 1], b','), Span::Oversize);
    }
}
