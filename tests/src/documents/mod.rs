//! The signed letter, read by strangers: poppler's tools, qpdf where it is there, pyHanko (`strangers.py`).

mod batch;
mod look;
mod page;
mod sample;
mod signature;
mod stamps;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use contract::Timestamp;
use contract::campaign::Factor;
use domain::document_code::DocumentCode;
use server::pdf::{Brand, Conditions, Issuer, Kind, Letter, Stationery};
use server::signing::dev::make_p12;
use server::signing::{SignatureNote, Signer};

const NOW: Timestamp = Timestamp(1_795_437_000_000);
const PASSWORD: &str = "Qw7rTyUp9k";
const CHAMBER: &str = "Cámara de Comercio de Prueba";
const CODE: &str = "7K3M-Q9TX-04HZ-VB2R";
const NOTE: SignatureNote<'static> =
    SignatureNote { name: CHAMBER, reason: "Clave preasignada de usuario verificado", location: "Villa Ejemplo" };

fn conditions(factor: Factor) -> &'static Conditions {
    static BOTH: LazyLock<[Conditions; 2]> = LazyLock::new(|| {
        [Factor::Doble, Factor::SoloClave]
            .map(|factor| Conditions::load(None, factor, CHAMBER, "(604) 000 00 00", "Calle 1 # 2-3").unwrap())
    });
    &BOTH[usize::from(factor == Factor::SoloClave)]
}

fn branded(factor: Factor, brand: &Brand) -> Stationery {
    let issuer = Issuer {
        chamber: CHAMBER,
        city: "Villa Ejemplo",
        telephone: "(604) 000 00 00",
        factor,
        link: "https://claves.camara.org.co/activacion/55",
        verify_at: "https://claves.camara.org.co/verificar",
        conditions: conditions(factor),
        brand,
    };
    Stationery::print(&issuer).unwrap()
}

fn stationery(factor: Factor) -> Stationery {
    branded(factor, &Brand::default())
}

fn letter(name: &str) -> Letter<'_> {
    Letter {
        date: NOW,
        name,
        identification: "43567890",
        email: "maria.nanez@correo.com.co",
        mobile: "3001234567",
        password: PASSWORD,
        valid_until: NOW.plus_seconds(15 * 86_400),
        code: DocumentCode::parse(CODE).unwrap(),
        kind: Kind::Real,
    }
}

fn rendered(name: &str) -> Vec<u8> {
    stationery(Factor::Doble).render(&letter(name), None).unwrap()
}

fn signer(dir: &Path) -> Signer {
    let path = dir.join("firma.p12");
    if !path.exists() {
        std::fs::write(&path, make_p12(CHAMBER, "secreta", NOW).unwrap()).unwrap();
    }
    Signer::from_p12(&path, "secreta", NOW).unwrap()
}

fn signed(dir: &Path, stationery: &Stationery, letter: &Letter<'_>) -> PathBuf {
    let signer = signer(dir);
    let draft = stationery.draft(letter, NOTE, signer.room(false)).unwrap();
    let path = dir.join("clave-segura.pdf");
    std::fs::write(&path, signer.sign_draft(draft, NOW).unwrap()).unwrap();
    path
}

fn tool(name: &str, arguments: &[&str]) -> String {
    let output = Command::new(name).args(arguments).output().unwrap_or_else(|_| panic!("{name} is not installed"));
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

/// Text without what line ends make of it.
fn flat(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{AD}').collect()
}
