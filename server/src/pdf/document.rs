//! The file around the page. Fonts, colours, structure: constant objects, written once; catalog, dates,
//! links, the letter's own content and its signature are added to a copy of them.

use std::io::Write;
use std::sync::LazyLock;

use contract::Timestamp;
use flate2::Compression;
use lopdf::{Document, Object, ObjectId, Stream, StringFormat, dictionary};
use printpdf::{FontId, Mm, Op, PdfDocument, PdfFont, PdfFontHandle, PdfPage, PdfSaveOptions, Point, Pt, TextItem};
use sha2::{Digest, Sha256};

use super::fonts::{Face, Fonts};
use super::letters::{alphabet, drawable};
use super::page::SIGNATURE;
use super::sheet::{Sheet, Start};
use super::stationery::deflated;
use super::structure::Annotation;
use super::{Brand, LOGO, Letter, PdfFault, Stationery, page, serial, verify_link};
use crate::observe::figures;
use crate::signing::{Draft, SignatureNote, pdf_date, signature_dictionary};

const TITLE: &str = "Clave segura preasignada";
const SUBJECT: &str = "Clave preasignada de usuario verificado y condiciones del servicio";
const PROGRAM: &str = "Clave Segura";

/// Objects by their place after the fonts; the structure's are the last.
#[derive(Clone, Copy)]
pub(super) enum Slot {
    Pages,
    Page,
    Letterhead,
    Dated,
    Greeting,
    Data,
    Terms,
    Foot,
    Profile,
    Catalog,
    Info,
    Metadata,
    Activate,
    Verify,
    Field,
    Appearance,
    Signature,
    /// The constant objects that are no streams, packed.
    Packed,
    /// Where every object is.
    Table,
    Structure,
}

/// Where an object is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// At this byte of the file.
    At(usize),
    /// The so-and-so-many-th of those packed.
    Packed(u32),
}

impl Slot {
    pub(super) const fn number(self, first: u32) -> u32 {
        first + self as u32
    }

    pub(super) const fn of(annotation: Annotation) -> Self {
        match annotation {
            Annotation::Activate => Self::Activate,
            Annotation::Verify => Self::Verify,
            Annotation::Signature => Self::Field,
        }
    }
}

/// The constant objects as bytes, and where each begins.
#[derive(Clone)]
pub(super) struct Blank {
    pub(super) bytes: Vec<u8>,
    pub(super) places: Vec<(u32, Place)>,
    pub(super) packed: serial::Packed,
    /// The first number after the fonts.
    first: u32,
    /// Fonts and pictures of the page, and of the signature's field.
    resources: Object,
}

impl Blank {
    pub(super) const fn first_slot(&self) -> u32 {
        self.first
    }

    pub(super) const fn number(&self, slot: Slot) -> u32 {
        slot.number(self.first)
    }

    fn reference(&self, slot: Slot) -> Object {
        Object::Reference((self.number(slot), 0))
    }
}

/// Fonts and their widths and meanings by printpdf (once a process), the page, the logo, the colour profile.
pub(super) fn blank(brand: &Brand) -> Result<Blank, PdfFault> {
    static FONTS: LazyLock<Result<(Document, Object), PdfFault>> = LazyLock::new(|| embedded_fonts(Fonts::shipped()?));
    let (document, resources) = FONTS.as_ref().map_err(|fault| *fault)?;
    let bytes = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let (places, packed) = (Vec::new(), serial::Packed::default());
    let mut blank = Blank { bytes, places, packed, first: document.max_id + 1, resources: resources.clone() };
    for ((number, _), object) in &document.objects {
        blank.add_numbered(*number, object);
    }
    if let (Some(logo), Object::Dictionary(resources)) = (&brand.logo, &mut blank.resources) {
        let number = blank.first;
        blank.first += 1;
        resources.set("XObject", dictionary! { LOGO => Object::Reference((number, 0)) });
        blank.add_numbered(number, &logo.object());
    }
    let contents = [Slot::Letterhead, Slot::Dated, Slot::Greeting, Slot::Data, Slot::Terms, Slot::Foot];
    let page = dictionary! {
        "Type" => "Page",
        "Parent" => blank.reference(Slot::Pages),
        "MediaBox" => vec![0.into(), 0.into(), Object::Real(super::sheet::WIDTH), Object::Real(super::sheet::HEIGHT)],
        "Resources" => blank.resources.clone(),
        "Contents" => contents.map(|slot| blank.reference(slot)).to_vec(),
        "Annots" => Annotation::ALL.map(|annotation| blank.reference(Slot::of(annotation))).to_vec(),
        "StructParents" => 0,
        "Tabs" => "S",
    };
    let pages = dictionary! { "Type" => "Pages", "Count" => 1, "Kids" => vec![blank.reference(Slot::Page)] };
    blank.add(Slot::Pages, &pages.into());
    blank.add(Slot::Page, &page.into());
    let mut profile = deflated(include_bytes!("../../assets/color/sRGB.icc"), Compression::best())?;
    profile.dict.set("N", 3);
    blank.add(Slot::Profile, &profile.into());
    Ok(blank)
}

/// A page that shows every letter of every face, so that printpdf embeds their widths and what they mean;
/// of it nothing but the fonts is kept.
fn embedded_fonts(fonts: &Fonts) -> Result<(Document, Object), PdfFault> {
    let mut pdf = PdfDocument::new(TITLE);
    let mut ops = vec![Op::StartTextSection, Op::SetTextCursor { pos: Point { x: Pt(0.0), y: Pt(0.0) } }];
    for face in Face::ALL {
        let id = FontId(face.id().to_owned());
        pdf.resources.fonts.map.insert(id.clone(), PdfFont::new(fonts.font(face).clone()));
        ops.push(Op::SetFont { font: PdfFontHandle::External(id), size: Pt(10.0) });
        ops.push(Op::ShowText { items: vec![TextItem::Text(alphabet())] });
    }
    ops.push(Op::EndTextSection);
    pdf.with_pages(vec![PdfPage::new(Mm(210.0), Mm(297.0), ops)]);
    let options = PdfSaveOptions { optimize: false, image_optimization: None, ..PdfSaveOptions::default() };
    let mut document = pdf.to_lopdf_document(&options, &mut Vec::new());

    let page = document.page_iter().next().ok_or(PdfFault::Write)?;
    let fonts = {
        let (own, inherited) = document.get_page_resources(page).map_err(|_| PdfFault::Write)?;
        let shared = inherited.into_iter().filter_map(|id: ObjectId| document.get_dictionary(id).ok());
        let fonts = own.into_iter().chain(shared).find_map(|resources| resources.get(b"Font").ok());
        fonts.cloned().ok_or(PdfFault::Write)?
    };
    document.trailer = dictionary! { "Font" => fonts };
    document.prune_objects();
    document.renumber_objects();
    document.compress();
    let fonts = document.trailer.get(b"Font").cloned().map_err(|_| PdfFault::Write)?;
    Ok((document, dictionary! { "Font" => fonts }.into()))
}

/// A letter while it is written.
struct Sheets<'s> {
    stationery: &'s Stationery,
    bytes: Vec<u8>,
    places: Vec<(u32, Place)>,
}

impl Stationery {
    /// The letter as a file without a signature; its field shows `note` if there is one.
    ///
    /// # Errors
    /// Only when the writer fails: no text can make it fail.
    pub fn render(&self, letter: &Letter<'_>, note: Option<SignatureNote<'_>>) -> Result<Vec<u8>, PdfFault> {
        figures::pdf(|| self.write(letter, note, None))
    }

    /// The letter with a place of `room` bytes for its signature.
    ///
    /// # Errors
    /// As [`Self::render`].
    pub fn draft(&self, letter: &Letter<'_>, note: SignatureNote<'_>, room: usize) -> Result<Draft, PdfFault> {
        let bytes = figures::pdf(|| self.write(letter, Some(note), Some(room)))?;
        Draft::new(bytes, room).ok_or(PdfFault::Write)
    }

    fn write(
        &self,
        letter: &Letter<'_>,
        note: Option<SignatureNote<'_>>,
        room: Option<usize>,
    ) -> Result<Vec<u8>, PdfFault> {
        let hole = 2 * room.unwrap_or_default();
        let mut bytes = Vec::with_capacity(self.blank.bytes.len() + hole + 16 * 1024);
        bytes.extend_from_slice(&self.blank.bytes);
        let mut sheets = Sheets { stationery: self, bytes, places: self.blank.places.clone() };
        sheets.contents(letter)?;
        sheets.field(letter, note, room)?;
        sheets.about(letter, room.is_some());
        sheets.end(letter);
        Ok(sheets.bytes)
    }
}

impl Sheets<'_> {
    fn add(&mut self, slot: Slot, object: &Object) {
        let number = self.stationery.blank.number(slot);
        self.places.push((number, Place::At(self.bytes.len())));
        serial::numbered(&mut self.bytes, number, object);
    }

    fn reference(&self, slot: Slot) -> Object {
        self.stationery.blank.reference(slot)
    }

    /// The parts of the page that are the merchant's own, and the links.
    fn contents(&mut self, letter: &Letter<'_>) -> Result<(), PdfFault> {
        let own = self.stationery;
        let sheet = |start: Start| Sheet::new(own.fonts, own.look, start);
        let mut dated = sheet(own.dated);
        page::dated(&mut dated, &own.city, letter);
        self.content(Slot::Dated, &dated)?;

        let mut data = sheet(own.data);
        page::data_box(&mut data, letter);
        let sunk = data.y - own.usual;
        data.content.sink(sunk);
        self.content(Slot::Data, &data)?;

        let mut foot = sheet(own.foot);
        foot.content.settle();
        page::foot(&mut foot, &own.telephone, &own.verify_at, letter);
        self.content(Slot::Foot, &foot)?;

        let [left, bottom, right, top] = own.activate;
        let activate = (Annotation::Activate, [left, bottom - sunk, right, top - sunk]);
        let verify = foot.content.areas.iter().find(|(which, _)| *which == Annotation::Verify).copied();
        let (verify_name, verify) = ("Verificar este documento", verify.ok_or(PdfFault::Write)?);
        self.link(activate, "Activar la clave", &own.link);
        self.link(verify, verify_name, &verify_link(&own.verify_at, letter.code));
        Ok(())
    }

    fn content(&mut self, slot: Slot, sheet: &Sheet<'_>) -> Result<(), PdfFault> {
        let stream = deflated(sheet.content.operators.as_bytes(), Compression::fast())?;
        self.add(slot, &stream.into());
        Ok(())
    }

    fn link(&mut self, (annotation, area): (Annotation, [f32; 4]), name: &str, target: &str) {
        let link = dictionary! {
            "Type" => "Annot",
            "Subtype" => "Link",
            "Rect" => numbers(&area),
            "Border" => numbers(&[0.0, 0.0, 0.0]),
            "F" => 4, // printed
            "Contents" => lopdf::text_string(name),
            "StructParent" => annotation.struct_parent(),
            "A" => dictionary! { "S" => "URI", "URI" => Object::string_literal(target) },
        };
        self.add(Slot::of(annotation), &link.into());
    }

    /// The signature's field, with what it shows once it is signed.
    fn field(
        &mut self,
        letter: &Letter<'_>,
        note: Option<SignatureNote<'_>>,
        room: Option<usize>,
    ) -> Result<(), PdfFault> {
        let own = self.stationery;
        let area = numbers(&SIGNATURE.corners());
        let mut field = dictionary! {
            "Type" => "Annot",
            "Subtype" => "Widget",
            "FT" => "Sig",
            "T" => Object::string_literal("Firma"),
            "TU" => lopdf::text_string("Firma electrónica de la Cámara"),
            "P" => self.reference(Slot::Page),
            "F" => 132, // printed, locked
            "Rect" => area.clone(),
            "StructParent" => Annotation::Signature.struct_parent(),
            "AP" => dictionary! { "N" => self.reference(Slot::Appearance) },
        };
        let mut look = Sheet::new(own.fonts, own.look, own.foot);
        if let Some((note, room)) = note.zip(room) {
            field.set("V", self.reference(Slot::Signature));
            self.add(Slot::Signature, &signature_dictionary(letter.date, note, room).into());
        }
        if let Some(note) = note {
            page::signature(&mut look, note.name, note.reason, letter.date);
        }
        let mut appearance = deflated(look.content.operators.as_bytes(), Compression::fast())?;
        appearance.dict.extend(&dictionary! {
            "Type" => "XObject",
            "Subtype" => "Form",
            "BBox" => area,
            "Resources" => own.blank.resources.clone(),
        });
        self.add(Slot::Appearance, &appearance.into());
        self.add(Slot::Field, &field.into());
        Ok(())
    }

    /// Catalog and what the document says of itself, twice, as PDF/A wants it: nothing of the merchant.
    fn about(&mut self, letter: &Letter<'_>, signed: bool) {
        let chamber = drawable(&self.stationery.chamber).into_owned();
        let date = Object::string_literal(pdf_date(letter.date));
        let info = dictionary! {
            "Title" => lopdf::text_string(TITLE),
            "Subject" => lopdf::text_string(SUBJECT),
            "Author" => lopdf::text_string(&chamber),
            "Creator" => lopdf::text_string(PROGRAM),
            "Producer" => lopdf::text_string(PROGRAM),
            "CreationDate" => date.clone(),
            "ModDate" => date,
        };
        self.add(Slot::Info, &info.into());
        let packet = Stream::new(
            dictionary! { "Type" => "Metadata", "Subtype" => "XML" },
            metadata(&chamber, letter.date).into_bytes(),
        );
        self.add(Slot::Metadata, &packet.into());
        let intent = dictionary! {
            "Type" => "OutputIntent",
            "S" => "GTS_PDFA1",
            "OutputConditionIdentifier" => Object::string_literal("sRGB"),
            "Info" => Object::string_literal("sRGB IEC61966-2.1"),
            "DestOutputProfile" => self.reference(Slot::Profile),
        };
        let mut form = dictionary! { "Fields" => vec![self.reference(Slot::Field)] };
        let mut catalog = dictionary! {
            "Type" => "Catalog",
            "Pages" => self.reference(Slot::Pages),
            "Lang" => Object::string_literal("es-CO"),
            "MarkInfo" => dictionary! { "Marked" => true },
            "StructTreeRoot" => self.reference(Slot::Structure),
            "Metadata" => self.reference(Slot::Metadata),
            "OutputIntents" => vec![intent.into()],
            "ViewerPreferences" => dictionary! { "DisplayDocTitle" => true },
        };
        if signed {
            form.set("SigFlags", 3);
            catalog.set("Perms", dictionary! { "DocMDP" => self.reference(Slot::Signature) });
        }
        catalog.set("AcroForm", form);
        self.add(Slot::Catalog, &catalog.into());
    }

    /// Where every object is (7.5.8), and the end of the file.
    fn end(&mut self, letter: &Letter<'_>) {
        let (begins, table) = (self.bytes.len(), self.stationery.blank.number(Slot::Table));
        self.places.push((table, Place::At(begins)));
        self.places.sort_unstable();
        let size = self.places.last().map_or(1, |(number, _)| number + 1);
        let packed = self.stationery.blank.number(Slot::Packed);
        // Kind, then three bytes and two; a number that is not used is free.
        let mut entries = vec![[0; ENTRY]; size as usize];
        for (number, place) in &self.places {
            let (kind, first, second) = match place {
                Place::At(offset) => (1, *offset as u32, 0),
                Place::Packed(index) => (2, packed, *index as u16),
            };
            let (first, second) = (first.to_be_bytes(), second.to_be_bytes());
            entries[*number as usize] = [kind, first[1], first[2], first[3], second[0], second[1]];
        }
        let name = Sha256::digest(format!("{}|{}", letter.code, letter.date.0));
        let id = Object::String(name[..16].to_vec(), StringFormat::Hexadecimal);
        let trailer = dictionary! {
            "Type" => "XRef",
            "Size" => i64::from(size),
            "W" => vec![1.into(), 3.into(), 2.into()],
            "Root" => self.reference(Slot::Catalog),
            "Info" => self.reference(Slot::Info),
            "ID" => vec![id.clone(), id],
        };
        serial::numbered(&mut self.bytes, table, &Stream::new(trailer, entries.concat()).into());
        // Writing to a vector cannot fail.
        let _ = write!(self.bytes, "startxref\n{begins}\n%%EOF\n");
    }
}

/// Bytes of one entry of the table.
const ENTRY: usize = 6;

fn numbers(numbers: &[f32]) -> Object {
    Object::Array(numbers.iter().map(|n| Object::Real(*n)).collect())
}

/// The XMP packet: the same as the information dictionary, and that this is PDF/A-2b.
fn metadata(chamber: &str, at: Timestamp) -> String {
    let escaped = chamber.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let date = at.iso();
    format!(
        "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" \
         xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\n\
         <pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>\n\
         <dc:format>application/pdf</dc:format>\n\
         <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{TITLE}</rdf:li></rdf:Alt></dc:title>\n\
         <dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">{SUBJECT}</rdf:li></rdf:Alt></dc:description>\n\
         <dc:creator><rdf:Seq><rdf:li>{escaped}</rdf:li></rdf:Seq></dc:creator>\n\
         <xmp:CreatorTool>{PROGRAM}</xmp:CreatorTool><xmp:CreateDate>{date}</xmp:CreateDate>\
         <xmp:ModifyDate>{date}</xmp:ModifyDate>\n\
         <pdf:Producer>{PROGRAM}</pdf:Producer>\n\
         </rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>"
    )
}
