//! What operators see: figures, readiness, and a log without anything of a person.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use contract::staff::Role;
use entity::{buzon_sms, claves_preasignadas as claves, lotes};
use reqwest::StatusCode;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, QueryOrder, Set};
use server::observe::log::{self, Format};
use server::secrets::hash_password;

use crate::support::site::{STAFF_PASSWORD, TestSite};

const ID: &str = "71234567";
const EMAIL: &str = "ana.ruiz@correo.com.co";
const MOBILE: &str = "3001234567";
const PASSWORD: &str = "Qw3rTyUp9k";

/// A password in this state, of a batch if it has one.
async fn password(site: &TestSite, estado: &str, lote_id: Option<i64>) {
    let now = site.app.clock.now();
    claves::ActiveModel {
        camara: Set("55".into()),
        ano: Set(2026),
        es_prueba: Set(false),
        matricula: Set("1".into()),
        idclase: Set("1".into()),
        identificacion: Set(ID.into()),
        nombre: Set("RUIZ ANA".into()),
        correo: Set(EMAIL.into()),
        correo_origen: Set("notificacion".into()),
        celular: Set(MOBILE.into()),
        celular_origen: Set("notificacion".into()),
        estado: Set(estado.into()),
        factor: Set(Some("doble".into())),
        generacion: Set(1),
        hash: Set(Some(hash_password(PASSWORD.as_bytes()).0)),
        lote_id: Set(lote_id),
        fence: Set(1),
        intentos: Set(1),
        seleccionada_en: Set(now.0),
        vence_en: Set(Some(now.plus_seconds(86_400).0)),
        ..Default::default()
    }
    .insert(site.app.db.reader())
    .await
    .unwrap();
}

async fn metrics(site: &TestSite) -> String {
    let answer = site.browser().get(site.url("/metrics")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/plain; version=0.0.4"));
    answer.text().await.unwrap()
}

#[tokio::test]
async fn figures_say_what_stands_in_the_database_and_what_was_done() {
    // Another site of the same process must not get in the way.
    let (other, site) = (TestSite::start("").await, TestSite::start("").await);
    let lote = lotes::ActiveModel {
        camara: Set("55".into()),
        ano: Set(2026),
        clave_idempotencia: Set("k".into()),
        es_prueba: Set(false),
        solicitados: Set(1),
        estado: Set("en_curso".into()),
        fallos_seguidos: Set(0),
        actor: Set("ana".into()),
        creado_en: Set(site.app.clock.now().plus_seconds(-90).0),
        vivo_hasta: Set(0),
        ..Default::default()
    };
    let lote = lote.insert(site.app.db.reader()).await.unwrap();
    password(&site, "pendiente", Some(lote.id)).await;
    site.log_in(Role::Operador).await;
    site.browser().get(site.url("/activacion/55?x=71234567")).send().await.unwrap();
    site.browser().get(site.url("/no/existe/71234567")).send().await.unwrap();

    let text = metrics(&site).await;
    let value = |line: &str| -> f64 {
        let found = text.lines().find_map(|written| written.strip_prefix(line)?.strip_prefix(' '));
        found.unwrap_or_else(|| panic!("no {line} in\n{text}")).parse().unwrap()
    };
    assert_eq!(value(r#"clave_segura_claves{camara="55",estado="pendiente"}"#), 1.0);
    assert_eq!(value(r#"clave_segura_claves{camara="20",estado="incierto"}"#), 0.0);
    assert_eq!(value(r#"clave_segura_lotes{camara="55",estado="en_curso"}"#), 1.0);
    let age = value(r#"clave_segura_cola_antiguedad_seconds{camara="55"}"#);
    assert!((90.0..150.0).contains(&age), "{age}");
    assert_eq!(value(r#"clave_segura_cola_antiguedad_seconds{camara="20"}"#), 0.0);
    assert!(value("clave_segura_argon2_seconds_count") >= 2.0, "creating a user and logging in");
    let logged_in = r#"clave_segura_http_solicitudes_total{metodo="POST",ruta="/consola/ingresar",estado="303"}"#;
    assert!(value(logged_in) >= 1.0);
    assert!(value(r#"clave_segura_http_solicitudes_total{metodo="GET",ruta="(otra)",estado="404"}"#) >= 1.0);
    assert!(value(r#"clave_segura_http_seconds_bucket{ruta="/consola/ingresar",le="+Inf"}"#) >= 1.0);
    assert!(!text.contains(ID), "{text}");
    assert!(metrics(&other).await.contains(r#"clave_segura_claves{camara="55",estado="pendiente"} 0"#));
}

#[tokio::test]
async fn figures_are_for_this_machine_and_the_addresses_named_and_for_nobody_else() {
    let status = async |site: &TestSite, forwarded: Option<&str>| -> StatusCode {
        let mut request = site.browser().get(site.url("/metrics"));
        if let Some(address) = forwarded {
            request = request.header("x-forwarded-for", address);
        }
        request.send().await.unwrap().status()
    };
    let site = TestSite::start("").await;
    assert_eq!(status(&site, None).await, 200);
    assert_eq!(status(&site, Some("190.1.1.1")).await, 404, "through a proxy that is not known");

    let behind = [("PROXIES_CONFIABLES", "127.0.0.1"), ("METRICAS_REDES", "10.0.0.7, 10.0.0.8")];
    let site = TestSite::start_with("", &behind).await;
    assert_eq!(status(&site, Some("10.0.0.8")).await, 200);
    assert_eq!(status(&site, Some("10.0.0.8, 190.1.1.1")).await, 404, "only what the proxy itself saw counts");
    assert_eq!(status(&site, Some("190.1.1.1, 10.0.0.8")).await, 200);
    assert_eq!(status(&site, Some("127.0.0.1")).await, 404);
    assert_eq!(status(&site, None).await, 200);
}

#[tokio::test]
async fn readiness_names_the_part_that_is_not() {
    let site = TestSite::start("").await;
    let ready = async || {
        let answer = site.browser().get(site.url("/readyz")).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let run = async |text: &str| site.app.db.reader().execute_unprepared(text).await.unwrap();
    assert_eq!(ready().await, (200, "ok".to_owned()));
    run("UPDATE secretos SET llave = 'otra'").await;
    assert_eq!(ready().await, (503, "clave maestra".to_owned()));
    run("DELETE FROM seaql_migrations WHERE version LIKE 'm0005%'").await;
    assert_eq!(ready().await, (503, "esquema".to_owned()));
    site.app.db.reader().clone().close().await.unwrap();
    assert_eq!(ready().await, (503, "base de datos".to_owned()));
    assert_eq!(site.browser().get(site.url("/healthz")).send().await.unwrap().status(), 200);
}

#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_follows_requests_and_holds_nothing_of_a_person() {
    let paper = Paper::default();
    let sheet = paper.clone();
    // More than anyone should ever ask for; only the test's own browser keeps quiet about its cookies.
    log::begin(Format::Json, "debug,server=trace,cookie_store=off".into(), move || sheet.clone());
    let site = TestSite::start("").await;
    password(&site, "enviado", None).await;
    let mut secrets = vec![ID.to_owned(), EMAIL.into(), MOBILE.into(), PASSWORD.into(), STAFF_PASSWORD.into()];

    let client = site.log_in(Role::Operador).await;
    let wrong = [("camara", "55"), ("usuario", "operador-1"), ("clave", "equivocada-del-todo")];
    let login = site.browser().post(site.url("/consola/ingresar")).form(&wrong).send().await.unwrap();
    secrets.push("equivocada".into());
    client.get(site.url(&format!("/consola/contrasenas?buscar={ID}"))).send().await.unwrap();
    let merchant = site.browser();
    let page = merchant.get(site.url("/activacion/55")).header("x-request-id", "de-afuera").send().await.unwrap();
    let cookie = page.headers()["set-cookie"].to_str().unwrap().split(['=', ';']).nth(1).unwrap().to_owned();
    assert_eq!(cookie.len(), 43);
    secrets.push(cookie);
    let id = page.headers()["x-request-id"].to_str().unwrap().to_owned();
    assert_ne!((id.len(), id.as_str()), (0, "de-afuera"));

    let typed = [("camara", "55"), ("identificacion", ID), ("correo", EMAIL), ("celular", MOBILE), ("clave", PASSWORD)];
    let mut guess = typed;
    guess[4].1 = "Wrong23456";
    secrets.push("Wrong23456".into());
    merchant.post(site.url("/api/activacion/aceptar")).form(&guess).send().await.unwrap();
    merchant.post(site.url("/api/activacion/aceptar")).form(&typed).send().await.unwrap();
    let sms = buzon_sms::Entity::find().order_by_desc(buzon_sms::Column::Id).one(site.app.db.reader()).await;
    let pin = sms.unwrap().unwrap().texto.split_whitespace().nth(3).unwrap().to_owned();
    let confirm = [("camara", "55"), ("pin", pin.as_str())];
    let done = merchant.post(site.url("/api/activacion/confirmar")).form(&confirm).send().await.unwrap();
    assert_eq!(done.headers()["location"], "/activacion/55/listo");
    secrets.extend([format!("\"{pin}\""), format!("PIN {pin}"), format!("pin={pin}")]);

    let written = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
    for secret in &secrets {
        assert!(!written.to_lowercase().contains(&secret.to_lowercase()), "{secret} stands in the log");
    }
    let lines: Vec<serde_json::Value> = written.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |id: &str| lines.iter().find(|line| line["span"]["id"] == id && line["message"] == "atendida").unwrap();
    let line = of(&id);
    assert_eq!((&line["span"]["metodo"], &line["estado"]), (&"GET".into(), &200.into()));
    assert_eq!(line["span"]["ruta"], "/activacion/{camara}", "{line}");
    let line = of(done.headers()["x-request-id"].to_str().unwrap());
    assert_eq!(line["span"]["ruta"], "/api/activacion/confirmar");
    assert!(line["ms"].is_u64());
    assert!(of(login.headers()["x-request-id"].to_str().unwrap())["estado"] == 303);
    assert!(written.contains("confirmation not mailed"), "a warning on the way was written");
}
