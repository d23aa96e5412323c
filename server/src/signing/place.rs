//! Where the signature stands in the PDF: dictionary, field, AcroForm, `/Perms` with `/DocMDP`, and a
//! ByteRange that covers every byte but the signature's own.

use std::ops::Range;

use contract::Timestamp;
use lopdf::{Dictionary, Document, Object, StringFormat, dictionary};
use sha2::{Digest, Sha256};

use super::{SignatureNote, SigningFault};

/// Numbers of fixed width that no document of ours reaches; overwritten by the real ones.
const DUMMIES: [i64; 3] = [1_000_000_001, 1_000_000_002, 1_000_000_003];

/// The hole between the two signed ranges: `<` hexadecimal digits `>`.
#[derive(Clone)]
struct Gap(Range<usize>);

/// A whole PDF but for its signature: its ranges are written, its hole is open.
#[derive(Clone)]
pub struct Draft {
    bytes: Vec<u8>,
    gap: Gap,
}

impl Draft {
    /// A file that holds one [`signature_dictionary`] of `room` bytes; `None` when it does not.
    #[must_use]
    pub fn new(mut bytes: Vec<u8>, room: usize) -> Option<Self> {
        let gap = locate(&bytes, room)?;
        write_ranges(&mut bytes, &gap)?;
        Some(Self { bytes, gap })
    }

    /// The same of a document without one: an invisible field is added.
    pub(super) fn of(
        mut document: Document,
        at: Timestamp,
        note: SignatureNote<'_>,
        room: usize,
    ) -> Result<Self, SigningFault> {
        let page = document.page_iter().next().ok_or(SigningFault::Document)?;
        add_objects(&mut document, page, at, note, room).map_err(|_| SigningFault::Document)?;
        let mut bytes = Vec::with_capacity(64 * 1024 + 2 * room);
        document.save_to(&mut bytes).map_err(|_| SigningFault::Document)?;
        Self::new(bytes, room).ok_or(SigningFault::Document)
    }

    /// What is signed.
    fn ranges(&self) -> [&[u8]; 2] {
        [&self.bytes[..self.gap.0.start], &self.bytes[self.gap.0.end..]]
    }

    /// SHA-256 over both ranges.
    pub(super) fn digest(&self) -> Vec<u8> {
        self.ranges().into_iter().fold(Sha256::new(), Sha256::chain_update).finalize().to_vec()
    }

    /// Writes the CMS into its hole.
    pub(super) fn insert(&mut self, cms: &[u8]) -> Result<(), SigningFault> {
        const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
        let hole = &mut self.bytes[self.gap.0.start + 1..self.gap.0.end - 1];
        if 2 * cms.len() > hole.len() {
            return Err(SigningFault::Document);
        }
        for (pair, byte) in hole.chunks_exact_mut(2).zip(cms) {
            pair.copy_from_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
        }
        Ok(())
    }

    /// Reads the finished document as a stranger would: one ByteRange, from the first byte to the last,
    /// around nothing but the signature. Gives what is signed and the signature itself.
    pub(super) fn read_back(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        let marker = b"/ByteRange";
        let start = find(&self.bytes, marker)? + marker.len();
        let text = self.bytes[start..].iter().position(|b| *b == b']')?;
        let text = std::str::from_utf8(&self.bytes[start..start + text]).ok()?;
        let numbers = text.trim_start().trim_start_matches('[').split_whitespace();
        let numbers = numbers.map(str::parse).collect::<Result<Vec<usize>, _>>().ok()?;
        let [0, first, second, rest] = <[usize; 4]>::try_from(numbers).ok()? else { return None };
        let hole = self.bytes.get(first..second)?.strip_prefix(b"<")?.strip_suffix(b">")?;
        if second + rest != self.bytes.len() {
            return None;
        }
        let signed = [&self.bytes[..first], &self.bytes[second..]].concat();
        let digit = |digit: &u8| char::from(*digit).to_digit(16).map(|digit| digit as u8);
        let cms: Option<Vec<u8>> = hole.chunks_exact(2).map(|p| Some(digit(&p[0])? << 4 | digit(&p[1])?)).collect();
        Some((signed, cms?))
    }

    /// The document.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// The signature's dictionary with `room` bytes for the CMS.
#[must_use]
pub fn signature_dictionary(at: Timestamp, note: SignatureNote<'_>, room: usize) -> Dictionary {
    let permission = dictionary! {
        "Type" => "SigRef",
        "TransformMethod" => "DocMDP",
        "TransformParams" => dictionary! { "Type" => "TransformParams", "P" => 1, "V" => "1.2" },
    };
    let mut range = vec![Object::Integer(0)];
    range.extend(DUMMIES.map(Object::Integer));
    dictionary! {
        "Type" => "Sig",
        "Filter" => "Adobe.PPKLite",
        "SubFilter" => "ETSI.CAdES.detached",
        "ByteRange" => range,
        "Contents" => Object::String(vec![0; room], StringFormat::Hexadecimal),
        "Reference" => vec![Object::Dictionary(permission)],
        "M" => Object::string_literal(pdf_date(at)),
        "Name" => text(note.name),
        "Reason" => text(note.reason),
        "Location" => text(note.location),
    }
}

fn add_objects(
    document: &mut Document,
    page: lopdf::ObjectId,
    at: Timestamp,
    note: SignatureNote<'_>,
    room: usize,
) -> lopdf::Result<()> {
    let signature = document.add_object(signature_dictionary(at, note, room));
    let widget = document.add_object(dictionary! {
        "Type" => "Annot",
        "Subtype" => "Widget",
        "FT" => "Sig",
        "T" => Object::string_literal("Firma"),
        "V" => signature,
        "P" => page,
        "F" => 132, // printed, locked
        "Rect" => vec![0.into(), 0.into(), 0.into(), 0.into()],
    });
    let page = document.get_dictionary_mut(page)?;
    match page.get_mut(b"Annots").and_then(Object::as_array_mut) {
        Ok(annotations) => annotations.push(Object::Reference(widget)),
        Err(_) => page.set("Annots", vec![Object::Reference(widget)]),
    }
    let catalog = document.catalog_mut()?;
    catalog.set("AcroForm", dictionary! { "Fields" => vec![Object::Reference(widget)], "SigFlags" => 3 });
    catalog.set("Perms", dictionary! { "DocMDP" => signature });
    Ok(())
}

/// Text strings of PDF are UTF-16 with a mark when they are not ASCII.
fn text(value: &str) -> Object {
    if value.is_ascii() {
        return Object::string_literal(value);
    }
    let mut bytes = vec![0xFE, 0xFF];
    bytes.extend(value.encode_utf16().flat_map(u16::to_be_bytes));
    Object::String(bytes, StringFormat::Hexadecimal)
}

/// A moment as PDF writes it, in official time.
#[must_use]
pub fn pdf_date(at: Timestamp) -> String {
    let t = at.in_bogota();
    format!(
        "D:{:04}{:02}{:02}{:02}{:02}{:02}-05'00'",
        t.year(),
        u8::from(t.month()),
        t.day(),
        t.hour(),
        t.minute(),
        t.second()
    )
}

/// Finds the zeros kept for the CMS: the one run of exactly that many.
fn locate(bytes: &[u8], room: usize) -> Option<Gap> {
    let zeros = [b"<".as_slice(), &vec![b'0'; 2 * room], b">"].concat();
    let start = find(bytes, &zeros)?;
    Some(Gap(start..start + zeros.len()))
}

/// From the end, where the signature's objects stand.
fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    memchr::memmem::rfind(bytes, wanted)
}

fn write_ranges(bytes: &mut [u8], gap: &Gap) -> Option<()> {
    let values = [gap.0.start, gap.0.end, bytes.len() - gap.0.end];
    for (dummy, value) in DUMMIES.into_iter().zip(values) {
        let at = find(bytes, dummy.to_string().as_bytes())?;
        bytes[at..at + 10].copy_from_slice(format!("{value:<10}").as_bytes());
    }
    Some(())
}
