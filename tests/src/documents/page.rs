//! What the page says, whatever the merchant is called.

use super::*;

#[test]
fn both_variants_are_validly_signed_over_the_whole_document_and_say_what_they_must() {
    let dir = tempfile::tempdir().unwrap();
    for factor in [Factor::Doble, Factor::SoloClave] {
        let pdf = signed(dir.path(), &stationery(factor), &letter("MARÍA FERNANDA ÑÁÑEZ GÜIZA"));
        assert_signature_covers_everything(&pdf);
        let text = text(&pdf);
        let read = flat(&text);
        for expected in [
            CHAMBER,
            "Villa Ejemplo, 23 de noviembre de 2026",
            "MARÍA FERNANDA ÑÁÑEZ GÜIZA",
            "43567890",
            "maria.nanez@correo.com.co",
            "3001234567",
            PASSWORD,
            "https://claves.camara.org.co/activacion/55",
            "Ley 527 de 1999",
            "Decreto 2364",
            "8 de diciembre de 2026",
            "ACEPTAR Y ABANDONAR",
            "(604) 000 00 00",
            "Verifique este documento",
            "claves.camara.org.co/verificar",
            CODE,
            "Firmado electrónicamente por",
            "Motivo: Clave preasignada de usuario verificado",
            "23 de noviembre de 2026, 07:30:00 (hora de Colombia)",
        ] {
            assert!(read.contains(&flat(expected)), "{expected} is missing in {text}");
        }
        assert!(read.contains(&flat(conditions(factor).text())), "{text}");
        assert_eq!(text.contains("PIN"), factor == Factor::Doble, "{text}");
        assert_eq!(text.contains("SMS"), factor == Factor::Doble, "{text}");
        let info = tool("pdfinfo", &[pdf.to_str().unwrap()]);
        assert!(info.contains("A4") && info.contains("Pages:           1"), "{info}");
        assert!(info.contains("Tagged:          yes") && info.contains("JavaScript:      no"), "{info}");
        let about = flat(&tool("pdfinfo", &["-meta", pdf.to_str().unwrap()]));
        for personal in ["ÑÁÑEZ", "43567890", "maria.nanez", "3001234567", PASSWORD] {
            assert!(!info.contains(personal) && !about.contains(personal), "{personal} stands in the metadata");
        }
        assert!(about.contains("<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B"), "{about}");
        let fonts = tool("pdffonts", &[pdf.to_str().unwrap()]);
        for line in fonts.lines().skip(2) {
            assert!(line.contains("yes"), "a font is not embedded: {fonts}");
        }
        assert!(fonts.contains("JetBrainsMono"), "{fonts}");
        let size = std::fs::metadata(&pdf).unwrap().len();
        assert!(size < 60_000, "{size} bytes");
    }
}

#[test]
fn a_screen_reader_is_led_through_headings_lists_and_links() {
    let dir = tempfile::tempdir().unwrap();
    let long = "Ñandú ".repeat(834);
    for name in ["MARÍA FERNANDA ÑÁÑEZ GÜIZA", &long] {
        let pdf = signed(dir.path(), &stationery(Factor::Doble), &letter(name));
        let tree = tool("pdfinfo", &["-struct-text", pdf.to_str().unwrap()]);
        assert!(!tree.contains("Error") && !tree.contains("Warning"), "{tree}");
        let read = flat(&tree);
        let in_order = [
            "Document",
            "Cámara de Comercio de Prueba",
            "H1",
            "Su clave para hacer",
            "Apreciado comerciante",
            "Nombre",
            "Identificación",
            "43567890",
            "Clave preasignada",
            PASSWORD,
            "H2",
            "Cómo activarla",
            "Lbl",
            "1.",
            "LBody",
            "Link",
            "https://claves.camara.org.co/activacion/55",
            "H2",
            "Condiciones del servicio",
            "Servicio voluntario",
            "Form",
            "Verifique este documento",
            CODE,
            "Figure",
        ];
        let mut rest = read.as_str();
        for part in in_order {
            let found = rest.find(&flat(part));
            rest = &rest[found.unwrap_or_else(|| panic!("{part} does not come in its turn: {tree}"))..];
        }
    }
}

#[test]
fn names_that_no_form_foresaw_neither_break_the_letter_nor_hide_the_password() {
    let dir = tempfile::tempdir().unwrap();
    let stationery = stationery(Factor::Doble);
    let long = "Ñandú ".repeat(834);
    let unbroken = "W".repeat(5000);
    for (name, drawn) in [
        ("O'Brien \"Pepe\" (Ñ) \\ ) (", "O'Brien \"Pepe\" (Ñ) \\ ) ("),
        ("ÑUÑEZ D'ÁVILA, José ¿Ñ? “Quotes” 🚀", "ÑUÑEZ D'ÁVILA, José ¿Ñ? “Quotes”"),
        ("«ÑUÑEZ D’ÁVILA»", "«ÑUÑEZ D’ÁVILA»"),
        ("Jose\u{301} Nu\u{303}n\u{303}ez Pen\u{303}a", "José Nũñez Peña"),
        ("José 🎉👩‍👩‍👧 Łukasz 李", "José Lukasz Li"),
        ("מיכאל לוי", "myk'l lvy"),
        ("محمد \u{202E}Ana\u{202C}", "mHmd Ana"),
        ("a\r\nb\u{0}\t\u{202E}c", "a b c"),
        ("", ""),
        (&long, "Ñandú Ñandú"),
        (&unbroken, "WWWWW"),
    ] {
        let pdf = signed(dir.path(), &stationery, &letter(name));
        assert_signature_covers_everything(&pdf);
        let text = text(&pdf);
        assert!(text.lines().any(|line| line.trim() == PASSWORD), "{name:.20}: {text}");
        assert!(tool("pdfinfo", &[pdf.to_str().unwrap()]).contains("Pages:           1"));
        // A letter that Spanish has not loses its mark.
        let drawn = drawn.replace('ũ', "u");
        assert!(flat(&text).contains(&format!("Nombre{}", flat(&drawn))), "{drawn} is not in {text}");
    }
}

#[test]
fn the_same_letter_is_always_the_same_bytes() {
    assert_eq!(rendered("Ana"), rendered("Ana"));
    assert_ne!(rendered("Ana"), rendered("Eva"));
}
