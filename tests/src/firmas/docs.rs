//! The commands of the integrators' guide do what the guide says.

use server::clock::Clock;
use server::signing::{JwsKind, Signer};

use super::Notary;
use crate::support::guide::Guide;
use crate::support::tls;

const GUIDE: Guide = Guide("firmas.md");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_guides_commands_ask_sign_and_check() {
    let notary = Notary::open().await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("documento.pdf"), "un documento").unwrap();
    let run = |name: &str, more: &[(&str, &str)]| {
        let site = [("SITIO", notary.site.address.as_str()), ("CLAVE_SISTEMA", &notary.key)];
        let variables = [&site[..], more].concat();
        let (well, said) = tokio::task::block_in_place(|| GUIDE.run(name, folder.path(), &variables));
        assert!(well, "{name}: {said}");
        said
    };
    let ana = [("IDENTIFICACION", super::ID), ("CORREO", super::EMAIL), ("CLAVE", super::PASSWORD)];
    assert_eq!(run("1. pedir la firma", &ana).trim(), "300 *** **67");
    run("2. confirmar con el PIN", &[("PIN", &notary.last_pin().await)]);
    assert!(run("3. separar el registro", &[]).starts_with("RS256\n"));
    assert!(run("4. comprobar una firma RS256", &[]).contains("Verified OK"));
    assert!(run("6. comparar el documento", &[]).contains("Es el documento firmado"));
    std::fs::write(folder.path().join("documento.pdf"), "otro documento").unwrap();
    assert!(run("6. comparar el documento", &[]).contains("Es otro documento"));

    let record = std::fs::read_to_string(folder.path().join("registro.jws")).unwrap();
    let (head, rest) = record.split_once('.').unwrap();
    let (content, signature) = rest.split_once('.').unwrap();
    let other = format!("{head}.{}{content}.{signature}", "ICAg");
    std::fs::write(folder.path().join("registro.jws"), other).unwrap();
    run("3. separar el registro", &[]);
    assert!(!GUIDE.run("4. comprobar una firma RS256", folder.path(), &[]).0, "a changed record was taken");
}

#[test]
fn the_guides_commands_check_a_record_of_a_p256_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("firma.p12");
    std::fs::write(&path, tls::self_signed(&tls::p256(), "Cámara", "x")).unwrap();
    let now = Clock::default().now();
    let signer = Signer::from_p12(&path, "x", now).unwrap();
    for index in 0..4 {
        let record = signer.jws(JwsKind::Firma, &serde_json::json!({ "jti": index }), now).unwrap();
        std::fs::write(folder.path().join("registro.jws"), format!("{record}\n")).unwrap();
        for (name, said) in [("3. separar el registro", "ES256"), ("5. comprobar una firma ES256", "Verified OK")] {
            let (well, told) = GUIDE.run(name, folder.path(), &[]);
            assert!(well && told.contains(said), "{name}: {told}");
        }
    }
}
