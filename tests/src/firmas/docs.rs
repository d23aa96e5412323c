//! The commands of the integrators' guide do what the guide says.

use std::path::Path;
use std::process::Command;

use server::clock::Clock;
use server::signing::Signer;

use super::Notary;
use crate::support::tls;

/// The shell commands of the guide's block with this first line.
fn block(name: &str) -> String {
    let guide = std::fs::read_to_string("../docs/firmas.md").unwrap();
    let marked = format!("```sh\n# {name}\n");
    let (_, rest) = guide.split_once(&marked).unwrap_or_else(|| panic!("the guide has no block «{name}»"));
    rest.split_once("\n```").unwrap().0.to_owned()
}

/// What a block says in this folder, and whether it ended well.
fn run(name: &str, folder: &Path, variables: &[(&str, &str)]) -> (bool, String) {
    let mut command = Command::new("bash");
    command.args(["-euo", "pipefail", "-c", &block(name)]).current_dir(folder).envs(variables.iter().copied());
    let output = command.output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_guides_commands_ask_sign_and_check() {
    let notary = Notary::open().await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("documento.pdf"), "un documento").unwrap();
    let run = |name: &str, more: &[(&str, &str)]| {
        let site = [("SITIO", notary.site.address.as_str()), ("CLAVE_SISTEMA", &notary.key)];
        let variables = [&site[..], more].concat();
        let (well, said) = tokio::task::block_in_place(|| run(name, folder.path(), &variables));
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
    assert!(
        !crate::firmas::docs::run("4. comprobar una firma RS256", folder.path(), &[]).0,
        "a changed record was taken"
    );
}

#[test]
fn the_guides_commands_check_a_record_of_a_p256_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("firma.p12");
    std::fs::write(&path, tls::self_signed(&tls::p256(), "Cámara", "x")).unwrap();
    let now = Clock::default().now();
    let signer = Signer::from_p12(&path, "x", now).unwrap();
    for index in 0..4 {
        let record = signer.jws(&serde_json::json!({ "jti": index }), now).unwrap();
        std::fs::write(folder.path().join("registro.jws"), format!("{record}\n")).unwrap();
        for (name, said) in [("3. separar el registro", "ES256"), ("5. comprobar una firma ES256", "Verified OK")] {
            let (well, told) = run(name, folder.path(), &[]);
            assert!(well && told.contains(said), "{name}: {told}");
        }
    }
}
