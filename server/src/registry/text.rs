//! The quirks of SIREP's texts (`sii-facts.md`).

use std::borrow::Cow;

/// Escapes for letters that old terminals lacked.
const ESCAPES: [(&str, &str); 8] =
    [("[4]", "á"), ("[5]", "é"), ("[6]", "í"), ("[7]", "ó"), ("[8]", "ú"), ("[9]", "ñ"), ("[10]", "Ñ"), ("[39]", "Ñ")];

/// Puts a name right: `¥` stands for `Ñ` (its byte in CP850 read as Windows-1252), bracket escapes
/// for letters.
#[must_use]
pub fn restore_letters(name: &str) -> Cow<'_, str> {
    if !name.contains(['¥', '[']) {
        return Cow::Borrowed(name);
    }
    let mut restored = name.replace('¥', "Ñ");
    for (escape, letter) in ESCAPES {
        if restored.contains(escape) {
            restored = restored.replace(escape, letter);
        }
    }
    Cow::Owned(restored)
}

/// A number without its left zeros.
#[must_use]
pub fn without_left_zeros(number: &str) -> &str {
    number.trim_start_matches('0')
}

/// A matrícula padded with zeros to 15, so that text order is number order.
#[must_use]
pub fn sort_key(matricula: &str) -> String {
    format!("{matricula:0>15}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_old_terminals_lacked_come_back() {
        assert_eq!(restore_letters("MU¥OZ"), "MUÑOZ");
        assert_eq!(restore_letters("Mar[6]a Jos[5] Ca[9]as [10]o[39]o [4][7][8]"), "María José Cañas ÑoÑo áóú");
        assert_eq!(restore_letters("LA [11] ESQUINA"), "LA [11] ESQUINA");
        assert!(matches!(restore_letters("RUIZ"), Cow::Borrowed("RUIZ")));
    }

    #[test]
    fn left_zeros_go_and_text_order_is_number_order() {
        assert_eq!(without_left_zeros("000123"), "123");
        assert_eq!(without_left_zeros("S0500123"), "S0500123");
        assert!(sort_key("9") < sort_key("10"));
        assert!(sort_key("99999") < sort_key("S0500123"));
    }
}
