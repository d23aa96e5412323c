//! The letter's three faces, shipped as subsets (see `assets/fonts/make-fonts.sh`) and read once.

use std::sync::LazyLock;

use printpdf::ParsedFont;

use super::PdfFault;

/// A face of the letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Face {
    Regular,
    Bold,
    /// JetBrains Mono: no two of its letters look alike. For the password only.
    Mono,
}

impl Face {
    pub(super) const ALL: [Self; 3] = [Self::Regular, Self::Bold, Self::Mono];

    /// The name under which the document knows it; fixed, so that documents are reproducible.
    pub(super) const fn id(self) -> &'static str {
        match self {
            Self::Regular => "PublicSans",
            Self::Bold => "PublicSansBold",
            Self::Mono => "JetBrainsMono",
        }
    }
}

/// The three faces.
pub(super) struct Fonts {
    regular: ParsedFont,
    bold: ParsedFont,
    mono: ParsedFont,
}

impl Fonts {
    /// The fonts inside the program.
    pub(super) fn shipped() -> Result<&'static Self, PdfFault> {
        static FONTS: LazyLock<Option<Fonts>> = LazyLock::new(|| {
            Some(Fonts {
                regular: parse(include_bytes!("../../assets/fonts/PublicSans-Regular.ttf"))?,
                bold: parse(include_bytes!("../../assets/fonts/PublicSans-Bold.ttf"))?,
                mono: parse(include_bytes!("../../assets/fonts/JetBrainsMono-Bold.ttf"))?,
            })
        });
        FONTS.as_ref().ok_or(PdfFault::Font)
    }

    pub(super) fn face(&self, face: Face) -> &ParsedFont {
        match face {
            Face::Regular => &self.regular,
            Face::Bold => &self.bold,
            Face::Mono => &self.mono,
        }
    }

    /// How wide a text is, in points.
    pub(super) fn width(&self, face: Face, size: f32, text: &str) -> f32 {
        let font = self.face(face);
        let advance = |c: char| {
            let glyph = font.lookup_glyph_index(u32::from(c)).unwrap_or(0);
            f32::from(font.get_glyph_width(glyph).unwrap_or(0))
        };
        text.chars().map(advance).sum::<f32>() * size / f32::from(font.units_per_em.max(1))
    }
}

fn parse(bytes: &[u8]) -> Option<ParsedFont> {
    ParsedFont::from_bytes(bytes, 0, &mut Vec::new())
}
