//! An A4 sheet with a pen that moves from top to bottom: text, wrapping, boxes and links.

use super::content::{Content, Outline};
use super::fonts::{Face, Fonts};
use super::letters::drawable;
use super::qr::Squares;

/// A4 in points.
pub(super) const WIDTH: f32 = 595.28;
pub(super) const HEIGHT: f32 = 841.89;

/// A colour as `0xRRGGBB`.
#[derive(Clone, Copy)]
pub(super) struct Ink(pub(super) u32);

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
    content: Content,
    pub(super) y: f32,
}

impl<'f> Sheet<'f> {
    pub(super) fn new(fonts: &'f Fonts) -> Self {
        Self { fonts, content: Content::default(), y: 0.0 }
    }

    pub(super) fn finish(self) -> Content {
        self.content
    }

    /// One line of text with its baseline at `baseline` from the top.
    pub(super) fn text(&mut self, x: f32, baseline: f32, style: Style, text: &str) {
        let text = drawable(text);
        let codes = self.fonts.codes(style.face, &text);
        self.content.text((x, HEIGHT - baseline), style.face.id(), style.size, style.ink, codes);
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
        self.content.shape(&rounded(area, 0.0), ink, None);
    }

    /// A rectangle with round corners, filled and outlined.
    pub(super) fn panel(&mut self, area: Area, radius: f32, fill: Ink, line: Ink) {
        self.content.shape(&rounded(area, radius), fill, Some((line, 0.8)));
    }

    /// Squares of one colour in a grid that fills the area's width.
    pub(super) fn squares(&mut self, area: Area, ink: Ink, squares: &Squares) {
        let side = area.width / squares.side as f32;
        let place = |x: usize, y: usize| (area.x + x as f32 * side, HEIGHT - area.top - y as f32 * side);
        let bars = squares.bars.iter().map(|bar| {
            let (left, top) = place(bar.x, bar.y);
            [left, top - side, bar.length as f32 * side, side]
        });
        self.content.rectangles(bars, ink);
    }

    /// Makes an area a link.
    pub(super) fn link(&mut self, area: Area, target: &str) {
        let bottom = HEIGHT - area.top - area.height;
        self.content.link([area.x, bottom, area.x + area.width, bottom + area.height], target);
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

/// A closed outline, clockwise from the top right corner; round corners are Bézier quarter circles.
fn rounded(area: Area, radius: f32) -> Outline {
    const KAPPA: f32 = 0.552_285;
    let (left, right) = (area.x, area.x + area.width);
    let (top, bottom) = (HEIGHT - area.top, HEIGHT - area.top - area.height);
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
