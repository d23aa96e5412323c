//! Lines of a paragraph: words that do not fit go to the next line, Spanish words of prose part between
//! syllables.

use hypher::{Lang, hyphenate};

use super::fonts::{Face, Fonts};
use super::letters::drawable;

/// At the end of a line: the word goes on in the next one.
pub(super) const SOFT_HYPHEN: char = '\u{AD}';

/// Letters that stay together before and after a parting.
const LEAST: [usize; 2] = [3, 3];

/// Bytes of the longest word that hypher parts; none of Spanish comes near.
const LONGEST: usize = 45;

/// A paragraph.
pub(super) struct Text<'a> {
    pub(super) size: f32,
    /// The most lines; the last ends in «…» when more would be needed.
    pub(super) most: usize,
    /// Whether words may part.
    pub(super) hyphens: bool,
    pub(super) runs: &'a [(Face, &'a str)],
}

/// A line's texts by face.
pub(super) type Line = Vec<(Face, String)>;

/// Breaks a paragraph into lines no wider than `width`; a word that is wider is broken between letters.
pub(super) fn wrap(fonts: &Fonts, width: f32, text: &Text<'_>) -> Vec<Line> {
    let size = text.size;
    let mut lines: Vec<Line> = vec![Vec::new()];
    let mut used = 0.0;
    for (face, run) in text.runs {
        for word in drawable(run).split(' ').filter(|word| !word.is_empty()) {
            let mut rest = word;
            while !rest.is_empty() {
                let space = if used > 0.0 { fonts.width(*face, size, " ") } else { 0.0 };
                let whole = fonts.width(*face, size, rest);
                if used + space + whole <= width {
                    append(&mut lines, *face, rest, used > 0.0);
                    used += space + whole;
                    break;
                }
                let room = width - used - space;
                let part =
                    if text.hyphens { syllables(rest, |part| fonts.width(*face, size, part) <= room) } else { 0 };
                if part > 0 {
                    append(&mut lines, *face, &format!("{}{SOFT_HYPHEN}", &rest[..part]), used > 0.0);
                    rest = &rest[part..];
                } else if used == 0.0 {
                    let cut = longest_prefix(fonts, *face, size, width, rest);
                    append(&mut lines, *face, &rest[..cut], false);
                    rest = &rest[cut..];
                }
                if lines.len() == text.most {
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

/// How many bytes of a word may stay in the line with a hyphen after them; 0 when it does not part.
fn syllables(word: &str, fits: impl Fn(&str) -> bool) -> usize {
    let core = word.trim_end_matches(|c: char| !c.is_alphabetic());
    if core.len() > LONGEST {
        return 0;
    }
    // Names of buttons, laws and addresses stay whole.
    let prose = core.chars().all(char::is_lowercase) || {
        let mut letters = core.chars();
        letters.next().is_some_and(char::is_uppercase) && letters.as_str().chars().all(char::is_lowercase)
    };
    if !prose {
        return 0;
    }
    let (mut end, mut best) = (0, 0);
    for syllable in hyphenate(core, Lang::Spanish) {
        end += syllable.len();
        let (before, after) = core.split_at(end);
        let enough = before.chars().count() >= LEAST[0] && after.chars().count() >= LEAST[1];
        if enough && fits(&format!("{before}-")) {
            best = end;
        }
    }
    best
}

/// How many bytes of `word` fit; at least one letter, so that wrapping always ends.
fn longest_prefix(fonts: &Fonts, face: Face, size: f32, width: f32, word: &str) -> usize {
    let mut used = 0.0;
    for (index, c) in word.char_indices() {
        used += fonts.width(face, size, c.encode_utf8(&mut [0; 4]));
        if used > width && index > 0 {
            return index;
        }
    }
    word.len()
}

fn append(lines: &mut [Line], face: Face, word: &str, spaced: bool) {
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

fn ellipsis(lines: &mut [Line]) {
    if let Some((_, text)) = lines.last_mut().and_then(|line| line.last_mut()) {
        text.pop();
        text.push('…');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn prose_parts_between_spanish_syllables_and_names_do_not() {
        assert_eq!(syllables("inscripción", |part| part.len() <= 7), 3);
        assert_eq!(syllables("inscripción,", |part| part.len() <= 8), 7);
        assert_eq!(syllables("ACEPTAR", |_| true), 0);
        assert_eq!(syllables("https://camara.example", |_| true), 0);
        assert_eq!(syllables("de", |_| true), 0);
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_its_column_and_nothing_is_lost(
            text in "[a-záéíóúñ ]{0,200}",
            width in 40.0_f32..300.0,
            hyphens: bool,
        ) {
            let fonts = Fonts::shipped().unwrap();
            let paragraph = Text { size: 9.0, most: usize::MAX, hyphens, runs: &[(Face::Regular, &text)] };
            let mut joined = String::new();
            for line in wrap(fonts, width, &paragraph) {
                let line: String = line.into_iter().map(|(_, text)| text).collect();
                let drawn = line.replace(SOFT_HYPHEN, "-");
                prop_assert!(fonts.width(Face::Regular, 9.0, &drawn) <= width + 0.01, "{line}");
                joined.push_str(line.trim_end_matches(SOFT_HYPHEN));
            }
            prop_assert_eq!(joined.replace(' ', ""), text.replace(' ', ""));
        }
    }
}
