//! A chamber's stationery: the page with everything printed on it that is the same in all letters, as bytes
//! that a letter only adds to.

use std::io::Write;

use contract::Timestamp;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use lopdf::{Object, Stream, dictionary};

use super::document::{Blank, Place, Slot, blank};
use super::fonts::Fonts;
use super::page::{self, FOOT, MOST_SUNK};
use super::sheet::{Ink, Look, Sheet, Start};
use super::{Issuer, Kind, Letter, PdfFault, serial};
use domain::document_code::DocumentCode;

/// What letters of one chamber, factor and version of the conditions have in common.
pub struct Stationery {
    pub(super) chamber: String,
    pub(super) city: String,
    pub(super) telephone: String,
    pub(super) link: String,
    pub(super) verify_at: String,
    pub(super) fonts: &'static Fonts,
    pub(super) look: Look,
    /// Where the parts of a letter's own begin.
    pub(super) dated: Start,
    pub(super) data: Start,
    pub(super) foot: Start,
    /// Where the lower half begins when nothing sinks.
    pub(super) usual: f32,
    /// Where the link to the activation lies then.
    pub(super) activate: [f32; 4],
    pub(super) blank: Blank,
}

/// Sizes of the conditions, from the one that they should have to the smallest that can be read.
const SIZES: [f32; 3] = [8.3, 8.0, 7.6];

/// The whole page of a letter that sinks nothing.
struct Laid<'f> {
    /// Its structure is the page's.
    sheet: Sheet<'f>,
    /// The operators of the parts that are the same in all letters.
    constant: [String; 3],
    dated: Start,
    data: Start,
    foot: Start,
    usual: f32,
    /// By how much the conditions come too near to the foot.
    over: f32,
}

fn lay_out<'f>(issuer: &Issuer<'_>, fonts: &'f Fonts, look: Look, size: f32) -> Laid<'f> {
    let sample = usual();
    let mut sheet = Sheet::new(fonts, look, Start { y: 0.0, marked: 0 });
    let cut = |sheet: &mut Sheet<'_>| std::mem::take(&mut sheet.content.operators);
    page::letterhead(&mut sheet, issuer);
    let letterhead = cut(&mut sheet);
    let dated = sheet.here();
    page::dated(&mut sheet, issuer.city, &sample);
    cut(&mut sheet);
    page::greeting(&mut sheet);
    let greeting = cut(&mut sheet);
    let data = sheet.here();
    page::data_box(&mut sheet, &sample);
    cut(&mut sheet);
    let usual = sheet.y;
    page::terms(&mut sheet, issuer, size);
    let terms = cut(&mut sheet);
    let over = sheet.y + MOST_SUNK - FOOT + 2.0;
    let foot = sheet.here();
    page::foot(&mut sheet, issuer.telephone, issuer.verify_at, &sample);
    Laid { sheet, constant: [letterhead, greeting, terms], dated, data, foot, usual, over }
}

/// A stream, deflated.
pub(super) fn deflated(operators: &[u8], level: Compression) -> Result<Stream, PdfFault> {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(operators.len() / 2), level);
    let deflated = encoder.write_all(operators).and_then(|()| encoder.finish());
    let deflated = deflated.map_err(|_| PdfFault::Write)?;
    Ok(Stream::new(dictionary! { "Filter" => "FlateDecode" }, deflated))
}

impl Stationery {
    /// Prints a chamber's stationery.
    ///
    /// # Errors
    /// When the conditions do not fit on the page, or the program's own fonts are broken.
    pub fn print(issuer: &Issuer<'_>) -> Result<Self, PdfFault> {
        let fonts = Fonts::shipped()?;
        let look = look(issuer.brand.accent);
        let laid = SIZES.iter().map(|size| lay_out(issuer, fonts, look, *size));
        let Laid { sheet, constant, dated, data, foot, usual, over } =
            laid.reduce(|better, smaller| if better.over > 0.0 { smaller } else { better }).ok_or(PdfFault::Write)?;
        if over > 0.0 {
            return Err(PdfFault::TooLong { lines: (over / 11.0).ceil() as usize });
        }
        let activate = sheet.content.areas.first().map(|(_, area)| *area).ok_or(PdfFault::Write)?;
        let mut blank = blank(issuer.brand)?;
        for (slot, operators) in [Slot::Letterhead, Slot::Greeting, Slot::Terms].into_iter().zip(constant) {
            blank.add(slot, &deflated(operators.as_bytes(), Compression::best())?.into());
        }
        let first = blank.number(Slot::Structure);
        let page = blank.number(Slot::Page);
        let numbers = blank.first_slot();
        let objects = sheet.structure.objects(first, page, |annotation| Slot::of(annotation).number(numbers));
        for (number, object) in (first..).zip(&objects) {
            blank.add_numbered(number, object);
        }
        blank.pack()?;
        Ok(Self {
            chamber: issuer.chamber.to_owned(),
            city: issuer.city.to_owned(),
            telephone: issuer.telephone.to_owned(),
            link: issuer.link.to_owned(),
            verify_at: issuer.verify_at.to_owned(),
            fonts,
            look,
            dated,
            data,
            foot,
            usual,
            activate,
            blank,
        })
    }
}

/// A letter that sinks nothing.
fn usual() -> Letter<'static> {
    Letter {
        date: Timestamp(0),
        name: "N",
        identification: "1",
        email: "a@b.co",
        mobile: "3",
        password: "p",
        valid_until: Timestamp(0),
        code: DocumentCode::ZERO,
        kind: Kind::Real,
    }
}

/// With a colour of its own, the small marks are a lighter tone of it.
fn look(accent: Option<u32>) -> Look {
    let Some(accent) = accent else { return page::DEFAULT };
    let lighter = |shift: u32| {
        let part = accent >> shift & 0xFF;
        (part + (0xFF - part) * 45 / 100) << shift
    };
    Look { accent: Ink(accent), second: Ink(lighter(16) | lighter(8) | lighter(0)) }
}

impl Blank {
    /// A constant object in its slot.
    pub(super) fn add(&mut self, slot: Slot, object: &Object) {
        self.add_numbered(self.number(slot), object);
    }

    /// Streams stand by themselves, everything else is packed.
    pub(super) fn add_numbered(&mut self, number: u32, object: &Object) {
        let place = match object {
            Object::Stream(_) => {
                let begins = self.bytes.len();
                serial::numbered(&mut self.bytes, number, object);
                Place::At(begins)
            }
            object => Place::Packed(self.packed.add(number, object)),
        };
        self.places.push((number, place));
    }

    /// Writes what is packed; nothing constant comes after it.
    fn pack(&mut self) -> Result<(), PdfFault> {
        let (content, count, first) = self.packed.content();
        let mut stream = deflated(&content, Compression::best())?;
        stream.dict.extend(&dictionary! { "Type" => "ObjStm", "N" => i64::from(count), "First" => first as i64 });
        self.add(Slot::Packed, &stream.into());
        Ok(())
    }
}
