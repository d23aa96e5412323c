//! The commands of the guide for third parties do what the guide says, and find what it says they find.

use std::path::Path;

use contract::staff::Role;
use server::clock::Clock;
use server::signing::{JwsKind, Signer, verify_jws};

use super::acta::activated;
use crate::support::guide::Guide;
use crate::support::site::TestSite;
use crate::support::tls;

const GUIDE: Guide = Guide("evidence.md");

struct Reader {
    folder: tempfile::TempDir,
}

impl Reader {
    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn try_block(&self, name: &str, variables: &[(&str, &str)]) -> (bool, String) {
        tokio::task::block_in_place(|| GUIDE.run(name, self.path(), variables))
    }

    fn run(&self, name: &str, variables: &[(&str, &str)]) -> String {
        let (well, said) = self.try_block(name, variables);
        assert!(well, "{name}: {said}");
        said
    }

    /// Changes a file.
    fn change(&self, name: &str, change: impl FnOnce(String) -> String) {
        let path = self.path().join(name);
        let text = std::fs::read_to_string(&path).unwrap();
        let changed = change(text.clone());
        assert_ne!(text, changed, "{name} was not changed");
        std::fs::write(path, changed).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_third_party_verifies_everything_with_public_tools() {
    let site = TestSite::start("").await;
    let user = activated(&site).await;
    site.app.seal_job().look().await;
    let client = site.log_in(Role::Auditor).await;
    let reader = Reader { folder: tempfile::tempdir().unwrap() };
    for (path, form, name) in [
        ("/consola/acta", Some("pdf"), "acta.pdf"),
        ("/consola/acta", Some("json"), "acta.jws"),
        ("/consola/auditoria/exportar", None, "auditoria-55.jsonl"),
    ] {
        let fields: Vec<_> =
            form.map(|form| [("id", user.to_string()), ("formato", form.to_owned())]).into_iter().flatten().collect();
        let answer = client.post(site.url(path)).form(&fields).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        std::fs::write(reader.path().join(name), answer.bytes().await.unwrap()).unwrap();
    }
    let said = reader.run("1. comprobar la firma de un PDF", &[]);
    assert!(said.contains("Signature is Valid") && said.contains("Total document signed"), "{said}");

    let split = "2. separar un JWS";
    let verify = "3. comprobar la firma de un JWS";
    assert!(reader.run(split, &[]).starts_with("acta-clave-segura+jwt RS256\n"));
    assert!(reader.run(verify, &[]).contains("Verified OK"));
    assert!(reader.run("4. comprobar la huella de los hechos", &[]).contains("La huella de los hechos es"));
    assert!(reader.run("5. comprobar la cadena de la auditoría", &[]).contains("La cadena está íntegra"));
    assert!(
        reader.run("8. comprobar que el acta está anclada en la cadena", &[]).contains("La activación es la anotación")
    );

    reader.change("contenido.json", |text| text.replace("190.0.0.7", "190.0.0.8"));
    assert!(!reader.try_block("4. comprobar la huella de los hechos", &[]).0, "changed facts were taken");

    let day = server::services::audit::yesterday(site.app.clock.now());
    let kept = std::fs::read_to_string(reader.path().join("acta.jws")).unwrap();
    reader.run("6. sacar el sello de un día", &[("DIA", &day)]);
    assert!(reader.run(split, &[]).starts_with("sello-clave-segura+jwt RS256\n"));
    assert!(reader.run(verify, &[]).contains("Verified OK"));
    let sealed = "7. comprobar que el sello es de esta cadena";
    assert!(reader.run(sealed, &[]).contains("cubre hasta la anotación"));
    reader.change("contenido.json", |text| text.replace("\"hash\":\"", "\"hash\":\"0"));
    assert!(!reader.try_block(sealed, &[]).0, "a seal of another chain was taken");
    assert!(!reader.try_block("6. sacar el sello de un día", &[("DIA", "2001-01-01")]).0);

    // A changed acta, and a changed, a removed and an exchanged entry.
    let (head, rest) = kept.split_once('.').unwrap();
    std::fs::write(reader.path().join("acta.jws"), format!("{head}.ICAg{rest}")).unwrap();
    reader.run(split, &[]);
    assert!(!reader.try_block(verify, &[]).0, "a changed acta was taken");
    let whole = std::fs::read_to_string(reader.path().join("auditoria-55.jsonl")).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let mut exchanged = lines.clone();
    exchanged.swap(1, 2);
    let without =
        |place: usize| lines.iter().enumerate().filter(|(at, _)| *at != place).map(|(_, line)| *line).collect();
    let tampered: [Vec<&str>; 3] = [exchanged, without(2), without(lines.len() - 2)];
    for lines in tampered {
        std::fs::write(reader.path().join("auditoria-55.jsonl"), lines.join("\n")).unwrap();
        assert!(!reader.try_block("5. comprobar la cadena de la auditoría", &[]).0, "a changed trail was taken");
    }
    std::fs::write(reader.path().join("auditoria-55.jsonl"), whole.replacen("pin_errado", "pin_enviado", 1)).unwrap();
    assert!(!reader.try_block("5. comprobar la cadena de la auditoría", &[]).0, "a changed entry was taken");
}

#[test]
fn the_commands_and_the_program_verify_a_p256_key_alike() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("firma.p12");
    std::fs::write(&path, tls::self_signed(&tls::p256(), "Cámara", "x")).unwrap();
    let now = Clock::default().now();
    let signer = Signer::from_p12(&path, "x", now).unwrap();
    for index in 0..4 {
        let jws = signer.jws(JwsKind::Sello, &serde_json::json!({ "dia": index }), now).unwrap();
        assert_eq!(verify_jws(JwsKind::Sello, &jws).unwrap().payload["dia"], index);
        std::fs::write(folder.path().join("acta.jws"), format!("{jws}\n")).unwrap();
        for (name, said) in
            [("2. separar un JWS", "sello-clave-segura+jwt ES256"), ("3. comprobar la firma de un JWS", "Verified OK")]
        {
            let (well, told) = GUIDE.run(name, folder.path(), &[]);
            assert!(well && told.contains(said), "{name}: {told}");
        }
        // Another content, no content, half a signature, another kind: none is taken, none panics.
        let (signed, signature) = jws.rsplit_once('.').unwrap();
        let (head, content) = signed.split_once('.').unwrap();
        for forged in [
            format!("{head}.{}.{signature}", &content[..content.len() - 2]),
            format!("{signed}."),
            format!("{signed}.{}", &signature[..40]),
            format!("{signed}.{signature}.{signature}"),
            head.to_owned(),
            String::new(),
        ] {
            assert!(verify_jws(JwsKind::Sello, &forged).is_err(), "{forged}");
        }
        assert!(verify_jws(JwsKind::Acta, &jws).is_err());
    }
}
