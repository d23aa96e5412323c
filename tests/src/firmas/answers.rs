//! What is refused, and that nothing more is told than that.

use sea_orm::Set;
use serde_json::{Value, json};

use super::{Answer, EMAIL, ID, Notary, new_key, read, right, with};
use crate::support::{camara, other_camara};

#[tokio::test]
async fn every_kind_of_mismatch_gives_the_same_answer() {
    let notary = Notary::open().await;
    for (id, state) in [("2001", "IN"), ("2002", "AN"), ("2003", "EL"), ("2004", "PE")] {
        notary.verified(camara(), id, |row| row.estado = Set(state.to_owned())).await;
    }
    notary.verified(other_camara(), "2005", |_| {}).await;
    notary.verified(camara(), "PRUEBA2247@", |row| row.es_prueba = Set(true)).await;
    notary.verified(camara(), "2006", |row| row.es_prueba = Set(true)).await;
    let mut tries = vec![
        with("identificacion", "99999999"),
        with("identificacion", "..."),
        with("identificacion", "prueba2247@"),
        with("correo", "otra@correo.com.co"),
        with("correo", "a@b"),
        with("clave", "Wrong23456"),
        with("clave", " "),
    ];
    tries.extend(["2001", "2002", "2003", "2004", "2005", "2006"].map(|id| with("identificacion", id)));
    let mut answers = Vec::new();
    for body in tries {
        let answer = notary.ask(&body).await;
        assert_eq!(answer.refusal(), (403, "credenciales_erradas".to_owned()), "{body}");
        let headers: Vec<_> = answer.headers.iter().filter(|(name, _)| !varies(name.as_str())).collect();
        answers.push(format!("{headers:?} {}", answer.text));
        notary.later(3600);
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    assert_eq!((notary.trail("firma_rechazada").await.len(), notary.rows().await.len()), (13, 0));
    let entries = notary.trail("firma_rechazada").await;
    assert!(entries.iter().all(|entry| !entry.detalle.contains(ID) && !entry.detalle.contains(EMAIL)));
    assert_eq!(notary.ask(&with("correo", "Ana.Ruiz@CORREO.com.co")).await.status, 201);
}

fn varies(header: &str) -> bool {
    matches!(header, "date" | "x-request-id")
}

#[tokio::test]
async fn without_a_key_in_force_nothing_answers_whatever_is_sent() {
    let notary = Notary::open().await;
    let (id, _) = notary.pending().await;
    let longer = format!("{}x", notary.key);
    for key in ["", "csf_nada", longer.as_str()] {
        for (method, path) in [
            ("POST", "/firmas".to_owned()),
            ("GET", format!("/firmas/{id}")),
            ("DELETE", format!("/firmas/{id}")),
            ("POST", format!("/firmas/{id}/confirmar")),
            ("POST", format!("/firmas/{id}/reenviar")),
            ("GET", "/firmas/x".to_owned()),
        ] {
            let answer = notary.call(method, &path, key, Some(&json!({}))).await;
            assert_eq!(answer.refusal(), (401, "no_autorizado".to_owned()), "{method} {path}");
            assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"firmas\"");
        }
    }
    let basic = notary.site.browser().get(notary.site.url(&format!("/api/v1/firmas/{id}")));
    let basic = read(basic.header("authorization", format!("Basic {}", notary.key)).send().await.unwrap()).await;
    assert_eq!(basic.refusal().0, 401);
    assert_eq!(notary.look(&id).await.status, 200);
}

#[tokio::test]
async fn a_request_is_not_there_for_another_system_nor_another_chamber() {
    let notary = Notary::open().await;
    let (id, pin) = notary.pending().await;
    for (chamber, name) in [(camara(), "Registro"), (other_camara(), "Ventanilla virtual")] {
        let key = new_key(&notary.site, chamber, name).await;
        for (method, suffix, body) in [
            ("GET", "", None),
            ("DELETE", "", None),
            ("POST", "/reenviar", None),
            ("POST", "/confirmar", Some(json!({ "pin": pin }))),
        ] {
            let answer = notary.call(method, &format!("/firmas/{id}{suffix}"), &key, body.as_ref()).await;
            assert_eq!(answer.refusal(), (404, "firma_desconocida".to_owned()), "{chamber} {method} {suffix}");
        }
    }
    assert_eq!(notary.confirm(&id, &pin).await.status, 200);
    // Ana is verified at chamber 55 only.
    let key = new_key(&notary.site, other_camara(), "Otro").await;
    let theirs = notary.call("POST", "/firmas", &key, Some(&right())).await;
    assert_eq!(theirs.refusal(), (403, "credenciales_erradas".to_owned()));
}

/// A raw request with a key.
async fn raw(notary: &Notary, method: &str, path: &str, content_type: &str, body: impl Into<reqwest::Body>) -> Answer {
    let request = notary.site.browser().request(method.parse().unwrap(), notary.site.url(path));
    let request = request.header("authorization", format!("Bearer {}", notary.key));
    let request = if content_type.is_empty() { request } else { request.header("content-type", content_type) };
    read(request.body(body).send().await.unwrap()).await
}

#[tokio::test]
async fn what_is_no_request_is_refused_with_the_right_status_and_a_problem() {
    let notary = Notary::open().await;
    let json = "application/json";
    let right = right().to_string();
    let padded = format!("{}{right}", " ".repeat(16 * 1024));
    // Method, path, content type, body; status and code.
    type Case<'a> = (&'a str, &'a str, &'a str, &'a [u8], u16, &'a str);
    let cases: [Case<'_>; 14] = [
        ("POST", "/api/v1/firmas", json, b"{", 400, "json_invalido"),
        ("POST", "/api/v1/firmas", json, b"", 400, "json_invalido"),
        ("POST", "/api/v1/firmas", json, b"{\"clave\":\"\xff\"}", 400, "json_invalido"),
        ("POST", "/api/v1/firmas", json, &[b'['; 4096], 400, "json_invalido"),
        ("POST", "/api/v1/firmas", json, b"[]", 422, "campos_invalidos"),
        ("POST", "/api/v1/firmas", json, padded.as_bytes(), 413, "cuerpo_demasiado_grande"),
        ("POST", "/api/v1/firmas", "", right.as_bytes(), 415, "tipo_no_admitido"),
        ("POST", "/api/v1/firmas", "text/plain", right.as_bytes(), 415, "tipo_no_admitido"),
        ("POST", "/api/v1/firmas/%FF/confirmar", json, b"{\"pin\":\"000000\"}", 404, "firma_desconocida"),
        ("GET", "/api/v1/firmas/9F86D081884C7D659A2FEAA0C55AD015", "", b"", 404, "firma_desconocida"),
        ("PUT", "/api/v1/firmas", json, b"{}", 405, "metodo_no_permitido"),
        ("GET", "/api/v1/nada", "", b"", 404, "ruta_desconocida"),
        ("POST", "/api/v1/firmas/a/b/c", "", b"", 404, "ruta_desconocida"),
        ("GET", "/api/v1/camaras/99/llaves", "", b"", 404, "camara_desconocida"),
    ];
    for (method, path, content_type, body, status, codigo) in cases {
        let answer = raw(&notary, method, path, content_type, body.to_vec()).await;
        assert_eq!(answer.refusal(), (status, codigo.to_owned()), "{method} {path}");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    let allow = |answer: &Answer| answer.header("allow").split(',').map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(allow(&raw(&notary, "PATCH", "/api/v1/firmas", "", "").await), ["POST"]);
    assert_eq!(allow(&raw(&notary, "OPTIONS", "/api/v1/firmas/x", "", "").await), ["GET", "HEAD", "DELETE"]);
    let utf8 = raw(&notary, "POST", "/api/v1/firmas", "Application/JSON; charset=utf-8", right).await;
    assert_eq!((utf8.status, notary.rows().await.len()), (201, 1));
}

#[tokio::test]
async fn wrong_fields_are_named_and_never_repeated() {
    let notary = Notary::open().await;
    let faults = async |body: &Value| {
        let answer = notary.ask(body).await;
        assert_eq!(answer.refusal(), (422, "campos_invalidos".to_owned()), "{body}");
        assert!(!answer.text.contains("SECRETO"), "{}", answer.text);
        let json = answer.json();
        let names = json["errores"].as_array().unwrap().iter().map(|fault| fault["campo"].as_str().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    let all = ["documento_sha256", "documento_nombre", "identificacion", "correo", "clave"];
    assert_eq!(faults(&json!({})).await, all);
    for (field, value) in [
        ("documento_sha256", json!("SECRETO")),
        ("documento_sha256", json!("g".repeat(64))),
        ("documento_nombre", json!("a\u{0}SECRETO")),
        ("documento_nombre", json!("línea\notra")),
        ("documento_nombre", json!(" SECRETO")),
        ("documento_nombre", json!("ñ".repeat(201))),
        ("documento_descripcion", Value::Null),
        ("documento_descripcion", json!("x".repeat(501))),
        ("identificacion", json!(71_234_567)),
        ("identificacion", json!("1".repeat(41))),
        ("correo", json!("SECRETO")),
        ("correo", json!("SECRETO@@b.co")),
        ("clave", json!("")),
        ("clave", json!("SECRETO".repeat(19))),
        ("idempotencia", json!("con espacio SECRETO")),
        ("ip_firmante", json!("300.1.1.1")),
    ] {
        assert_eq!(faults(&with(field, value)).await, [field]);
    }
    assert_eq!(faults(&with("SECRETO", 1)).await, ["(otro)"]);
    assert_eq!(faults(&with("clave", json!({ "SECRETO": 1 }))).await, ["clave"]);
    let (id, _) = notary.pending().await;
    for pin in [json!("12345"), json!("1234567"), json!(123_456), json!("12 345"), json!("１２３４５６")] {
        let path = format!("/firmas/{id}/confirmar");
        let answer = notary.call("POST", &path, &notary.key, Some(&json!({ "pin": pin }))).await;
        assert_eq!(answer.refusal(), (422, "campos_invalidos".to_owned()), "{pin}");
    }
    assert_eq!(notary.trail("firma_rechazada").await.len() + notary.trail("pin_errado").await.len(), 0);
}

#[tokio::test]
async fn a_chamber_that_cannot_sign_says_so_before_anything_is_compared() {
    let notary = Notary::open_with("FIRMA_P12_CLAVE=otra\n").await;
    for body in [right(), with("clave", "Wrong23456")] {
        assert_eq!(notary.ask(&body).await.refusal(), (503, "no_disponible".to_owned()));
    }
    assert_eq!(notary.call("GET", "/camaras/55/llaves", "", None).await.json()["keys"], json!([]));
    assert_eq!(notary.sms_count().await, 0);
}

#[tokio::test]
async fn the_specification_is_public_and_names_every_operation() {
    let notary = Notary::open().await;
    let answer = notary.call("GET", "/openapi.json", "", None).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    let specification = answer.json();
    assert!(specification["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_eq!(specification["servers"][0]["url"], notary.site.address);
    let paths: Vec<_> = specification["paths"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(paths.len(), 6);
    let asked = &specification["components"]["schemas"]["SolicitudDeFirma"];
    assert_eq!((&asked["additionalProperties"], asked["required"].as_array().unwrap().len()), (&json!(false), 5));
    assert!(specification["components"]["securitySchemes"]["clave_de_sistema"]["scheme"] == "bearer");
}
