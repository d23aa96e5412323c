//! A whole batch, judged by strangers: every document VALID over its entire file.

use openssl::pkcs12::Pkcs12;

use super::*;
use crate::support::tls;

/// pyHanko's Python, installed when it is not there.
fn python() -> PathBuf {
    static READY: LazyLock<()> = LazyLock::new(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let made = Command::new("scripts/pyhanko.sh").current_dir(root).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    });
    LazyLock::force(&READY);
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools/pyhanko/bin/python")
}

/// What pyHanko says of each file, when it trusts these certificates (PEM).
pub fn judged(trusted: &[Vec<u8>], stamped: bool, files: &[PathBuf]) -> Vec<String> {
    let pem = files[0].with_extension("pem");
    std::fs::write(&pem, trusted.concat()).unwrap();
    let judge = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/documents/strangers.py");
    let mut command = Command::new(python());
    command.arg(judge).arg(&pem).arg(if stamped { "si" } else { "no" }).args(files);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

/// The certificate inside a PKCS#12 file, as PEM.
pub fn certificate(p12: &[u8], password: &str) -> Vec<u8> {
    Pkcs12::from_der(p12).unwrap().parse2(password).unwrap().cert.unwrap().to_pem().unwrap()
}

#[test]
fn every_document_of_a_batch_of_five_hundred_is_valid_for_pyhanko_and_pdfsig() {
    let dir = tempfile::tempdir().unwrap();
    let now = server::clock::Clock::default().now();
    let rsa = make_p12(CHAMBER, "x", now).unwrap();
    let p256 = tls::self_signed(&tls::p256(), CHAMBER, "x");
    let signers = [&rsa, &p256].map(|p12| {
        let path = dir.path().join("firma.p12");
        std::fs::write(&path, p12).unwrap();
        Signer::from_p12(&path, "x", now).unwrap()
    });
    let stationeries = [stationery(Factor::Doble), stationery(Factor::SoloClave)];
    let files: Vec<PathBuf> = (0..500)
        .map(|index| {
            // One in four with P-256; names and addresses of one line and of several.
            let (signer, stationery) = (&signers[usize::from(index % 4 == 0)], &stationeries[index % 2]);
            let name = format!("COMERCIANTE {index} {}", "ÑÚÑEZ D'ÁVILA ".repeat(index % 12));
            let email = format!("{}comerciante{index}@correo.com.co", "a.".repeat(index % 30));
            let letter = Letter { date: now, email: &email, ..letter(&name) };
            let draft = stationery.draft(&letter, NOTE, signer.room(false)).unwrap();
            let path = dir.path().join(format!("{index}.pdf"));
            std::fs::write(&path, signer.sign_draft(draft, now).unwrap()).unwrap();
            path
        })
        .collect();
    let trusted = [&rsa, &p256].map(|p12| certificate(p12, "x"));
    let verdicts = judged(&trusted, false, &files);
    assert_eq!(verdicts.len(), files.len());
    for (file, verdict) in files.iter().zip(&verdicts) {
        assert_eq!(verdict, "VALID", "{}", file.display());
    }
    for file in files.iter().step_by(25) {
        assert_signature_covers_everything(file);
    }
    // The judge is no friend: bytes after the end, and a certificate that it does not know.
    let mut longer = std::fs::read(&files[1]).unwrap();
    longer.extend_from_slice(b"\n");
    std::fs::write(&files[1], longer).unwrap();
    let verdicts = judged(&trusted[..1], false, &files[..2]);
    assert!(verdicts.iter().all(|verdict| verdict != "VALID"), "{verdicts:?}");
}
