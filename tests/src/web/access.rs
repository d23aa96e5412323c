//! Who may call what: every registered server function and every route of our own.

use contract::staff::Role;
use entity::{auditoria, claves_preasignadas, lotes, mreg_est_matriculados, usuarios_verificados};
use sea_orm::{EntityTrait, PaginatorTrait};

use crate::support::site::TestSite;

/// Arguments for any server function: those it does not know are ignored.
const ARGUMENTS: &[(&str, &str)] = &[
    ("ano", "2026"),
    ("year", "2026"),
    ("id", "1"),
    ("lote", "1"),
    ("camara", "55"),
    ("motivo", "porque sí"),
    ("reason", "porque sí"),
    ("tipo", "blanquear"),
    ("kind", "blanquear"),
    ("confirmacion", "2026"),
    ("typed_year", "2026"),
    ("destino", "3"),
    ("target", "3"),
    ("idempotencia", "k"),
    ("clave", "x"),
    ("password", "x"),
    ("pagina", "1"),
    ("buscar", ""),
    ("estado", ""),
    ("decision", "reenviar"),
    ("eleccion", "reenviar"),
    ("choice", "reenviar"),
    ("celular", "3001234567"),
];

fn console_functions() -> Vec<String> {
    let paths: Vec<String> =
        server::web::server_function_paths().into_iter().filter(|path| path.starts_with("/api/consola/")).collect();
    assert!(paths.len() >= 15, "{paths:?}");
    paths
}

async fn rows(site: &TestSite) -> Vec<u64> {
    let db = site.app.db.reader();
    vec![
        auditoria::Entity::find().count(db).await.unwrap(),
        claves_preasignadas::Entity::find().count(db).await.unwrap(),
        lotes::Entity::find().count(db).await.unwrap(),
        mreg_est_matriculados::Entity::find().count(db).await.unwrap(),
        usuarios_verificados::Entity::find().count(db).await.unwrap(),
    ]
}

#[tokio::test]
async fn without_a_session_no_console_function_answers_and_no_row_changes() {
    let site = TestSite::start("").await;
    let before = rows(&site).await;
    for path in console_functions() {
        let answer = site.browser().post(site.url(&path)).form(ARGUMENTS).send().await.unwrap();
        assert_eq!(answer.status(), 401, "{path}");
    }
    for (path, status) in [("/consola/carga?archivo=x.csv", 401), ("/consola/exportar", 401)] {
        let answer = site.browser().post(site.url(path)).form(ARGUMENTS).send().await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
    }
    let events = site.browser().get(site.url("/consola/eventos?ano=2026")).send().await.unwrap();
    assert_eq!(events.status(), 401);
    assert_eq!(rows(&site).await, before);
}

#[tokio::test]
async fn from_another_site_nothing_is_accepted_even_with_a_session() {
    let site = TestSite::start("").await;
    let client = site.log_in(Role::Supervisor).await;
    let before = rows(&site).await;
    let mut paths = console_functions();
    paths.extend(
        ["/consola/exportar", "/consola/carga", "/consola/salir", "/api/activacion/aceptar"].map(str::to_owned),
    );
    for path in paths {
        for (name, value) in [("origin", "https://otro.example"), ("sec-fetch-site", "cross-site")] {
            let answer = client.post(site.url(&path)).header(name, value).form(ARGUMENTS).send().await.unwrap();
            assert_eq!(answer.status(), 403, "{path} {name}");
        }
    }
    assert_eq!(rows(&site).await, before);
}

#[tokio::test]
async fn an_auditor_changes_nothing_through_any_function() {
    let site = TestSite::start("").await;
    let client = site.log_in(Role::Auditor).await;
    let before = rows(&site).await;
    for path in console_functions().into_iter().filter(|path| !path.ends_with("confirmar-clave")) {
        client.post(site.url(&path)).form(ARGUMENTS).send().await.unwrap();
    }
    let upload = client.post(site.url("/consola/carga?archivo=x.csv")).body("matricula\n1\n").send().await.unwrap();
    assert_eq!(upload.status(), 403);
    let export = client.post(site.url("/consola/exportar")).form(ARGUMENTS).send().await.unwrap();
    assert_eq!(export.status(), 403);
    assert_eq!(rows(&site).await, before);
}

#[tokio::test]
async fn server_functions_are_never_reached_by_get() {
    let site = TestSite::start("").await;
    let client = site.log_in(Role::Supervisor).await;
    for path in console_functions() {
        assert_eq!(client.get(site.url(&path)).send().await.unwrap().status(), 405, "{path}");
    }
}
