//! The signature's two kinds of keys, and certificates that cannot sign.

use server::signing::SigningFault;
use server::signing::dev::make_p12_until;

use super::*;
use crate::support::tls;

#[test]
fn one_changed_byte_breaks_the_signature() {
    let dir = tempfile::tempdir().unwrap();
    let path = signed(dir.path(), &stationery(Factor::Doble), &letter("Ana"));
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.windows(7).position(|w| w == b"/Border").unwrap();
    bytes[at + 1] = b'b';
    std::fs::write(&path, &bytes).unwrap();
    assert!(!tool("pdfsig", &[path.to_str().unwrap()]).contains("Signature is Valid"));
}

#[test]
fn a_p256_key_signs_as_well_as_an_rsa_key_and_any_pdf_can_be_signed() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ec.p12");
    std::fs::write(&path, tls::self_signed(&tls::p256(), "Cámara", "x")).unwrap();
    let now = server::clock::Clock::default().now();
    let signer = Signer::from_p12(&path, "x", now).unwrap();
    let pdf = dir.path().join("ec.pdf");
    let draft = stationery(Factor::Doble).draft(&letter("Ana"), NOTE, signer.room(false)).unwrap();
    for signed in [signer.sign_draft(draft, now), signer.sign(&any_pdf(), now, NOTE)] {
        std::fs::write(&pdf, signed.unwrap()).unwrap();
        assert_signature_covers_everything(&pdf);
    }
}

/// A document that nobody prepared for a signature.
fn any_pdf() -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
    ];
    let (mut pdf, mut table) = (String::from("%PDF-1.7\n"), String::from("xref\n0 4\n0000000000 65535 f \n"));
    for (index, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", pdf.len()));
        pdf.push_str(&format!("{} 0 obj\n{object}\nendobj\n", index + 1));
    }
    let begins = pdf.len();
    format!("{pdf}{table}trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n{begins}\n%%EOF\n").into_bytes()
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
    let draft = stationery(Factor::Doble).draft(&letter("Ana"), NOTE, signer.room(false)).unwrap();
    assert_eq!(signer.sign_draft(draft.clone(), later).unwrap_err(), SigningFault::Expired { on: until });
    let before = NOW.plus_seconds(-2000);
    assert_eq!(signer.sign_draft(draft, before).unwrap_err(), SigningFault::NotYetValid { from });
    assert_eq!(signer.sign(b"no es un PDF", NOW, NOTE).unwrap_err(), SigningFault::Document);
}

#[test]
fn a_signature_that_another_key_made_is_found_before_the_document_leaves() {
    let dir = tempfile::tempdir().unwrap();
    let first = signer(dir.path());
    let other = dir.path().join("otra");
    std::fs::create_dir(&other).unwrap();
    let second = signer(&other);
    let draft = stationery(Factor::Doble).draft(&letter("Ana"), NOTE, first.room(false)).unwrap();
    let mixed = second.finish(first.begin(draft, NOW).unwrap(), None);
    assert_eq!(mixed.unwrap_err(), SigningFault::SelfCheck);
}
