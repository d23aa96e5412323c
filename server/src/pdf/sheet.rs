//! An A4 sheet with a pen that moves from top to bottom: text, wrapping, boxes and rules.

use lopdf::{Object, StringFormat};
use printpdf::{
    Actions, BorderArray, Color, FontId, LinePoint, LinkAnnotation, Mm, Op, PaintMode, PdfDocument, PdfFont,
    PdfFontHandle, PdfPage, PdfSaveOptions, Point, Polygon, PolygonRing, Pt, Rect, Rgb, TextItem, WindingOrder,
};
use sha2::{Digest, Sha256};

use super::fonts::{Face, Fonts};
use super::letters::drawable;
use super::{Letter, PdfFault};

/// A4 in points.
pub(super) const WIDTH: f32 = 595.28;
pub(super) const HEIGHT: f32 = 841.89;

/// A colour as `0xRRGGBB`.
#[derive(Clone, Copy)]
pub(super) struct Ink(pub(super) u32);

impl Ink {
    fn color(self) -> Color {
        let part = |shift: u32| ((self.0 >> shift) & 0xFF) as u8;
        let unit = |byte: u8| f32::from(byte) / 255.0;
        Color::Rgb(Rgb { r: unit(part(16)), g: unit(part(8)), b: unit(part(0)), icc_profile: None })
    }
}

/// Size and colour of a text.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub(super) face: Face,
    pub(super) size: f32,
    pub(super) ink: Ink,
}

/// A rectangle, from the top left corner.
#[derive(Clone, Copy)]
pub(super) struct Area {
    pub(super) x: f32,
    pub(super) top: f32,
    pub(super) width: f32,
    pub(super) height: f32,
}

/// The sheet; `y` counts from the top edge downwards, in points.
pub(super) struct Sheet<'f> {
    fonts: &'f Fonts,
    ops: Vec<Op>,
    pub(super) y: f32,
}

impl<'f> Sheet<'f> {
    pub(super) fn new(fonts: &'f Fonts) -> Self {
        Self { fonts, ops: Vec::new(), y: 0.0 }
    }

    pub(super) fn finish(self) -> Vec<Op> {
        self.ops
    }

    /// One line of text with its baseline at `baseline` from the top.
    pub(super) fn text(&mut self, x: f32, baseline: f32, style: Style, text: &str) {
        let font = PdfFontHandle::External(FontId(style.face.id().to_owned()));
        self.ops.extend([
            Op::StartTextSection,
            Op::SetTextCursor { pos: point(x, baseline) },
            Op::SetFont { font, size: Pt(style.size) },
            Op::SetFillColor { col: style.ink.color() },
            Op::ShowText { items: vec![TextItem::Text(drawable(text).into_owned())] },
            Op::EndTextSection,
        ]);
    }

    /// One line that ends at `right`.
    pub(super) fn text_right(&mut self, right: f32, baseline: f32, style: Style, text: &str) {
        let width = self.fonts.width(style.face, style.size, &drawable(text));
        self.text(right - width, baseline, style, text);
    }

    /// Wrapped text of one style, at most `most` lines (the last ends in «…» when cut); moves `y`.
    pub(super) fn block(&mut self, x: f32, width: f32, style: Style, leading: f32, most: usize, text: &str) {
        self.runs(x, width, style, leading, most, &[(style.face, text)]);
    }

    /// Wrapped text of several faces in one paragraph; moves `y`.
    pub(super) fn runs(&mut self, x: f32, width: f32, style: Style, leading: f32, most: usize, runs: &[(Face, &str)]) {
        for line in self.wrap(width, style.size, most, runs) {
            let mut at = x;
            for (face, text) in line {
                self.text(at, self.y + style.size, Style { face, ..style }, &text);
                at += self.fonts.width(face, style.size, &text);
            }
            self.y += leading;
        }
    }

    /// Breaks runs into lines no wider than `width`; a word that is wider is broken between letters.
    fn wrap(&self, width: f32, size: f32, most: usize, runs: &[(Face, &str)]) -> Vec<Vec<(Face, String)>> {
        let mut lines: Vec<Vec<(Face, String)>> = vec![Vec::new()];
        let mut used = 0.0;
        for (face, text) in runs {
            for word in drawable(text).split(' ').filter(|word| !word.is_empty()) {
                let mut rest = word;
                while !rest.is_empty() {
                    let space = if used > 0.0 { self.fonts.width(*face, size, " ") } else { 0.0 };
                    let whole = self.fonts.width(*face, size, rest);
                    if used + space + whole <= width {
                        append(&mut lines, *face, rest, used > 0.0);
                        used += space + whole;
                        break;
                    }
                    if used == 0.0 {
                        let cut = self.longest_prefix(*face, size, width, rest);
                        append(&mut lines, *face, &rest[..cut], false);
                        rest = &rest[cut..];
                    }
                    if lines.len() == most {
                        ellipsis(&mut lines);
                        return lines;
                    }
                    lines.push(Vec::new());
                    used = 0.0;
                }
            }
        }
        lines
    }

    /// How many bytes of `word` fit; at least one letter, so that wrapping always ends.
    fn longest_prefix(&self, face: Face, size: f32, width: f32, word: &str) -> usize {
        let mut used = 0.0;
        for (index, c) in word.char_indices() {
            used += self.fonts.width(face, size, c.encode_utf8(&mut [0; 4]));
            if used > width && index > 0 {
                return index;
            }
        }
        word.len()
    }

    /// How many lines a text takes.
    pub(super) fn lines(&self, width: f32, size: f32, most: usize, runs: &[(Face, &str)]) -> usize {
        self.wrap(width, size, most, runs).len()
    }

    /// A filled rectangle.
    pub(super) fn fill(&mut self, area: Area, ink: Ink) {
        self.ops.push(Op::SetFillColor { col: ink.color() });
        self.ops.push(Op::DrawPolygon { polygon: rounded(area, 0.0, PaintMode::Fill) });
    }

    /// A rectangle with round corners, filled and outlined.
    pub(super) fn panel(&mut self, area: Area, radius: f32, fill: Ink, line: Ink) {
        self.ops.extend([
            Op::SetFillColor { col: fill.color() },
            Op::SetOutlineColor { col: line.color() },
            Op::SetOutlineThickness { pt: Pt(0.8) },
            Op::DrawPolygon { polygon: rounded(area, radius, PaintMode::FillStroke) },
        ]);
    }

    /// Makes an area a link.
    pub(super) fn link(&mut self, area: Area, target: &str) {
        let rect = Rect {
            x: Pt(area.x),
            y: Pt(HEIGHT - area.top - area.height),
            width: Pt(area.width),
            height: Pt(area.height),
            mode: None,
            winding_order: None,
        };
        let border = Some(BorderArray::Solid([0.0, 0.0, 0.0]));
        let link = LinkAnnotation::new(rect, Actions::uri(target.to_owned()), border, None, None);
        self.ops.push(Op::LinkAnnotation { link });
    }
}

fn append(lines: &mut [Vec<(Face, String)>], face: Face, word: &str, spaced: bool) {
    let Some(line) = lines.last_mut() else { return };
    let space = if spaced { " " } else { "" };
    match line.last_mut() {
        Some((last, text)) if *last == face => {
            text.push_str(space);
            text.push_str(word);
        }
        _ => line.push((face, format!("{space}{word}"))),
    }
}

fn ellipsis(lines: &mut [Vec<(Face, String)>]) {
    if let Some((_, text)) = lines.last_mut().and_then(|line| line.last_mut()) {
        text.pop();
        text.push('…');
    }
}

fn point(x: f32, from_top: f32) -> Point {
    Point { x: Pt(x), y: Pt(HEIGHT - from_top) }
}

/// A closed outline; round corners are Bézier quarter circles.
fn rounded(area: Area, radius: f32, mode: PaintMode) -> Polygon {
    const KAPPA: f32 = 0.552_285;
    let (left, top, right, bottom) = (area.x, area.top, area.x + area.width, area.top + area.height);
    let corners = [(right, top), (right, bottom), (left, bottom), (left, top)];
    let ways =
        [((-1.0, 0.0), (0.0, 1.0)), ((0.0, -1.0), (-1.0, 0.0)), ((1.0, 0.0), (0.0, -1.0)), ((0.0, 1.0), (1.0, 0.0))];
    let mut points = Vec::new();
    for ((x, y), (before, after)) in corners.into_iter().zip(ways) {
        let at = |way: (f32, f32), distance: f32, bezier: bool| LinePoint {
            p: point(x + way.0 * distance, y + way.1 * distance),
            bezier,
        };
        if radius == 0.0 {
            points.push(at(before, 0.0, false));
            continue;
        }
        let handle = radius * (1.0 - KAPPA);
        points.extend([at(before, radius, false), at(before, handle, true), at(after, handle, true)]);
        points.push(at(after, radius, false));
    }
    Polygon { rings: vec![PolygonRing { points }], mode, winding_order: WindingOrder::NonZero }
}

/// Writes the page as a document whose bytes depend on nothing but the letter.
pub(super) fn write(ops: Vec<Op>, fonts: &Fonts, letter: &Letter<'_>) -> Result<Vec<u8>, PdfFault> {
    let mut pdf = PdfDocument::new("Clave segura preasignada");
    for face in Face::ALL {
        let font = PdfFont::new(fonts.face(face).clone());
        pdf.resources.fonts.map.insert(FontId(face.id().to_owned()), font);
    }
    let info = &mut pdf.metadata.info;
    info.author = drawable(letter.chamber).into_owned();
    info.creator = "Clave Segura".to_owned();
    info.producer = "Clave Segura".to_owned();
    info.subject = "Clave preasignada de usuario verificado y condiciones del servicio".to_owned();
    if let Ok(date) = printpdf::OffsetDateTime::from_unix_timestamp(letter.date.0.div_euclid(1000)) {
        (info.creation_date, info.modification_date, info.metadata_date) = (date, date, date);
    }
    pdf.with_pages(vec![PdfPage::new(Mm(210.0), Mm(297.0), ops)]);

    let options = PdfSaveOptions { optimize: false, image_optimization: None, ..PdfSaveOptions::default() };
    let mut document = pdf.to_lopdf_document(&options, &mut Vec::new());
    document.version = "1.7".to_owned();
    let name = Sha256::digest(format!("{}|{}|{}", letter.identification, letter.date.0, letter.password));
    let id = Object::String(name[..16].to_vec(), StringFormat::Hexadecimal);
    document.trailer.set("ID", vec![id.clone(), id]);
    let catalog = document.catalog_mut().map_err(|_| PdfFault::Write)?;
    catalog.set("Lang", Object::string_literal("es-CO"));
    catalog.set("ViewerPreferences", lopdf::dictionary! { "DisplayDocTitle" => true });
    document.compress();
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).map_err(|_| PdfFault::Write)?;
    Ok(bytes)
}
