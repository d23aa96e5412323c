//! The document around the page. Fonts, catalog and everything else that is the same for all letters are
//! made once, by printpdf, and compressed; a letter adds its content, its links and its dates.

use std::io::Write;
use std::sync::LazyLock;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, dictionary};
use printpdf::{FontId, Mm, Op, PdfDocument, PdfFont, PdfFontHandle, PdfPage, PdfSaveOptions, Point, Pt, TextItem};
use sha2::{Digest, Sha256};

use super::content::Content;
use super::fonts::{Face, Fonts};
use super::letters::{alphabet, drawable};
use super::{Letter, PdfFault};

/// The constant part, and where a letter's own goes.
struct Blank {
    document: Document,
    page: ObjectId,
    content: ObjectId,
    info: ObjectId,
}

/// The letter as a document whose bytes depend on nothing but the letter.
pub(super) fn assemble(content: Content, letter: &Letter<'_>) -> Result<Document, PdfFault> {
    static BLANK: LazyLock<Result<Blank, PdfFault>> = LazyLock::new(blank);
    let blank = BLANK.as_ref().map_err(|fault| *fault)?;
    let mut document = blank.document.clone();
    document.set_object(blank.content, compressed(&content.operators)?);
    let links: Vec<Object> = content.links.iter().map(|(area, target)| link(*area, target)).collect();
    let page = document.get_dictionary_mut(blank.page).map_err(|_| PdfFault::Write)?;
    page.set("Annots", links);

    let info = document.get_dictionary_mut(blank.info).map_err(|_| PdfFault::Write)?;
    info.set("Author", lopdf::text_string(&drawable(letter.chamber)));
    let date = pdf_date(letter);
    info.set("CreationDate", date.clone());
    info.set("ModDate", date);
    let name = Sha256::digest(format!("{}|{}|{}", letter.identification, letter.date.0, letter.password));
    let id = Object::String(name[..16].to_vec(), StringFormat::Hexadecimal);
    document.trailer.set("ID", vec![id.clone(), id]);
    Ok(document)
}

/// A stream, deflated quickly: a kilobyte more costs less than the half millisecond.
fn compressed(operators: &str) -> Result<Stream, PdfFault> {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(operators.len() / 2), Compression::fast());
    let deflated = encoder.write_all(operators.as_bytes()).and_then(|()| encoder.finish());
    let deflated = deflated.map_err(|_| PdfFault::Write)?;
    Ok(Stream::new(dictionary! { "Filter" => "FlateDecode" }, deflated))
}

fn pdf_date(letter: &Letter<'_>) -> Object {
    let t = letter.date.in_bogota();
    let (year, month, day) = (t.year(), u8::from(t.month()), t.day());
    let time = format!("{:02}{:02}{:02}", t.hour(), t.minute(), t.second());
    Object::string_literal(format!("D:{year:04}{month:02}{day:02}{time}-05'00'"))
}

fn link(area: [f32; 4], target: &str) -> Object {
    let numbers = |numbers: &[f32]| Object::Array(numbers.iter().map(|n| Object::Real(*n)).collect());
    Object::Dictionary(dictionary! {
        "Type" => "Annot",
        "Subtype" => "Link",
        "Rect" => numbers(&area),
        "Border" => numbers(&[0.0, 0.0, 0.0]),
        "A" => dictionary! { "S" => "URI", "URI" => Object::string_literal(target) },
    })
}

/// A page that shows every letter of every face, so that printpdf embeds their widths and what they
/// mean; its content is replaced afterwards.
fn blank() -> Result<Blank, PdfFault> {
    let fonts = Fonts::shipped()?;
    let mut pdf = PdfDocument::new("Clave segura preasignada");
    let mut ops = vec![Op::StartTextSection, Op::SetTextCursor { pos: Point { x: Pt(0.0), y: Pt(0.0) } }];
    for face in Face::ALL {
        let id = FontId(face.id().to_owned());
        pdf.resources.fonts.map.insert(id.clone(), PdfFont::new(fonts.font(face).clone()));
        ops.push(Op::SetFont { font: PdfFontHandle::External(id), size: Pt(10.0) });
        ops.push(Op::ShowText { items: vec![TextItem::Text(alphabet())] });
    }
    ops.push(Op::EndTextSection);
    let info = &mut pdf.metadata.info;
    info.creator = "Clave Segura".to_owned();
    info.producer = "Clave Segura".to_owned();
    info.subject = "Clave preasignada de usuario verificado y condiciones del servicio".to_owned();
    pdf.with_pages(vec![PdfPage::new(Mm(210.0), Mm(297.0), ops)]);
    let options = PdfSaveOptions { optimize: false, image_optimization: None, ..PdfSaveOptions::default() };
    let mut document = pdf.to_lopdf_document(&options, &mut Vec::new());
    document.version = "1.7".to_owned();
    let catalog = document.catalog_mut().map_err(|_| PdfFault::Write)?;
    catalog.set("Lang", Object::string_literal("es-CO"));
    catalog.set("ViewerPreferences", dictionary! { "DisplayDocTitle" => true });
    document.compress();

    let page = document.page_iter().next().ok_or(PdfFault::Write)?;
    let reference = |dictionary: &Dictionary, key: &[u8]| {
        dictionary.get(key).and_then(Object::as_reference).map_err(|_| PdfFault::Write)
    };
    let content = reference(document.get_dictionary(page).map_err(|_| PdfFault::Write)?, b"Contents")?;
    let info = reference(&document.trailer, b"Info")?;
    Ok(Blank { document, page, content, info })
}
