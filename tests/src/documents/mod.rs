//! The signed letter, read by strangers: poppler's `pdfsig`, `pdftotext`, `pdffonts` and `pdfinfo`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use contract::Timestamp;
use contract::campaign::Factor;
use domain::document_code::DocumentCode;
use server::pdf::{Conditions, Letter, render};
use server::signing::dev::{make_p12, make_p12_until};
use server::signing::{SignatureNote, Signer, SigningFault};

use crate::support::tls;

const NOW: Timestamp = Timestamp(1_795_437_000_000);
const PASSWORD: &str = "Qw7rTyUp9k";

fn letter<'a>(name: &'a str, factor: Factor) -> Letter<'a> {
    Letter {
        chamber: "Cámara de Comercio de Prueba",
        city: "Villa Ejemplo",
        telephone: "(604) 000 00 00",
        address: "Calle 1 # 2-3, Villa Ejemplo",
        date: NOW,
        name,
        identification: "43567890",
        email: "maria.nanez@correo.com.co",
        mobile: "3001234567",
        password: PASSWORD,
        factor,
        link: "https://claves.camara.org.co/activacion/55",
        valid_until: NOW.plus_seconds(15 * 86_400),
        conditions: conditions(factor),
        code: DocumentCode::parse("7K3M-Q9TX-04HZ-VB2R").unwrap(),
        verify_at: "https://claves.camara.org.co/verificar",
        test: false,
    }
}

fn conditions(factor: Factor) -> &'static Conditions {
    static BOTH: LazyLock<[Conditions; 2]> = LazyLock::new(|| {
        [Factor::Doble, Factor::SoloClave].map(|factor| {
            Conditions::load(None, factor, "Cámara de Comercio de Prueba", "(604) 000 00 00", "Calle 1 # 2-3").unwrap()
        })
    });
    &BOTH[usize::from(factor == Factor::SoloClave)]
}

fn signer(dir: &Path) -> Signer {
    let path = dir.join("firma.p12");
    std::fs::write(&path, make_p12("Cámara de Comercio de Prueba", "secreta", NOW).unwrap()).unwrap();
    Signer::from_p12(&path, "secreta", NOW).unwrap()
}

fn signed(dir: &Path, letter: &Letter<'_>) -> PathBuf {
    let note = SignatureNote { name: "Cámara de Comercio", reason: "Clave preasignada", location: "Villa Ejemplo" };
    let bytes = signer(dir).sign(&render(letter).unwrap(), NOW, note).unwrap();
    let path = dir.join("clave-segura.pdf");
    std::fs::write(&path, bytes).unwrap();
    path
}

fn tool(name: &str, arguments: &[&str]) -> String {
    let output = Command::new(name).args(arguments).output().unwrap_or_else(|_| panic!("{name} (poppler-utils)"));
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn assert_signature_covers_everything(pdf: &Path) {
    let verdict = tool("pdfsig", &[pdf.to_str().unwrap()]);
    assert!(verdict.contains("Signature is Valid"), "{verdict}");
    assert!(verdict.contains("Total document signed"), "{verdict}");
    assert!(verdict.contains("ETSI.CAdES.detached"), "{verdict}");
    assert_eq!(verdict.matches("Signature #").count(), 1, "{verdict}");
    let size = std::fs::metadata(pdf).unwrap().len();
    assert!(verdict.contains(&format!("- {size}]")), "the ranges end before the file does: {verdict}");
}

fn text(pdf: &Path) -> String {
    tool("pdftotext", &[pdf.to_str().unwrap(), "-"])
}

#[test]
fn both_variants_are_validly_signed_over_the_whole_document_and_say_what_they_must() {
    let dir = tempfile::tempdir().unwrap();
    for factor in [Factor::Doble, Factor::SoloClave] {
        let pdf = signed(dir.path(), &letter("MARÍA FERNANDA ÑÁÑEZ GÜIZA", factor));
        assert_signature_covers_everything(&pdf);
        let text = text(&pdf);
        for expected in [
            "Cámara de Comercio de Prueba",
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
        ] {
            assert!(text.contains(expected), "{expected} is missing in {text}");
        }
        assert_eq!(text.contains("PIN"), factor == Factor::Doble, "{text}");
        assert_eq!(text.contains("SMS"), factor == Factor::Doble, "{text}");
        let info = tool("pdfinfo", &[pdf.to_str().unwrap()]);
        assert!(info.contains("A4") && info.contains("Pages:           1"), "{info}");
        let fonts = tool("pdffonts", &[pdf.to_str().unwrap()]);
        for line in fonts.lines().skip(2) {
            assert!(line.contains("yes"), "a font is not embedded: {fonts}");
        }
        assert!(fonts.contains("JetBrainsMono"), "{fonts}");
    }
}

#[test]
fn names_that_no_form_foresaw_neither_break_the_letter_nor_hide_the_password() {
    let dir = tempfile::tempdir().unwrap();
    let long = "Ñandú ".repeat(834);
    let unbroken = "W".repeat(5000);
    for name in ["O'Brien \"Pepe\" (Ñ) \\ ) (", "José 🎉👩‍👩‍👧 Łukasz 李", "a\r\nb\u{0}\t\u{202E}c", "", &long, &unbroken]
    {
        let pdf = signed(dir.path(), &letter(name, Factor::Doble));
        assert_signature_covers_everything(&pdf);
        assert!(text(&pdf).lines().any(|line| line.trim() == PASSWORD), "{name:.20}");
        assert!(tool("pdfinfo", &[pdf.to_str().unwrap()]).contains("Pages:           1"));
    }
    let pdf = signed(dir.path(), &letter("José 🎉 Łukasz 李", Factor::Doble));
    assert!(text(&pdf).contains("José Lukasz ?"), "{}", text(&pdf));
}

#[test]
fn the_same_letter_is_always_the_same_bytes_and_one_changed_byte_breaks_the_signature() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(render(&letter("Ana", Factor::Doble)).unwrap(), render(&letter("Ana", Factor::Doble)).unwrap());
    let path = signed(dir.path(), &letter("Ana", Factor::Doble));
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.windows(9).position(|w| w == b"/MediaBox").unwrap();
    bytes[at + 1] = b'm';
    std::fs::write(&path, &bytes).unwrap();
    assert!(!tool("pdfsig", &[path.to_str().unwrap()]).contains("Signature is Valid"));
}

#[test]
fn a_p256_key_signs_as_well_as_an_rsa_key() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ec.p12");
    std::fs::write(&path, tls::self_signed(&tls::p256(), "Cámara", "x")).unwrap();
    let note = SignatureNote { name: "C", reason: "R", location: "L" };
    let now = server::clock::Clock::default().now();
    let signed = Signer::from_p12(&path, "x", now)
        .unwrap()
        .sign(&render(&letter("Ana", Factor::Doble)).unwrap(), now, note)
        .unwrap();
    let pdf = dir.path().join("ec.pdf");
    std::fs::write(&pdf, signed).unwrap();
    assert_signature_covers_everything(&pdf);
}

#[test]
fn each_way_in_which_a_certificate_is_unusable_has_its_own_name() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("firma.p12");
    assert_eq!(Signer::from_p12(&path, "x", NOW).unwrap_err(), SigningFault::Missing);
    std::fs::write(&path, b"no es PKCS#12").unwrap();
    assert_eq!(Signer::from_p12(&path, "x", NOW).unwrap_err(), SigningFault::Malformed);
    std::fs::write(&path, make_p12("Cámara", "buena", NOW).unwrap()).unwrap();
    assert_eq!(Signer::from_p12(&path, "mala", NOW).unwrap_err(), SigningFault::WrongPassword);
    assert!(Signer::from_p12(&path, "buena", NOW).is_ok());

    let (from, until) = (NOW.plus_seconds(-1000), NOW.plus_seconds(1000));
    std::fs::write(&path, make_p12_until("Cámara", "x", from, until).unwrap()).unwrap();
    let signer = Signer::from_p12(&path, "x", NOW).unwrap();
    assert_eq!(signer.not_after(), until);
    let later = NOW.plus_seconds(2000);
    assert_eq!(Signer::from_p12(&path, "x", later).unwrap_err(), SigningFault::Expired { on: until });
    let note = SignatureNote { name: "C", reason: "R", location: "L" };
    let pdf = render(&letter("Ana", Factor::Doble)).unwrap();
    assert_eq!(signer.sign(&pdf, later, note).unwrap_err(), SigningFault::Expired { on: until });
    let before = NOW.plus_seconds(-2000);
    assert_eq!(Signer::from_p12(&path, "x", before).unwrap_err(), SigningFault::NotYetValid { from });
    assert_eq!(signer.sign(b"no es un PDF", NOW, note).unwrap_err(), SigningFault::Document);
}
