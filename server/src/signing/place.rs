//! Where the signature stands in the PDF: dictionary, invisible widget, AcroForm, `/Perms` with
//! `/DocMDP`, and a ByteRange that covers every byte but the signature's own.

use std::ops::Range;

use contract::Timestamp;
use lopdf::{Document, Object, StringFormat, dictionary};
use sha2::{Digest, Sha256};

use super::{SignatureNote, SigningFault};

/// Numbers of fixed width that no document of ours reaches; overwritten by the real ones.
const DUMMIES: [i64; 3] = [1_000_000_001, 1_000_000_002, 1_000_000_003];

/// The hole between the two signed ranges: `<` hexadecimal digits `>`.
pub(super) struct Gap(Range<usize>);

/// Adds the signature's objects and leaves `room` bytes for the CMS.
pub(super) fn prepare(
    mut document: Document,
    at: Timestamp,
    note: SignatureNote<'_>,
    room: usize,
) -> Result<(Vec<u8>, Gap), SigningFault> {
    let refused = |_| SigningFault::Document;
    let page = document.page_iter().next().ok_or(SigningFault::Document)?;
    add_objects(&mut document, page, at, note, room).map_err(refused)?;
    let mut bytes = Vec::with_capacity(64 * 1024 + 2 * room);
    document.save_to(&mut bytes).map_err(|_| SigningFault::Document)?;
    let gap = locate(&bytes, room).ok_or(SigningFault::Document)?;
    write_ranges(&mut bytes, &gap)?;
    Ok((bytes, gap))
}

fn add_objects(
    document: &mut Document,
    page: lopdf::ObjectId,
    at: Timestamp,
    note: SignatureNote<'_>,
    room: usize,
) -> lopdf::Result<()> {
    let permission = dictionary! {
        "Type" => "SigRef",
        "TransformMethod" => "DocMDP",
        "TransformParams" => dictionary! { "Type" => "TransformParams", "P" => 1, "V" => "1.2" },
    };
    let mut range = vec![Object::Integer(0)];
    range.extend(DUMMIES.map(Object::Integer));
    let signature = document.add_object(dictionary! {
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
    });
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

fn pdf_date(at: Timestamp) -> String {
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

fn write_ranges(bytes: &mut [u8], gap: &Gap) -> Result<(), SigningFault> {
    let values = [gap.0.start, gap.0.end, bytes.len() - gap.0.end];
    for (dummy, value) in DUMMIES.into_iter().zip(values) {
        let at = find(bytes, dummy.to_string().as_bytes()).ok_or(SigningFault::Document)?;
        bytes[at..at + 10].copy_from_slice(format!("{value:<10}").as_bytes());
    }
    Ok(())
}

/// SHA-256 over both ranges.
pub(super) fn digest(document: &[u8], gap: &Gap) -> Vec<u8> {
    let mut hasher = Sha256::new();
    hasher.update(&document[..gap.0.start]);
    hasher.update(&document[gap.0.end..]);
    hasher.finalize().to_vec()
}

/// Writes the CMS into its hole.
pub(super) fn insert(document: &mut [u8], gap: &Gap, cms: &[u8]) -> Result<(), SigningFault> {
    let hole = &mut document[gap.0.start + 1..gap.0.end - 1];
    if 2 * cms.len() > hole.len() {
        return Err(SigningFault::Document);
    }
    for (pair, byte) in hole.chunks_exact_mut(2).zip(cms) {
        pair.copy_from_slice(format!("{byte:02X}").as_bytes());
    }
    Ok(())
}

/// Reads the finished document as a stranger would: one ByteRange, from the first byte to the last,
/// around nothing but the signature, and the same digest.
pub(super) fn check(document: &[u8], gap: &Gap, expected: &[u8]) -> Result<(), SigningFault> {
    let read = || {
        let marker = b"/ByteRange[";
        let start = find(document, marker)? + marker.len();
        let end = start + document[start..].iter().position(|b| *b == b']')?;
        let numbers = std::str::from_utf8(&document[start..end]).ok()?;
        let numbers: Vec<usize> = numbers.split_whitespace().filter_map(|n| n.parse().ok()).collect();
        <[usize; 4]>::try_from(numbers).ok()
    };
    let [from, first, second, rest] = read().ok_or(SigningFault::SelfCheck)?;
    let whole = from == 0 && first == gap.0.start && second == gap.0.end && second + rest == document.len();
    if whole && digest(document, gap) == expected { Ok(()) } else { Err(SigningFault::SelfCheck) }
}
