//! The document around an acta's pages; its bytes depend on nothing but the acta.

use lopdf::{Document, Object, ObjectId, Stream, StringFormat, dictionary};
use printpdf::{FontId, Mm, Op, PdfDocument, PdfFont, PdfFontHandle, PdfPage, PdfSaveOptions, Point, Pt, TextItem};
use sha2::{Digest, Sha256};

use super::PdfFault;
use super::acta::ActaPages;
use super::content::Content;
use super::fonts::{Face, Fonts};
use super::letters::{alphabet, drawable};

/// Puts the pages together.
pub(super) fn assemble(contents: &[Content], acta: &ActaPages<'_>) -> Result<Document, PdfFault> {
    let mut document = blank(acta)?;
    let write = |_| PdfFault::Write;
    let first = document.page_iter().next().ok_or(PdfFault::Write)?;
    let page = document.get_dictionary(first).map_err(write)?.clone();
    let tree = page.get(b"Parent").and_then(Object::as_reference).map_err(write)?;
    let mut digest = Sha256::new();
    let mut kids: Vec<Object> = Vec::with_capacity(contents.len());
    for (index, content) in contents.iter().enumerate() {
        digest.update(&content.operators);
        let stream = document.add_object(Stream::new(dictionary! {}, content.operators.clone().into_bytes()));
        let mut own = page.clone();
        own.set("Contents", stream);
        let id: ObjectId = if index == 0 { first } else { document.new_object_id() };
        document.set_object(id, own);
        kids.push(id.into());
    }
    let pages = document.get_dictionary_mut(tree).map_err(write)?;
    pages.set("Count", i64::try_from(kids.len()).unwrap_or(1));
    pages.set("Kids", kids);
    document.prune_objects();
    document.compress();
    let name = digest.finalize();
    let id = Object::String(name[..16].to_vec(), StringFormat::Hexadecimal);
    document.trailer.set("ID", vec![id.clone(), id]);
    Ok(document)
}

/// One page that shows every letter of the two faces, so that printpdf embeds their widths and what they
/// mean; its content is replaced afterwards.
fn blank(acta: &ActaPages<'_>) -> Result<Document, PdfFault> {
    let fonts = Fonts::shipped()?;
    let mut pdf = PdfDocument::new("Acta de activación de clave preasignada");
    let mut ops = vec![Op::StartTextSection, Op::SetTextCursor { pos: Point { x: Pt(0.0), y: Pt(0.0) } }];
    for face in [Face::Regular, Face::Bold] {
        let id = FontId(face.id().to_owned());
        pdf.resources.fonts.map.insert(id.clone(), PdfFont::new(fonts.font(face).clone()));
        ops.push(Op::SetFont { font: PdfFontHandle::External(id), size: Pt(10.0) });
        ops.push(Op::ShowText { items: vec![TextItem::Text(alphabet())] });
    }
    ops.push(Op::EndTextSection);
    let info = &mut pdf.metadata.info;
    info.creator = "Clave Segura".to_owned();
    info.producer = "Clave Segura".to_owned();
    info.subject = "Evidencia de la activación de un usuario verificado".to_owned();
    pdf.with_pages(vec![PdfPage::new(Mm(210.0), Mm(297.0), ops)]);
    let options = PdfSaveOptions { optimize: false, image_optimization: None, ..PdfSaveOptions::default() };
    let mut document = pdf.to_lopdf_document(&options, &mut Vec::new());
    document.version = "1.7".to_owned();
    let catalog = document.catalog_mut().map_err(|_| PdfFault::Write)?;
    catalog.set("Lang", Object::string_literal("es-CO"));
    catalog.set("ViewerPreferences", dictionary! { "DisplayDocTitle" => true });
    let info = document.trailer.get(b"Info").and_then(Object::as_reference).map_err(|_| PdfFault::Write)?;
    let info = document.get_dictionary_mut(info).map_err(|_| PdfFault::Write)?;
    let t = acta.date.in_bogota();
    let date = format!(
        "D:{:04}{:02}{:02}{:02}{:02}{:02}-05'00'",
        t.year(),
        u8::from(t.month()),
        t.day(),
        t.hour(),
        t.minute(),
        t.second()
    );
    info.set("Author", lopdf::text_string(&drawable(acta.chamber)));
    info.set("CreationDate", Object::string_literal(date.clone()));
    info.set("ModDate", Object::string_literal(date));
    Ok(document)
}
