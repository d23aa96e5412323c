//! The sample, in the console and on the command line, and what is said of a chamber's own files.

use contract::ChamberCode;
use contract::staff::Role;
use server::config::Chamber;

use super::*;
use crate::support::site::TestSite;

#[tokio::test]
async fn the_console_shows_the_sample_of_either_variant_to_staff_only() {
    let site = TestSite::start("").await;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("muestra.pdf");
    let staff = site.log_in(Role::Auditor).await;
    for (query, with_pin) in [("", true), ("?factor=doble", true), ("?factor=solo_clave", false)] {
        let answer = staff.get(site.url(&format!("/consola/documento-muestra{query}"))).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "application/pdf");
        std::fs::write(&path, answer.bytes().await.unwrap()).unwrap();
        let text = text(&path);
        assert!(text.contains("MUESTRA · documento sin validez"), "{text}");
        assert_eq!(text.contains("PIN"), with_pin, "{query}: {text}");
        let verdict = tool("pdfsig", &[path.to_str().unwrap()]);
        assert!(!verdict.contains("Signature is Valid"), "a sample bears no signature: {verdict}");
    }
    let stranger = site.browser().get(site.url("/consola/documento-muestra")).send().await.unwrap();
    assert_ne!(stranger.headers().get("content-type").map(|kind| kind.as_bytes()), Some(&b"application/pdf"[..]));
}

#[test]
fn what_is_wrong_with_a_chambers_own_files_is_said_in_spanish_at_start() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(dir.path().join("propias/documento")).unwrap();
    std::fs::write(dir.path().join("propias").join(Conditions::FILE), "Llame al {{ celular }}.").unwrap();
    std::fs::write(dir.path().join("logo.png"), b"GIF89a").unwrap();
    let file = dir.path().join("common55.env");
    let said = |text: &str| {
        std::fs::write(&file, text).unwrap();
        let (_, faults) = Chamber::read(ChamberCode::parse("55").unwrap(), &file, dir.path());
        faults.iter().map(|fault| format!("{fault}\n")).collect::<String>()
    };
    let all = said("PLANTILLAS=propias\nLOGO=logo.png\nCOLOR=#FFEE00\nFIRMA_TSA_URL=tsa.example\n");
    for expected in [
        "PLANTILLAS: documento/condiciones.txt: hay una marca {{ … }} que no existe",
        "LOGO: el archivo no es una imagen PNG",
        "COLOR: el color es demasiado claro",
        "FIRMA_TSA_URL: escriba la dirección completa",
    ] {
        assert!(all.contains(expected), "{expected} is missing in {all}");
    }
    let in_clear = said("FIRMA_TSA_URL=http://tsa.example/tsr\nFIRMA_TSA_USUARIO=u\nFIRMA_TSA_CLAVE=secreta\n");
    assert!(in_clear.contains("https://") && !in_clear.contains("secreta"), "{in_clear}");
    let right = said("FIRMA_TSA_URL=http://tsa.example/tsr\nCOLOR=#0A6E3D\n");
    assert!(!right.contains("FIRMA_TSA") && !right.contains("COLOR") && !right.contains("PLANTILLAS"), "{right}");
}
