//! Letters outside the fonts' subset are replaced by ones inside it: never a panic, never an empty
//! box. Other alphabets are written in Latin letters, as a passport does; what is no letter at all (emoji,
//! controls, marks of direction) disappears.

use std::borrow::Cow;

use deunicode::deunicode_char;
use unicode_normalization::UnicodeNormalization;

/// The text with nothing but letters that the fonts have (see `assets/fonts/make-fonts.sh`).
pub(super) fn drawable(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_drawable) {
        return Cow::Borrowed(text);
    }
    let mut drawn = String::with_capacity(text.len());
    // A letter and its combining accent are one letter.
    for c in text.nfc() {
        match c {
            c if is_drawable(c) => drawn.push(c),
            c if c.is_whitespace() => drawn.push(' '),
            c if c.is_alphanumeric() || is_sign(c) => {
                drawn.extend(deunicode_char(c).unwrap_or("?").trim_end().chars().filter(|c| is_drawable(*c)));
            }
            _ => {}
        }
    }
    Cow::Owned(drawn)
}

/// Dashes, quotes and money of other keyboards.
fn is_sign(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}' | '\u{20A0}'..='\u{20BF}' | '\u{2122}' | '\u{2212}')
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spanish_stays_and_the_rest_is_replaced() {
        assert_eq!(drawable("Ñúñez O'Brien «¿Él?» – “sí”…"), "Ñúñez O'Brien «¿Él?» – “sí”…");
        assert_eq!(drawable("Nun\u{303}ez Pe\u{301}rez"), "Nuñez Pérez");
        assert_eq!(drawable("Łukasz Žižek 🎉 Ω李"), "Lukasz Zizek  OLi");
        assert_eq!(drawable("מיכאל محمد Дмитрий"), "myk'l mHmd Dmitrii");
        assert_eq!(drawable("«ÑUÑEZ D'ÁVILA, José ¿Ñ? “Quotes” 🚀»"), "«ÑUÑEZ D'ÁVILA, José ¿Ñ? “Quotes” »");
        assert_eq!(drawable("A‐B ‚x‛ 5 €"), "A-B ,x' 5 EUR");
        assert_eq!(drawable("a\r\nb\tc\u{0}\u{202E}"), "a  b c");
        assert_eq!(drawable("\u{301}x a\u{304}\u{323}"), "x a");
    }

    proptest! {
        #[test]
        fn whatever_comes_can_be_drawn(text in "\\PC*|.*") {
            prop_assert!(drawable(&text).chars().all(is_drawable));
        }
    }
}
