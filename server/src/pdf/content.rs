//! A page's content stream (ISO 32000-1, 8.5 and 9.4) and its links.

use std::fmt::Write;

use super::sheet::Ink;
use super::structure::{Annotation, Role};

/// What is drawn, in the order of drawing.
#[derive(Default)]
pub(super) struct Content {
    pub(super) operators: String,
    /// Where annotations lie: left, bottom, right, top.
    pub(super) areas: Vec<(Annotation, [f32; 4])>,
}

/// A closed path, as operators.
pub(super) struct Outline(String);

type Place = (f32, f32);

impl Outline {
    /// Begins somewhere.
    pub(super) fn from((x, y): Place) -> Self {
        Self(format!("{x:.2} {y:.2} m\n"))
    }

    /// Straight lines through all corners.
    pub(super) fn through(corners: &[Place]) -> Self {
        let mut outline = Self::from(corners[0]);
        corners[1..].iter().for_each(|corner| outline.line(*corner));
        outline
    }

    /// A straight line.
    pub(super) fn line(&mut self, (x, y): Place) {
        self.0.push_str(&format!("{x:.2} {y:.2} l\n"));
    }

    /// A Bézier curve with its two handles.
    pub(super) fn curve(&mut self, (ax, ay): Place, (bx, by): Place, (x, y): Place) {
        self.0.push_str(&format!("{ax:.2} {ay:.2} {bx:.2} {by:.2} {x:.2} {y:.2} c\n"));
    }
}

impl Content {
    // Writing to a String cannot fail.

    /// One line of text with its baseline's beginning at `at`.
    pub(super) fn text(&mut self, at: Place, font: &str, size: f32, ink: Ink, codes: impl Iterator<Item = u16>) {
        let _ = write!(self.operators, "BT {} rg /{font} {size:.2} Tf {:.2} {:.2} Td <", ink.components(), at.0, at.1);
        const DIGITS: [u8; 16] = *b"0123456789ABCDEF";
        for code in codes {
            for shift in [12, 8, 4, 0] {
                self.operators.push(char::from(DIGITS[usize::from(code >> shift & 0xF)]));
            }
        }
        self.operators.push_str("> Tj ET\n");
    }

    /// Begins a piece of marked content of the structure's tree.
    pub(super) fn begin(&mut self, (role, number): (Role, u32)) {
        let _ = writeln!(self.operators, "/{} <</MCID {number}>> BDC", role.tag());
    }

    /// Begins decoration, of which no screen reader speaks.
    pub(super) fn begin_artifact(&mut self) {
        self.operators.push_str("/Artifact BMC\n");
    }

    /// Begins a hyphen that belongs to the line and not to the word.
    pub(super) fn begin_soft_hyphen(&mut self) {
        self.operators.push_str("/Span <</ActualText <FEFF00AD>>> BDC\n");
    }

    /// Ends what was begun last.
    pub(super) fn end(&mut self) {
        self.operators.push_str("EMC\n");
    }

    /// A picture of the page's resources.
    pub(super) fn picture(&mut self, (x, y): Place, width: f32, height: f32, name: &str) {
        let _ = writeln!(self.operators, "q {width:.2} 0 0 {height:.2} {x:.2} {y:.2} cm /{name} Do Q");
    }

    /// Everything that follows until [`Self::settle`] stands this much lower.
    pub(super) fn sink(&mut self, by: f32) {
        let _ = writeln!(self.operators, "q 1 0 0 1 0 {:.2} cm", -by);
    }

    /// Ends [`Self::sink`].
    pub(super) fn settle(&mut self) {
        self.operators.push_str("Q\n");
    }

    /// A filled shape, with a line of this colour and width around it.
    pub(super) fn shape(&mut self, outline: &Outline, fill: Ink, line: Option<(Ink, f32)>) {
        let _ = writeln!(self.operators, "{} rg", fill.components());
        if let Some((ink, width)) = line {
            let _ = writeln!(self.operators, "{} RG {width:.2} w", ink.components());
        }
        self.operators.push_str(&outline.0);
        self.operators.push_str(if line.is_some() { "b\n" } else { "h f\n" });
    }

    /// Squares of a grid whose top left corner is `at`, as one shape: no seams between neighbours.
    pub(super) fn squares(&mut self, (x, y): Place, side: f32, bars: impl Iterator<Item = [usize; 3]>, fill: Ink) {
        let _ = writeln!(self.operators, "q {side:.3} 0 0 -{side:.3} {x:.2} {y:.2} cm {} rg", fill.components());
        for [column, row, length] in bars {
            let _ = writeln!(self.operators, "{column} {row} {length} 1 re");
        }
        self.operators.push_str("f Q\n");
    }

    /// An area of the page that does something.
    pub(super) fn area(&mut self, annotation: Annotation, area: [f32; 4]) {
        self.areas.push((annotation, area));
    }
}

impl Ink {
    fn components(self) -> String {
        let part = |shift: u32| f64::from((self.0 >> shift) & 0xFF) / 255.0;
        format!("{:.3} {:.3} {:.3}", part(16), part(8), part(0))
    }
}
