//! Letters outside the fonts' subset are replaced by ones inside it: never a panic, never an empty
//! box. Accents of other languages are dropped, other alphabets become `?`, and what is no letter
//! at all (emoji, controls) disappears.

use std::borrow::Cow;

/// The text with nothing but letters that the fonts have (see `assets/fonts/make-fonts.sh`).
pub(super) fn drawable(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_drawable) {
        return Cow::Borrowed(text);
    }
    let mut drawn = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if is_drawable(c) => drawn.push(c),
            c if c.is_whitespace() => drawn.push(' '),
            '\u{300}'..='\u{36F}' => compose(&mut drawn, c),
            c => match transliterated(c) {
                Some(plain) => drawn.push_str(plain),
                None if c.is_alphanumeric() => drawn.push('?'),
                None => {}
            },
        }
    }
    Cow::Owned(drawn)
}

/// What the fonts have beyond Latin-1.
pub(super) const BEYOND_LATIN: [char; 8] = ['–', '—', '‘', '’', '“', '”', '•', '…'];

fn is_drawable(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{A1}'..='\u{AC}' | '\u{AE}'..='\u{FF}') || BEYOND_LATIN.contains(&c)
}

/// Every letter that the fonts have.
pub(super) fn alphabet() -> String {
    (' '..='ÿ').chain(BEYOND_LATIN).filter(|c| is_drawable(*c)).collect()
}

/// Joins a combining mark to the letter before it where Spanish has such a letter; drops it else.
fn compose(drawn: &mut String, mark: char) {
    let Some(base) = drawn.pop() else { return };
    let composed = match (base, mark) {
        ('a', '\u{301}') => 'á',
        ('e', '\u{301}') => 'é',
        ('i', '\u{301}') => 'í',
        ('o', '\u{301}') => 'ó',
        ('u', '\u{301}') => 'ú',
        ('A', '\u{301}') => 'Á',
        ('E', '\u{301}') => 'É',
        ('I', '\u{301}') => 'Í',
        ('O', '\u{301}') => 'Ó',
        ('U', '\u{301}') => 'Ú',
        ('n', '\u{303}') => 'ñ',
        ('N', '\u{303}') => 'Ñ',
        ('u', '\u{308}') => 'ü',
        ('U', '\u{308}') => 'Ü',
        (base, _) => base,
    };
    drawn.push(composed);
}

/// Plain Latin letters for those of Latin Extended-A and a few signs.
fn transliterated(c: char) -> Option<&'static str> {
    const TABLE: &[(&str, &str)] = &[
        ("ĀĂĄ", "A"),
        ("āăą", "a"),
        ("ĆĈĊČ", "C"),
        ("ćĉċč", "c"),
        ("ĎĐ", "D"),
        ("ďđ", "d"),
        ("ĒĔĖĘĚ", "E"),
        ("ēĕėęě", "e"),
        ("ĜĞĠĢ", "G"),
        ("ĝğġģ", "g"),
        ("ĤĦ", "H"),
        ("ĥħ", "h"),
        ("ĨĪĬĮİ", "I"),
        ("ĩīĭįı", "i"),
        ("Ĵ", "J"),
        ("ĵ", "j"),
        ("Ķ", "K"),
        ("ķĸ", "k"),
        ("ĹĻĽĿŁ", "L"),
        ("ĺļľŀł", "l"),
        ("ŃŅŇŊ", "N"),
        ("ńņňŉŋ", "n"),
        ("ŌŎŐ", "O"),
        ("ōŏő", "o"),
        ("Œ", "OE"),
        ("œ", "oe"),
        ("ŔŖŘ", "R"),
        ("ŕŗř", "r"),
        ("ŚŜŞŠȘ", "S"),
        ("śŝşšș", "s"),
        ("ŢŤŦȚ", "T"),
        ("ţťŧț", "t"),
        ("ŨŪŬŮŰŲ", "U"),
        ("ũūŭůűų", "u"),
        ("Ŵ", "W"),
        ("ŵ", "w"),
        ("ŶŸ", "Y"),
        ("ŷ", "y"),
        ("ŹŻŽ", "Z"),
        ("źżž", "z"),
        ("‐‑‒―−", "-"),
        ("‚‛′´`", "'"),
        ("„‟″", "\""),
        ("€", "EUR"),
        ("™", "TM"),
    ];
    TABLE.iter().find(|(letters, _)| letters.contains(c)).map(|(_, plain)| *plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spanish_stays_and_the_rest_is_replaced() {
        assert_eq!(drawable("Ñúñez O'Brien «¿Él?» – “sí”…"), "Ñúñez O'Brien «¿Él?» – “sí”…");
        assert_eq!(drawable("Nun\u{303}ez Pe\u{301}rez"), "Nuñez Pérez");
        assert_eq!(drawable("Łukasz Žižek 🎉 Ω李"), "Lukasz Zizek  ??");
        assert_eq!(drawable("a\r\nb\tc\u{0}\u{202E}"), "a  b c");
        assert_eq!(drawable("\u{301}x"), "x");
    }

    proptest! {
        #[test]
        fn whatever_comes_can_be_drawn(text in "\\PC*|.*") {
            prop_assert!(drawable(&text).chars().all(is_drawable));
        }
    }
}
