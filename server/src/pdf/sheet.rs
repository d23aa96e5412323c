//! An A4 sheet with a pen that moves from top to bottom: text, boxes and pictures, each with its place in
//! the structure that screen readers follow.

use super::content::{Content, Outline};
use super::fonts::{Face, Fonts};
use super::letters::drawable;
use super::qr::Squares;
use super::structure::{Annotation, Role, Structure};
use super::wrap::{SOFT_HYPHEN, Text, wrap};

/// A4 in points.
pub(super) const WIDTH: f32 = 595.28;
pub(super) const HEIGHT: f32 = 841.89;

/// A colour as `0xRRGGBB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ink(pub(super) u32);

/// The chamber's colours.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// Headings, bars, the password.
    pub(super) accent: Ink,
    /// Small marks beside it.
    pub(super) second: Ink,
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

/// Where a paragraph stands: its left edge, its width and from line to line.
#[derive(Clone, Copy)]
pub(super) struct Column {
    pub(super) x: f32,
    pub(super) width: f32,
    pub(super) leading: f32,
}

/// Where a part of the page begins.
#[derive(Clone, Copy)]
pub(super) struct Start {
    pub(super) y: f32,
    /// The number of its first piece of marked content.
    pub(super) marked: u32,
}

/// The sheet; `y` counts from the top edge downwards, in points.
pub(super) struct Sheet<'f> {
    fonts: &'f Fonts,
    pub(super) content: Content,
    pub(super) structure: Structure,
    pub(super) look: Look,
    pub(super) y: f32,
}

impl<'f> Sheet<'f> {
    pub(super) fn new(fonts: &'f Fonts, look: Look, start: Start) -> Self {
        let structure = Structure::from(start.marked);
        Self { fonts, content: Content::default(), structure, look, y: start.y }
    }

    /// Where the next part begins.
    pub(super) fn here(&self) -> Start {
        Start { y: self.y, marked: self.structure.next() }
    }

    /// A part of the structure with parts of its own.
    pub(super) fn group(&mut self, role: Role, draw: impl FnOnce(&mut Self)) {
        self.structure.open(role);
        draw(self);
        self.structure.close();
    }

    /// A piece of content of the open part.
    pub(super) fn marked(&mut self, draw: impl FnOnce(&mut Self)) {
        let mark = self.structure.mark();
        self.content.begin(mark);
        draw(self);
        self.content.end();
    }

    /// A part of the structure with one piece of content.
    pub(super) fn tagged(&mut self, role: Role, draw: impl FnOnce(&mut Self)) {
        self.group(role, |sheet| sheet.marked(draw));
    }

    /// Decoration.
    pub(super) fn artifact(&mut self, draw: impl FnOnce(&mut Self)) {
        self.content.begin_artifact();
        draw(self);
        self.content.end();
    }

    /// One line of text with its baseline at `baseline` from the top.
    pub(super) fn text(&mut self, x: f32, baseline: f32, style: Style, text: &str) {
        self.glyphs(x, baseline, style, &drawable(text));
    }

    /// The same for text that the fonts have.
    fn glyphs(&mut self, x: f32, baseline: f32, style: Style, text: &str) {
        let codes = self.fonts.codes(style.face, text);
        self.content.text((x, HEIGHT - baseline), style.face.id(), style.size, style.ink, codes);
    }

    /// One line that ends at `right`.
    pub(super) fn text_right(&mut self, right: f32, baseline: f32, style: Style, text: &str) {
        let width = self.width(style, text);
        self.text(right - width, baseline, style, text);
    }

    /// How wide a line is.
    pub(super) fn width(&self, style: Style, text: &str) -> f32 {
        self.fonts.width(style.face, style.size, &drawable(text))
    }

    /// Wrapped text of one style, at most `most` lines (the last ends in «…» when cut); moves `y`.
    pub(super) fn block(&mut self, column: Column, style: Style, most: usize, text: &str) {
        self.lines(column, style, &Text { size: style.size, most, hyphens: false, runs: &[(style.face, text)] });
    }

    /// Wrapped prose of several faces, its words parted at line ends; moves `y`.
    pub(super) fn prose(&mut self, column: Column, style: Style, runs: &[(Face, &str)]) {
        self.lines(column, style, &Text { size: style.size, most: usize::MAX, hyphens: true, runs });
    }

    /// How many lines [`Self::block`] takes.
    pub(super) fn height(&self, width: f32, style: Style, most: usize, text: &str) -> usize {
        wrap(self.fonts, width, &Text { size: style.size, most, hyphens: false, runs: &[(style.face, text)] }).len()
    }

    fn lines(&mut self, column: Column, style: Style, text: &Text<'_>) {
        let lines = wrap(self.fonts, column.width, text);
        let last = lines.len().saturating_sub(1);
        for (index, line) in lines.into_iter().enumerate() {
            let (mut at, baseline) = (column.x, self.y + style.size);
            for (face, text) in line {
                let style = Style { face, ..style };
                let (body, parted) = match text.strip_suffix(SOFT_HYPHEN) {
                    Some(body) => (body, true),
                    None => (text.as_str(), false),
                };
                self.glyphs(at, baseline, style, body);
                at += self.fonts.width(face, style.size, body);
                if parted {
                    self.content.begin_soft_hyphen();
                    self.glyphs(at, baseline, style, "-");
                    self.content.end();
                } else if index < last && !body.ends_with(' ') {
                    // Readers that do not look at places find the end of a word by its blank.
                    self.glyphs(at, baseline, style, " ");
                }
            }
            self.y += column.leading;
        }
    }

    /// A filled rectangle.
    pub(super) fn fill(&mut self, area: Area, ink: Ink) {
        self.content.shape(&rounded(area, 0.0), ink, None);
    }

    /// A rectangle with round corners, filled and outlined.
    pub(super) fn panel(&mut self, area: Area, radius: f32, fill: Ink, line: Ink) {
        self.content.shape(&rounded(area, radius), fill, Some((line, 0.8)));
    }

    /// A filled circle.
    pub(super) fn dot(&mut self, area: Area, ink: Ink) {
        self.content.shape(&rounded(area, area.width / 2.0), ink, None);
    }

    /// Squares of one colour in a grid that fills the area's width.
    pub(super) fn squares(&mut self, area: Area, ink: Ink, squares: &Squares) {
        let side = area.width / squares.side.max(1) as f32;
        let bars = squares.bars.iter().map(|bar| [bar.x, bar.y, bar.length]);
        self.content.squares((area.x, HEIGHT - area.top), side, bars, ink);
    }

    /// A picture of the page's resources.
    pub(super) fn picture(&mut self, area: Area, name: &str) {
        self.content.picture((area.x, HEIGHT - area.top - area.height), area.width, area.height, name);
    }

    /// Makes an area do something, as a kid of the open part.
    pub(super) fn annotate(&mut self, annotation: Annotation, area: Area) {
        self.structure.annotate(annotation);
        self.content.area(annotation, area.corners());
    }
}

impl Area {
    /// Left, bottom, right and top on the page.
    pub(super) fn corners(self) -> [f32; 4] {
        let bottom = HEIGHT - self.top - self.height;
        [self.x, bottom, self.x + self.width, bottom + self.height]
    }
}

/// A closed outline, clockwise from the top right corner; round corners are Bézier quarter circles.
fn rounded(area: Area, radius: f32) -> Outline {
    const KAPPA: f32 = 0.552_285;
    let [left, bottom, right, top] = area.corners();
    if radius == 0.0 {
        return Outline::through(&[(right, top), (right, bottom), (left, bottom), (left, top)]);
    }
    let (r, h) = (radius, radius * (1.0 - KAPPA));
    let mut outline = Outline::from((right - r, top));
    outline.curve((right - h, top), (right, top - h), (right, top - r));
    outline.line((right, bottom + r));
    outline.curve((right, bottom + h), (right - h, bottom), (right - r, bottom));
    outline.line((left + r, bottom));
    outline.curve((left + h, bottom), (left, bottom + h), (left, bottom + r));
    outline.line((left, top - r));
    outline.curve((left, top - h), (left + h, top), (left + r, top));
    outline
}
