//! The commands of the integrators' guide do what the guide says.

use std::process::Command;

use super::Notary;

/// The shell commands of the guide's block with this first line.
fn block(name: &str) -> String {
    let guide = std::fs::read_to_string("../docs/firmas.md").unwrap();
    let marked = format!("```sh\n# {name}\n");
    let (_, rest) = guide.split_once(&marked).unwrap_or_else(|| panic!("the guide has no block «{name}»"));
    rest.split_once("\n```").unwrap().0.to_owned()
}

#[tokio::test]
async fn the_guides_commands_ask_sign_and_check() {
    let notary = Notary::open().await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("documento.pdf"), "un documento").unwrap();
    let run = async |name: &str, extra: &[(&str, &str)]| {
        let mut command = Command::new("bash");
        command.args(["-euo", "pipefail", "-c", &block(name)]).current_dir(folder.path());
        command.env("SITIO", &notary.site.address).env("CLAVE_SISTEMA", &notary.key).envs(extra.iter().copied());
        let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{name}: {said}{}", String::from_utf8_lossy(&output.stderr));
        said
    };
    let ana = [("IDENTIFICACION", super::ID), ("CORREO", super::EMAIL), ("CLAVE", super::PASSWORD)];
    run("1. pedir la firma", &ana).await;
    let pin = notary.last_pin().await;
    run("2. confirmar con el PIN", &[("PIN", &pin)]).await;
    let record = std::fs::read_to_string(folder.path().join("registro.jws")).unwrap();
    assert_eq!(record.trim().split('.').count(), 3);
    assert!(run("3. comprobar la firma con openssl", &[]).await.contains("Verified OK"));
    assert!(run("4. comparar el documento", &[]).await.contains("Es el documento firmado"));

    let changed = record.trim().replacen("ey", "eY", 2);
    std::fs::write(folder.path().join("registro.jws"), changed).unwrap();
    let mut command = Command::new("bash");
    command.args(["-euo", "pipefail", "-c", &block("3. comprobar la firma con openssl")]);
    let output = command.current_dir(folder.path()).output().unwrap();
    assert!(!output.status.success(), "a changed record was taken for a good one");
}
