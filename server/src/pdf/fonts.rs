//! The letter's three faces, shipped as subsets (see `assets/fonts/make-fonts.sh`) and read once.

use std::sync::LazyLock;

use printpdf::ParsedFont;

use super::PdfFault;
use super::letters::BEYOND_LATIN;

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

/// The three faces and, for each, what its letters look like to a writer.
pub(super) struct Fonts {
    faces: [(ParsedFont, Letters); 3],
}

/// Glyph and advance of every letter that can be drawn: looked up thousands of times a letter.
struct Letters {
    /// By code point, up to `ÿ`.
    latin: [Glyph; 256],
    /// The few beyond.
    others: Vec<(char, Glyph)>,
}

/// A letter in a font.
#[derive(Clone, Copy, Default)]
struct Glyph {
    id: u16,
    /// In ems.
    advance: f32,
}

impl Fonts {
    /// The fonts inside the program.
    pub(super) fn shipped() -> Result<&'static Self, PdfFault> {
        static FONTS: LazyLock<Option<Fonts>> = LazyLock::new(|| {
            Some(Fonts {
                faces: [
                    read(include_bytes!("../../assets/fonts/PublicSans-Regular.ttf"))?,
                    read(include_bytes!("../../assets/fonts/PublicSans-Bold.ttf"))?,
                    read(include_bytes!("../../assets/fonts/JetBrainsMono-Bold.ttf"))?,
                ],
            })
        });
        FONTS.as_ref().ok_or(PdfFault::Font)
    }

    /// The font itself, to be embedded.
    pub(super) fn font(&self, face: Face) -> &ParsedFont {
        &self.faces[face as usize].0
    }

    /// How wide a text is, in points.
    pub(super) fn width(&self, face: Face, size: f32, text: &str) -> f32 {
        text.chars().map(|c| self.glyph(face, c).advance).sum::<f32>() * size
    }

    /// The glyphs of a text, as its codes stand in the document.
    pub(super) fn codes<'t>(&self, face: Face, text: &'t str) -> impl Iterator<Item = u16> + use<'_, 't> {
        text.chars().map(move |c| self.glyph(face, c).id)
    }

    fn glyph(&self, face: Face, c: char) -> Glyph {
        let letters = &self.faces[face as usize].1;
        let latin = usize::try_from(u32::from(c)).ok().and_then(|code| letters.latin.get(code)).copied();
        latin
            .or_else(|| letters.others.iter().find(|(other, _)| *other == c).map(|(_, glyph)| *glyph))
            .unwrap_or_default()
    }
}

fn read(bytes: &[u8]) -> Option<(ParsedFont, Letters)> {
    let font = ParsedFont::from_bytes(bytes, 0, &mut Vec::new())?;
    let em = f32::from(font.units_per_em.max(1));
    let glyph = |c: char| {
        let id = font.lookup_glyph_index(u32::from(c)).unwrap_or(0);
        Glyph { id, advance: f32::from(font.get_glyph_width(id).unwrap_or(0)) / em }
    };
    let mut latin = [Glyph::default(); 256];
    for (code, place) in (0..=u8::MAX).zip(&mut latin) {
        *place = glyph(char::from(code));
    }
    let others = BEYOND_LATIN.into_iter().map(|c| (c, glyph(c))).collect();
    Some((font, Letters { latin, others }))
}
