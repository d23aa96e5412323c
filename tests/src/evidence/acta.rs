//! The acta of an activation: what it says, in both forms, and that it lasts.

use std::path::Path;
use std::process::Command;

use contract::Timestamp;
use contract::staff::Role;
use entity::usuarios_verificados as usuarios;
use entity::{auditoria, buzon_sms, claves_preasignadas as claves, condiciones, documentos, evidencias};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use serde_json::Value;
use server::secrets::{hash_password, sha256_hex};
use server::services::activation::Origin;
use server::signing::{JwsKind, verify_jws};

use super::{report, run};
use crate::activation::office::{self, EMAIL, ID, MOBILE, PASSWORD};
use crate::support::registry::{extract, merchant, sync};
use crate::support::site::TestSite;
use crate::support::{camara, other_camara};

const AGENT: &str = "Mozilla/5.0 (Linux; Android 15) «prueba»";

/// Ana, whose password was mailed with everything that is known of a mail.
pub async fn mailed(site: &TestSite) -> claves::Model {
    let (db, now) = (site.app.db.reader(), site.app.clock.now());
    let row = merchant(1).with("matricula", "1001").with("emailnot", EMAIL).with("celnot", MOBILE);
    let synced = sync(&site.app.db, extract(&[row])).await;
    let row = claves::ActiveModel {
        camara: Set("55".into()),
        ano: Set(2026),
        es_prueba: Set(false),
        matricula: Set("1001".into()),
        idclase: Set("1".into()),
        identificacion: Set(ID.into()),
        nombre: Set("ÑÚÑEZ D'ÁVILA ANA".into()),
        correo: Set(EMAIL.into()),
        correo_origen: Set("notificacion".into()),
        celular: Set(MOBILE.into()),
        celular_origen: Set("notificacion".into()),
        estado: Set("enviado".into()),
        factor: Set(Some("doble".into())),
        generacion: Set(1),
        hash: Set(Some(hash_password(PASSWORD.as_bytes()).0)),
        lote_id: Set(Some(9)),
        message_id: Set(Some("<abc.55@camara.example>".into())),
        respuesta: Set(Some("250 2.0.0 Ok: queued as 4711".into())),
        pdf_sha256: Set(Some("ab".repeat(32))),
        sincronizacion_id: Set(Some(synced.result.unwrap().sync_id)),
        seleccionada_en: Set(now.plus_seconds(-7200).0),
        transmitida_en: Set(Some(now.plus_seconds(-3600).0)),
        enviada_en: Set(Some(now.plus_seconds(-3599).0)),
        vence_en: Set(Some(now.plus_seconds(86_400).0)),
        ..Default::default()
    };
    let row = row.insert(db).await.unwrap();
    let version = "cd".repeat(32);
    documentos::ActiveModel {
        camara: Set("55".into()),
        codigo: Set("ABCD2345EFGH6789".into()),
        clave_id: Set(row.id),
        generacion: Set(1),
        ano: Set(2026),
        condiciones: Set(version.clone()),
        pdf_sha256: Set("ab".repeat(32)),
        emitido_en: Set(now.0),
        ..Default::default()
    }
    .insert(db)
    .await
    .unwrap();
    condiciones::ActiveModel {
        camara: Set("55".into()),
        version: Set(version),
        factor: Set("doble".into()),
        texto: Set("…".into()),
        desde: Set(now.0),
    }
    .insert(db)
    .await
    .unwrap();
    row
}

async fn last_pin(site: &TestSite) -> String {
    let sms = buzon_sms::Entity::find().order_by_desc(buzon_sms::Column::Id).one(site.app.db.reader()).await;
    sms.unwrap().unwrap().texto.split_whitespace().nth(3).unwrap().to_owned()
}

/// Ana activates, after one wrong PIN; the user's number.
pub async fn activated(site: &TestSite) -> i64 {
    mailed(site).await;
    let origin = Origin::new("190.0.0.7".parse().unwrap(), Some(AGENT));
    let desk = site.app.activation(camara(), "cookie", origin).unwrap();
    desk.accept(office::right()).await.unwrap();
    let pin = last_pin(site).await;
    let wrong = format!("{:06}", (pin.parse::<u32>().unwrap() + 1) % 1_000_000);
    desk.confirm(wrong).await.unwrap();
    desk.confirm(pin).await.unwrap();
    usuarios::Entity::find().one(site.app.db.reader()).await.unwrap().unwrap().id
}

async fn issue(site: &TestSite, client: &reqwest::Client, id: i64, form: &str) -> (u16, Vec<u8>) {
    let form = [("id", id.to_string()), ("formato", form.to_owned())];
    let answer = client.post(site.url("/consola/acta")).form(&form).send().await.unwrap();
    (answer.status().as_u16(), answer.bytes().await.unwrap().to_vec())
}

/// The content of a JSON acta, its signature verified.
async fn content(site: &TestSite, client: &reqwest::Client, id: i64) -> Value {
    let (status, bytes) = issue(site, client, id, "json").await;
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&bytes));
    let text = String::from_utf8(bytes).unwrap().trim_end().to_owned();
    assert!(verify_jws(JwsKind::Firma, &text).is_err() && verify_jws(JwsKind::Sello, &text).is_err());
    verify_jws(JwsKind::Acta, &text).unwrap().payload
}

fn tool(name: &str, arguments: &[&str], file: &Path) -> String {
    let output = Command::new(name).args(arguments).arg(file).arg("-").output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test]
async fn the_json_holds_every_fact_and_the_trail_holds_the_facts() {
    let site = TestSite::start("").await;
    let user = activated(&site).await;
    site.app.seal_job().look().await;
    let client = site.log_in(Role::Auditor).await;
    let acta = content(&site, &client, user).await;
    let facts = &acta["hechos"];
    assert_eq!(facts["titular"]["identificacion"], ID);
    assert_eq!(facts["titular"]["nombre"], "ÑÚÑEZ D'ÁVILA ANA");
    assert_eq!(facts["titular"]["correo_origen"], "notificacion");
    assert_eq!(facts["seleccion"]["ano"], 2026);
    assert_eq!(facts["seleccion"]["sincronizacion"]["leidas"], 1);
    assert_eq!(facts["seleccion"]["sincronizacion"]["sha256"].as_str().unwrap().len(), 64);
    let sent = &facts["envio"];
    assert_eq!(sent["message_id"], "<abc.55@camara.example>");
    assert_eq!(sent["respuesta"], "250 2.0.0 Ok: queued as 4711");
    assert_eq!(sent["pdf_sha256"], "ab".repeat(32));
    assert_eq!((&sent["documento"], &sent["condiciones"]), (&"ABCD-2345-EFGH-6789".into(), &"cd".repeat(32).into()));
    let pins: Vec<_> = facts["pin"].as_array().unwrap().iter().map(|pin| pin["que"].as_str().unwrap()).collect();
    assert_eq!(pins, ["pin_enviado", "pin_errado"]);
    assert_eq!(facts["pin"][0]["sms"]["celular"], "300 *** **67");
    assert_eq!(facts["pin"][0]["sms"]["intentos"][0]["resultado"], "entregado");
    for act in ["aceptacion", "verificacion"] {
        assert_eq!(facts["activacion"][act]["direccion_red"], "190.0.0.7", "{act}");
        assert_eq!(facts["activacion"][act]["agente"], AGENT, "{act}");
    }
    assert_eq!(facts["activacion"]["factor"], "doble");
    assert_eq!(acta["credencial"][0]["que"], "verificada");

    // The digest that the trail bears is that of the facts, and of those that the acta shows.
    let kept = evidencias::Entity::find().one(site.app.db.reader()).await.unwrap().unwrap();
    assert_eq!(kept.huella, sha256_hex(kept.hechos.as_bytes()));
    assert_eq!(serde_json::from_str::<Value>(&kept.hechos).unwrap(), *facts);
    let entry = auditoria::Entity::find().filter(auditoria::Column::Secuencia.eq(kept.secuencia));
    let entry = entry.one(site.app.db.reader()).await.unwrap().unwrap();
    assert!(entry.accion == "activacion" && entry.detalle.ends_with(&format!("evidencia={}", kept.huella)));
    assert_eq!(acta["huella"], serde_json::json!({ "sha256": kept.huella, "secuencia": kept.secuencia }));
    let anchors: Vec<_> = acta["auditoria"].as_array().unwrap().iter().map(|a| a["accion"].as_str().unwrap()).collect();
    assert_eq!(anchors, ["pin_enviado", "pin_errado", "activacion"]);
    assert_eq!(acta["auditoria"][2]["hash"], entry.hash);
    assert!(acta["sello"]["secuencia"].as_i64().unwrap() >= kept.secuencia);
    let issued = auditoria::Entity::find().filter(auditoria::Column::Accion.eq("acta_emitida"));
    let issued = issued.all(site.app.db.reader()).await.unwrap();
    assert!(issued.len() == 1 && issued[0].detalle.starts_with(&format!("usuario={user} formato=json sha256=")));
    assert_eq!(issued[0].actor, "auditor-1");
}

#[tokio::test]
async fn the_pdf_says_the_same_and_is_signed() {
    let site = TestSite::start("").await;
    let user = activated(&site).await;
    let client = site.log_in(Role::Operador).await;
    let acta = content(&site, &client, user).await;
    let (status, pdf) = issue(&site, &client, user, "pdf").await;
    assert_eq!(status, 200);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("acta.pdf");
    std::fs::write(&path, &pdf).unwrap();
    if let Ok(to) = std::env::var("ACTA_TO") {
        std::fs::write(to, &pdf).unwrap();
    }
    let said = String::from_utf8(Command::new("pdfsig").arg(&path).output().unwrap().stdout).unwrap();
    assert!(said.contains("Signature is Valid") && said.contains("Total document signed"), "{said}");
    let text = tool("pdftotext", &["-layout"], &path);
    let flat: String = text.split_whitespace().collect();
    let mut leaves = Vec::new();
    strings(&acta["hechos"], &mut leaves);
    // Instants are shown as people read them; every other word of the facts stands there as it is.
    for leaf in leaves.iter().filter(|leaf| {
        !leaf.contains("-05:00") && !matches!(leaf.as_str(), "doble" | "pin_enviado" | "pin_errado" | "notificacion")
    }) {
        let wanted: String = leaf.split_whitespace().collect();
        assert!(flat.contains(&wanted), "«{leaf}» is not in the PDF:\n{text}");
    }
    let print = acta["huella"]["sha256"].as_str().unwrap();
    assert!(flat.contains(print), "{text}");
    for word in ["PIN enviado por SMS", "PIN errado", "Página 1 de", "Usuario verificado desde el"] {
        assert!(text.contains(word), "«{word}»:\n{text}");
    }
}

fn strings(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) => into.push(text.clone()),
        Value::Array(all) => all.iter().for_each(|value| strings(value, into)),
        Value::Object(all) => all.values().for_each(|value| strings(value, into)),
        _ => {}
    }
}

#[tokio::test]
async fn an_acta_is_always_the_same_and_no_deletion_takes_it_away() {
    let site = TestSite::start("").await;
    let user = activated(&site).await;
    let actor = server::services::actor::Actor::command_line(camara());
    let desk = site.app.acta_desk(&actor).unwrap();
    let at = Timestamp(1_800_000_000_000);
    let first = desk.acta(user, at).await.unwrap();
    desk.issue(user, server::services::evidence::ActaForm::Pdf).await.unwrap();
    claves::Entity::delete_many().exec(site.app.db.reader()).await.unwrap();
    run(&site.app.db, "DELETE FROM activaciones").await.unwrap();
    run(&site.app.db, "DELETE FROM sms_intentos").await.unwrap();
    assert!(desk.acta(user, at).await.unwrap() == first);
    let whole = report(&site).await;
    assert!(whole.holds() && whole.evidencias == 1, "{whole:?}");
    run(&site.app.db, "UPDATE evidencias SET hechos = replace(hechos, '190.0.0.7', '190.0.0.8')").await.unwrap();
    assert_eq!(report(&site).await.evidencias_rotas, [user]);
    run(&site.app.db, "DELETE FROM evidencias").await.unwrap();
    assert_eq!(report(&site).await.evidencias_rotas, [user]);
}

#[tokio::test]
async fn no_secret_is_in_an_acta_and_none_goes_to_another_chamber() {
    let site = TestSite::start("").await;
    let user = activated(&site).await;
    let pin = last_pin(&site).await;
    let client = site.log_in(Role::Supervisor).await;
    let text = content(&site, &client, user).await.to_string();
    for secret in [PASSWORD, &pin, "argon2", "cookie"] {
        assert!(!text.contains(secret), "{secret}");
    }
    let theirs = site.log_in_at(other_camara(), Role::Supervisor).await;
    assert_eq!(issue(&site, &theirs, user, "pdf").await.0, 404);
    for (id, form) in [(user, "xml"), (user + 1, "pdf"), (0, "json")] {
        assert_eq!(issue(&site, &client, id, form).await.0, 404, "{id} {form}");
    }
    // Without a certificate in force it is said, and nothing is issued.
    site.app.clock.advance_seconds(1);
    let without = TestSite::start("FIRMA_P12=no-existe.p12\n").await;
    let user = activated(&without).await;
    let client = without.log_in(Role::Auditor).await;
    let (status, said) = issue(&without, &client, user, "pdf").await;
    assert!(status == 409 && String::from_utf8(said).unwrap().contains("FIRMA_P12"));
}

#[tokio::test]
async fn a_user_older_than_the_keeping_of_evidence_has_an_acta_that_says_so() {
    let site = TestSite::start("").await;
    let user = activated(&site).await;
    run(&site.app.db, "DELETE FROM evidencias").await.unwrap();
    let client = site.log_in(Role::Auditor).await;
    let acta = content(&site, &client, user).await;
    assert_eq!(acta["huella"], Value::Null);
    assert_eq!(acta["hechos"]["envio"]["message_id"], "<abc.55@camara.example>");
    assert_eq!(acta["hechos"]["activacion"]["verificacion"]["direccion_red"], Value::Null);
    let (status, _) = issue(&site, &client, user, "pdf").await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn the_timeline_tells_everything_in_its_order() {
    let site = TestSite::start("").await;
    let user = activated(&site).await;
    let client = site.log_in(Role::Auditor).await;
    let clave = claves::Entity::find().one(site.app.db.reader()).await.unwrap().unwrap().id;
    let look = |client: reqwest::Client, id: i64| {
        let url = site.url("/api/consola/linea-de-tiempo");
        async move {
            let answer = client.post(url).form(&[("id", id)]).send().await.unwrap();
            (answer.status().as_u16(), serde_json::from_str::<Value>(&answer.text().await.unwrap()).unwrap())
        }
    };
    let (status, told) = look(client.clone(), clave).await;
    assert_eq!(status, 200);
    let what: Vec<_> = told["sucesos"].as_array().unwrap().iter().map(|s| s["que"].as_str().unwrap()).collect();
    let expected = [
        "seleccionada",
        "transmitida",
        "aceptada_por_servidor",
        "pin_enviado",
        "pin_errado",
        "activacion",
        "confirmacion_no_enviada",
    ];
    assert_eq!(what, expected);
    assert_eq!(told["usuario"], serde_json::json!({ "id": user, "estado": "VE", "acta": true }));
    let page = client.get(site.url(&format!("/consola/comerciante/{clave}"))).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let page = page.text().await.unwrap();
    for word in ["Línea de tiempo", "Descargar acta (PDF)", "PIN errado", "250 2.0.0 Ok: queued as 4711"] {
        assert!(page.contains(word), "{word}");
    }
    let lists = ["/consola/contrasenas?ano=2026", "/consola/usuarios-verificados"];
    for list in lists {
        let page = client.get(site.url(list)).send().await.unwrap().text().await.unwrap();
        assert!(page.contains(&format!("href=\"/consola/comerciante/{clave}\"")), "{list}");
    }
    let theirs = site.log_in_at(other_camara(), Role::Supervisor).await;
    assert_eq!(look(theirs.clone(), clave).await.0, 404);
    let page = theirs.get(site.url(&format!("/consola/comerciante/{clave}"))).send().await.unwrap();
    assert_eq!(page.status(), 404);
    assert!(!page.text().await.unwrap().contains(ID));
    // The password's row goes, what came of it stays.
    claves::Entity::delete_many().exec(site.app.db.reader()).await.unwrap();
    let (status, told) = look(client, clave).await;
    assert!(status == 200 && told["estado"] == Value::Null && told["sucesos"].as_array().unwrap().len() == 4);
}
