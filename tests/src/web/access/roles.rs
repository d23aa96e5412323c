//! With a role that does not allow it.

use contract::staff::Role;
use http::Method;
use server::web::Access;

use super::{ask, filled, routes_for, tables};
use crate::support::site::TestSite;

/// What every role may read; and what belongs to the session itself, whatever its role. Everything else
/// refuses an auditor: a new function has to be named here or refuse.
const FOR_ALL: [&str; 21] = [
    "/api/consola/auditoria",
    "/api/consola/auditoria-estado",
    "/api/consola/campana",
    "/api/consola/campana-al-dia",
    "/api/consola/comprobar-auditoria",
    "/api/consola/confirmacion-vigente",
    "/api/consola/contrasenas",
    "/api/consola/correos-del-envio",
    "/api/consola/correos-devueltos",
    "/api/consola/cuenta",
    "/api/consola/intentos",
    "/api/consola/linea-de-tiempo",
    "/api/consola/perspectiva",
    "/api/consola/previsualizar-borrado",
    "/api/consola/progreso",
    "/api/consola/registro",
    "/api/consola/simular",
    "/api/consola/usuarios-por-revisar",
    "/api/consola/usuarios-verificados",
    "/api/consola/yo",
    "/consola/acta",
];

/// One's own password, second factor and sessions.
const OWN: [&str; 5] = [
    "/api/consola/confirmar-clave",
    "/consola/mi-cuenta/clave",
    "/consola/mi-cuenta/segundo-factor",
    "/consola/mi-cuenta/sin-segundo-factor",
    "/consola/mi-cuenta/sesiones",
];

/// Reading that is itself audited.
const TRACED: [&str; 1] = ["/consola/auditoria/exportar"];

#[tokio::test]
async fn what_an_auditor_takes_away_leaves_an_entry_and_nothing_else() {
    let site = TestSite::start("").await;
    let client = site.log_in(Role::Auditor).await;
    let before = tables(&site).await;
    for path in TRACED {
        assert_eq!(client.post(site.url(path)).form(super::ARGUMENTS).send().await.unwrap().status(), 200, "{path}");
    }
    let mut after = tables(&site).await;
    assert_eq!(after.auditoria.len(), before.auditoria.len() + TRACED.len());
    after.auditoria.truncate(before.auditoria.len());
    assert!(after == before);
}

#[tokio::test]
async fn an_auditor_reads_and_changes_nothing() {
    let site = TestSite::start("").await;
    let client = site.log_in(Role::Auditor).await;
    let before = tables(&site).await;
    for route in routes_for(Access::Staff) {
        let path = route.path.as_str();
        if OWN.contains(&path) || TRACED.contains(&path) || path == "/consola/eventos" {
            continue;
        }
        let answer = ask(&site, &client, &route).await;
        let status = answer.status().as_u16();
        if route.method == Method::GET {
            // A page of one row says that there is none.
            assert_eq!(status, if path.contains('{') { 404 } else { 200 }, "{path}");
        } else if FOR_ALL.contains(&path) {
            assert!(matches!(status, 200 | 404 | 409), "{path}: {status}");
        } else {
            assert_eq!(status, 403, "{path}: {}", answer.text().await.unwrap());
        }
    }
    assert!(tables(&site).await == before);
}

#[tokio::test]
async fn an_operator_neither_deletes_nor_annuls() {
    let site = TestSite::start("").await;
    let client = site.log_in(Role::Operador).await;
    let before = tables(&site).await;
    for name in ["borrar", "anular-usuario", "eliminar-usuario", "purgar-pruebas"] {
        let path = filled(&format!("/api/consola/{name}"));
        let answer = client.post(site.url(&path)).form(super::ARGUMENTS).send().await.unwrap();
        assert_eq!(answer.status(), 403, "{path}");
    }
    assert!(tables(&site).await == before);
}

#[tokio::test]
async fn one_s_own_account_asks_for_the_password_whatever_the_role() {
    let site = TestSite::start("").await;
    for role in [Role::Auditor, Role::Operador, Role::Supervisor] {
        let client = site.log_in(role).await;
        let before = tables(&site).await;
        for path in OWN.into_iter().filter(|path| path.starts_with("/consola/")) {
            let answer = client.post(site.url(path)).form(super::ARGUMENTS).send().await.unwrap();
            let to = answer.headers()["location"].to_str().unwrap().to_owned();
            let refused =
                ["clave-errada", "clave-o-codigo", "espera"].map(|word| format!("/consola/mi-cuenta?aviso={word}"));
            assert!(refused.contains(&to), "{path}: {to}");
        }
        let after = tables(&site).await;
        assert!(after.sesiones == before.sesiones, "only the count of failures and the trail moved");
        let new = after.auditoria.iter().skip(before.auditoria.len());
        assert!(new.clone().count() > 0 && new.clone().all(|entry| entry.accion == "ingreso_fallido"));
    }
}
