//! Rows and their cells. Never the password.

use contract::Timestamp;
use contract::campaign::{Origin, PreassignedRow};

use super::parts::{COLUMNS, LETTERS};

/// Index of the text style in `styles.xml`.
pub(super) const TEXT_STYLE: u8 = 1;

/// Index of the headings' style.
pub(super) const HEADING_STYLE: u8 = 2;

/// Letters of a cell; Excel's bound is 32,767 UTF-16 units.
const MAX_CELL: usize = 16_000;

/// What a row shows, by the order of [`COLUMNS`].
pub(super) fn values(year: &str, row: &PreassignedRow) -> [String; COLUMNS.len()] {
    let when = |at: Option<Timestamp>| at.map(Timestamp::date_time).unwrap_or_default();
    [
        year.to_owned(),
        row.matricula.clone(),
        row.identificacion.clone(),
        row.nombre.clone(),
        row.correo.clone(),
        origin(row.correo_origen).to_owned(),
        row.celular.clone(),
        origin(row.celular_origen).to_owned(),
        row.estado.as_str().to_owned(),
        when(Some(row.seleccionada_en)),
        when(row.enviada_en),
        when(row.activada_en),
    ]
}

const fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Notificacion => "Notificación",
        Origin::Comercial => "Comercial",
    }
}

/// Appends a row of text cells; empty ones are left out.
pub(super) fn push_row(xml: &mut String, number: u32, values: &[String; COLUMNS.len()], style: u8) {
    xml.push_str(&format!("<row r=\"{number}\">"));
    for (letter, value) in LETTERS.chars().zip(values).filter(|(_, value)| !value.is_empty()) {
        xml.push_str(&format!(
            "<c r=\"{letter}{number}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">"
        ));
        push_text(xml, value);
        xml.push_str("</t></is></c>");
    }
    xml.push_str("</row>");
}

/// Appends text with XML's signs escaped and without the characters that XML 1.0 does not have.
/// `_xHHHH_` means a character to Excel, so that its first sign is escaped by itself
/// (ECMA-376 part 1, §22.4.2.4).
fn push_text(xml: &mut String, text: &str) {
    let mut rest = text.chars().take(MAX_CELL);
    while let Some(c) = rest.next() {
        match c {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '_' if begins_escape(rest.clone()) => xml.push_str("_x005F_"),
            '\t' | '\n' => xml.push(c),
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => {}
            c => xml.push(c),
        }
    }
}

/// Whether `xHHHH_` follows.
fn begins_escape(mut after: impl Iterator<Item = char>) -> bool {
    after.next() == Some('x')
        && after.by_ref().take(4).filter(char::is_ascii_hexdigit).count() == 4
        && after.next() == Some('_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(text: &str) -> String {
        let mut xml = String::new();
        push_text(&mut xml, text);
        xml
    }

    #[test]
    fn no_name_can_break_out_of_its_cell() {
        assert_eq!(escaped("</t>&<c>"), "&lt;/t&gt;&amp;&lt;c&gt;");
        assert_eq!(escaped("a\u{0}\u{B}\r\u{FFFF}ñ😀\n"), "añ😀\n");
        assert_eq!(escaped("_x0041_ a_x_b _x12G4_"), "_x005F_x0041_ a_x_b _x12G4_");
        assert_eq!(escaped(&"x".repeat(40_000)).len(), MAX_CELL);
    }

    #[test]
    fn empty_cells_are_left_out() {
        let mut values = [const { String::new() }; COLUMNS.len()];
        values[11] = "=1+1".to_owned();
        let mut xml = String::new();
        push_row(&mut xml, 7, &values, TEXT_STYLE);
        let cell = "<c r=\"L7\" s=\"1\" t=\"inlineStr\"><is><t xml:space=\"preserve\">=1+1</t></is></c>";
        assert_eq!(xml, format!("<row r=\"7\">{cell}</row>"));
    }
}
