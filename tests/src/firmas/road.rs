//! The whole road, and what a stranger makes of the record.

use entity::{auditoria, llaves_firma};
use openssl::sha::sha256;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::{Value, json};
use server::secrets::hash_password;

use super::record::{certificates, decode, header, key_of_jwk, payload, verifies};
use super::{EMAIL, MOBILE, Notary, PASSWORD, SHA256, right, with};
use crate::support::{camara, tls};

/// The published key of this name.
async fn published(notary: &Notary, path: &str, kid: &Value) -> Value {
    let answer = notary.call("GET", path, "", None).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/jwk-set+json"));
    assert!(answer.header("cache-control").starts_with("public, max-age="));
    answer.json()["keys"].as_array().unwrap().iter().find(|jwk| jwk["kid"] == *kid).unwrap().clone()
}

#[tokio::test]
async fn right_credentials_and_the_pin_give_a_record_that_anyone_can_check() {
    let notary = Notary::open().await;
    let mut body = with("documento_descripcion", "Cambio de domicilio");
    body["ip_firmante"] = json!("2800:10::1");
    body["identificacion"] = json!("71.234.567");
    body["documento_sha256"] = json!(SHA256.to_uppercase());
    let asked = notary.ask(&body).await;
    assert_eq!((asked.status, asked.header("cache-control")), (201, "no-store"));
    let id = asked.id();
    assert_eq!(asked.header("location"), format!("/api/v1/firmas/{id}"));
    let waiting = asked.json();
    assert_eq!((&waiting["estado"], &waiting["celular"]), (&json!("pendiente"), &json!("300 *** **67")));
    assert_eq!((&waiting["pin_enviado"], &waiting["documento_sha256"]), (&json!(true), &json!(SHA256)));
    assert!(waiting["registro"].is_null() && waiting["reenvio_desde"].as_str() < waiting["vence_en"].as_str());

    let pin = notary.last_pin().await;
    let signed = notary.confirm(&id, &pin).await;
    assert_eq!((signed.status, &signed.json()["estado"]), (200, &json!("firmada")));
    let record = signed.json()["registro"].as_str().unwrap().to_owned();
    assert_eq!(notary.look(&id).await.json(), signed.json());

    let kid = &header(&record)["kid"];
    for path in ["/llaves", "/camaras/55/llaves"] {
        assert!(verifies(&record, &key_of_jwk(&published(&notary, path, kid).await)), "{path}");
    }
    assert!(verifies(&record, &certificates(&record)[0].public_key().unwrap()));
    assert_eq!(header(&record)["typ"], "firma-clave-segura+jwt");

    let told = payload(&record);
    assert_eq!(told["iss"], notary.site.url("/api/v1/camaras/55"));
    assert_eq!(told["jti"], id);
    assert_eq!(told["camara"], json!({ "codigo": "55", "nombre": "Cámara de Comercio de Prueba" }));
    assert_eq!(told["documento"]["sha256"], SHA256);
    assert_eq!(told["documento"]["nombre"], "Solicitud de inscripción 123");
    assert_eq!(told["documento"]["descripcion"], "Cambio de domicilio");
    let signer = json!({
        "tipo_identificacion": "1", "identificacion": "71234567", "nombre": "RUIZ ANA", "matricula": "4567",
        "correo": "a***@correo.com.co", "celular": "300 *** **67",
    });
    assert_eq!(told["firmante"], signer);
    assert_eq!(told["credencial"]["verificado_en"], "2025-12-31T22:30:00-05:00");
    assert_eq!((&told["credencial"]["clave_preasignada"], &told["credencial"]["ano"]), (&json!(77), &json!(2026)));
    assert_eq!(told["ip_firmante"], "2800:10::1");
    assert_eq!(told["sistema"]["nombre"], "Ventanilla virtual");
    let process = &told["proceso"];
    assert_eq!((&process["pin_errados"], process["eventos"].as_array().unwrap().len()), (&json!(0), 2));
    assert!(process["solicitada_en"].as_str() <= process["pin_enviado_en"].as_str());
    assert!(process["pin_enviado_en"].as_str() <= process["pin_confirmado_en"].as_str());
    for secret in [PASSWORD, EMAIL, MOBILE, &pin] {
        assert!(!told.to_string().contains(secret));
    }
}

#[tokio::test]
async fn a_password_of_one_s_own_is_compared_as_it_was_chosen_with_its_blanks() {
    let notary = Notary::open().await;
    let hash = hash_password("tres gatos verdes ñ".as_bytes()).0;
    notary.verified(camara(), "2007", |row| row.claveacceso = Set(hash)).await;
    for (typed, status) in [
        ("tresgatosverdesñ", 403),
        ("tres gatos verdes n", 403),
        (" tres gatos verdes ñ ", 201),
        // The other way of writing ñ, as some keyboards send it.
        ("tres gatos verdes n\u{303}", 201),
    ] {
        let mut body = with("identificacion", "2007");
        body["clave"] = json!(typed);
        assert_eq!(notary.ask(&body).await.status, status, "{typed}");
        notary.later(3600);
    }
}

#[tokio::test]
async fn record_and_audit_trail_hold_each_other() {
    let notary = Notary::open().await;
    let (_, record) = notary.signed().await;
    let anchor = &payload(&record)["auditoria"];
    let entry = auditoria::Entity::find()
        .filter(auditoria::Column::Camara.eq("55"))
        .filter(auditoria::Column::Secuencia.eq(anchor["secuencia"].as_i64().unwrap()))
        .one(notary.site.app.db.reader())
        .await
        .unwrap()
        .unwrap();
    assert_eq!((&entry.hash, entry.accion.as_str()), (&anchor["hash"].as_str().unwrap().to_owned(), "pin_enviado"));
    let made = notary.trail("firma_realizada").await.remove(0);
    assert_eq!((made.secuencia, &made.hash_previo), (entry.secuencia + 1, &entry.hash));
    let digest: String = sha256(record.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(made.detalle.ends_with(&format!("sha256={digest}")), "{}", made.detalle);
    assert_eq!((made.actor.as_str(), notary.trail("firma_solicitada").await.len()), ("sistema Ventanilla virtual", 1));
}

#[tokio::test]
async fn a_record_that_was_changed_does_not_verify() {
    let notary = Notary::open().await;
    let (_, record) = notary.signed().await;
    let key = certificates(&record)[0].public_key().unwrap();
    assert!(verifies(&record, &key));
    let parts: Vec<&str> = record.split('.').collect();
    let forged = String::from_utf8(decode(parts[1])).unwrap().replace("RUIZ ANA", "RUIZ EVA");
    use base64::Engine;
    let forged = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(forged);
    for changed in [
        format!("{}.{forged}.{}", parts[0], parts[2]),
        format!("{}.{}.{}", parts[1], parts[0], parts[2]),
        format!("{}.{}.{}{}", parts[0], parts[1], if parts[2].starts_with('A') { 'B' } else { 'A' }, &parts[2][1..]),
    ] {
        assert!(!verifies(&changed, &key), "{changed}");
    }
    let stranger = openssl::rsa::Rsa::generate(2048).unwrap().public_key_to_pem().unwrap();
    assert!(!verifies(&record, &openssl::pkey::PKey::public_key_from_pem(&stranger).unwrap()));
}

#[tokio::test]
async fn a_key_that_signed_stays_published_after_the_certificate_is_renewed() {
    let notary = Notary::open().await;
    let (_, record) = notary.signed().await;
    let rows = llaves_firma::Entity::find().all(notary.site.app.db.reader()).await.unwrap();
    assert_eq!(rows.len(), 1);
    // As if the present certificate were another one's, with which nothing was signed yet.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("anterior.p12");
    std::fs::write(&path, tls::self_signed(&tls::p256(), "Anterior", "x")).unwrap();
    let former = server::signing::Signer::from_p12(&path, "x", notary.site.app.clock.now()).unwrap().jwk().unwrap();
    llaves_firma::ActiveModel {
        camara: Set(camara().to_string()),
        kid: Set(former.kid().to_owned()),
        jwk: Set(serde_json::to_string(&former).unwrap()),
        desde: Set(1),
    }
    .insert(notary.site.app.db.reader())
    .await
    .unwrap();
    let keys = notary.call("GET", "/camaras/55/llaves", "", None).await.json()["keys"].clone();
    let kids: Vec<_> = keys.as_array().unwrap().iter().map(|jwk| jwk["kid"].as_str().unwrap()).collect();
    assert_eq!(kids, [former.kid(), header(&record)["kid"].as_str().unwrap()]);
    // A chamber that has signed nothing yet publishes its present key.
    assert_eq!(notary.call("GET", "/camaras/20/llaves", "", None).await.json()["keys"].as_array().unwrap().len(), 1);
    assert_eq!(notary.call("GET", "/llaves", "", None).await.json()["keys"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn the_same_idempotency_key_gives_the_same_request_without_another_sms() {
    let notary = Notary::open().await;
    let body = with("idempotencia", "tramite-123");
    let first = notary.ask(&body).await;
    assert_eq!(first.status, 201);
    let again = notary.ask(&body).await;
    assert_eq!((again.status, again.id(), notary.sms_count().await), (200, first.id(), 1));
    assert_eq!(notary.rows().await.len(), 1);
    let mut other = body.clone();
    other["documento_nombre"] = json!("Otro documento");
    assert_eq!(notary.ask(&other).await.refusal(), (409, "idempotencia_reutilizada".to_owned()));
    // The key alone opens nothing.
    let mut wrong = body.clone();
    wrong["clave"] = json!("Wrong23456");
    assert_eq!(notary.ask(&wrong).await.refusal(), (403, "credenciales_erradas".to_owned()));
    let pin = notary.last_pin().await;
    let signed = notary.confirm(&first.id(), &pin).await.json();
    assert_eq!(notary.ask(&body).await.json(), signed);
    // Another system's keys are its own.
    let key = super::new_key(&notary.site, camara(), "Registro").await;
    let theirs = notary.call("POST", "/firmas", &key, Some(&body)).await;
    assert_eq!((theirs.status, theirs.id() == first.id()), (201, false));
}

#[tokio::test]
async fn unfinished_requests_are_erased_after_their_time_and_records_stay_without_their_pin() {
    let notary = Notary::open_with("RETENCION_PIN_HORAS=2\n").await;
    let (signed, record) = notary.signed().await;
    let unfinished = notary.ask(&right()).await.id();
    let abandoned = notary.ask(&right()).await.id();
    notary.abandon(&abandoned).await;
    notary.later(2 * 3600);
    notary.ask(&right()).await;
    assert_eq!(notary.rows().await.len(), 4, "their time begins when theirs is over");
    notary.later(1300);
    notary.ask(&right()).await;
    let rows = notary.rows().await;
    let left: Vec<&str> = rows.iter().map(|row| row.codigo.as_str()).collect();
    assert!(rows.len() == 3 && !left.contains(&unfinished.as_str()) && !left.contains(&abandoned.as_str()));
    assert_eq!((rows[0].codigo.as_str(), rows[0].pin_hmac.as_deref()), (signed.as_str(), None));
    assert_eq!(notary.look(&signed).await.json()["registro"], record);
}
