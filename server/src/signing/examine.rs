//! A PDF that somebody shows: whether one of the chambers signed it, and all of it. Reads the bytes and
//! nothing of the document's structure, so that no crafted file can make it work hard: what a signature of
//! ours covers was written by this program.

use std::ops::Range;

use contract::Timestamp;
use openssl::cms::{CMSOptions, CmsContentInfo};
use openssl::stack::Stack;
use openssl::x509::X509;
use time::{Date, Month, PrimitiveDateTime, Time, UtcOffset};

/// What the bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The file is no PDF.
    NoPdf,
    /// Nobody signed it.
    Unsigned,
    /// There is a signature, but not one over exactly these bytes.
    Altered,
    /// A right signature over all of it, by none of the certificates known.
    Stranger,
    /// A right signature over all of it.
    Signed {
        /// By which of the certificates known.
        by: usize,
        /// When, by the signer's clock.
        at: Option<Timestamp>,
    },
}

/// Examines a file against the certificates known.
#[must_use]
pub fn examine(file: &[u8], known: &[X509]) -> Finding {
    // Readers look for the mark in the first kilobyte (ISO 32000-1, annex H.3.4.1).
    if memchr::memmem::find(&file[..file.len().min(1024)], b"%PDF-").is_none() {
        return Finding::NoPdf;
    }
    let mut marks = memchr::memmem::find_iter(file, RANGES);
    let (Some(mark), other) = (marks.next(), marks.next()) else { return Finding::Unsigned };
    // A second one was added to what the first covers.
    let gap = other.is_none().then(|| gap(file, mark)).flatten();
    let Some((gap, cms)) = gap.and_then(|gap| Some((gap.clone(), contents(&file[gap])?))) else {
        return Finding::Altered;
    };
    let signed = [&file[..gap.start], &file[gap.end..]].concat();
    let by = known.iter().position(|certificate| is_signed(&cms, &signed, Some(certificate)));
    match by {
        Some(by) => Finding::Signed { by, at: signing_time(&signed) },
        None if is_signed(&cms, &signed, None) => Finding::Stranger,
        None => Finding::Altered,
    }
}

/// Before the two ranges that a signature covers.
const RANGES: &[u8] = b"/ByteRange";

/// The hole in a signature that covers everything else, from the first byte to the last.
fn gap(file: &[u8], mark: usize) -> Option<Range<usize>> {
    // Four numbers of at most twenty digits, and blanks.
    let text = file[mark + RANGES.len()..].iter().copied().take(128).collect::<Vec<u8>>();
    let text = std::str::from_utf8(&text[..text.iter().position(|byte| *byte == b']')?]).ok()?;
    let numbers = text.trim_start().strip_prefix('[')?.split_ascii_whitespace().map(|number| number.parse().ok());
    let [from, first, second, rest] = <[usize; 4]>::try_from(numbers.collect::<Option<Vec<_>>>()?).ok()?;
    let is_whole = from == 0 && first < second && second.checked_add(rest)? == file.len();
    is_whole.then_some(first..second)
}

/// The CMS in its hole: `<`, hexadecimal digits, `>`; after it nothing but zeros.
fn contents(hole: &[u8]) -> Option<Vec<u8>> {
    let digits = hole.strip_prefix(b"<")?.strip_suffix(b">")?;
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut bytes = Vec::with_capacity(digits.len() / 2);
    for pair in digits.chunks(2) {
        let [high, low] = pair else { return None };
        bytes.push(digit(high)? << 4 | digit(low)?);
    }
    let length = der_length(&bytes)?;
    let padding = bytes.get(length..)?;
    padding.iter().all(|byte| *byte == 0).then(|| bytes[..length].to_vec())
}

/// Of the DER value that begins here, its header included.
fn der_length(bytes: &[u8]) -> Option<usize> {
    let first = usize::from(*bytes.get(1)?);
    if first < 0x80 {
        return Some(2 + first);
    }
    let count = first & 0x7F;
    let digits = bytes.get(2..2 + count).filter(|_| (1..=4).contains(&count))?;
    Some(2 + count + digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)))
}

/// Whether the CMS signs `content`: with this certificate, or with any that it brings along. Whether a
/// certificate may be trusted is not asked here: those known are the chambers' own.
fn is_signed(cms: &[u8], content: &[u8], with: Option<&X509>) -> bool {
    let verify = || {
        let mut flags = CMSOptions::BINARY | CMSOptions::DETACHED | CMSOptions::NO_SIGNER_CERT_VERIFY;
        let mut known = Stack::new()?;
        if let Some(certificate) = with {
            known.push(certificate.clone())?;
            flags |= CMSOptions::NOINTERN;
        }
        CmsContentInfo::from_der(cms)?.verify(Some(&known), None, Some(content), None, flags)
    };
    verify().is_ok()
}

/// The signature dictionary's `/M(D:20261123183000-05'00')`, as this program writes it, with a blank or without.
fn signing_time(signed: &[u8]) -> Option<Timestamp> {
    let marks = [b"/M(D:".as_slice(), b"/M (D:"];
    let start = marks.into_iter().find_map(|mark| Some(memchr::memmem::rfind(signed, mark)? + mark.len()))?;
    let text = std::str::from_utf8(signed.get(start..start + 20)?).ok()?;
    let number = |range: Range<usize>| text.get(range)?.parse::<u8>().ok();
    let date =
        Date::from_calendar_date(text.get(..4)?.parse().ok()?, Month::try_from(number(4..6)?).ok()?, number(6..8)?);
    let time = Time::from_hms(number(8..10)?, number(10..12)?, number(12..14)?);
    let offset = UtcOffset::from_hms(text.get(14..17)?.parse().ok()?, 0, 0).ok()?;
    let at = PrimitiveDateTime::new(date.ok()?, time.ok()?).assume_offset(offset);
    Some(Timestamp(at.unix_timestamp() * 1000))
}
