//! Headers, health and the ways between pages.

use contract::staff::Role;

use crate::support::site::TestSite;

#[tokio::test]
async fn every_page_carries_a_policy_with_a_fresh_nonce_and_no_unsafe_inline() {
    let site = TestSite::start("").await;
    let mut nonces = Vec::new();
    for path in ["/", "/activacion/55", "/consola/ingresar", "/buzon", "/activacion/55"] {
        let answer = site.browser().get(site.url(path)).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        let headers = answer.headers().clone();
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe-inline"), "{path}: {policy}");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["cache-control"], "no-store");
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap().to_owned();
        let html = answer.text().await.unwrap();
        assert!(html.contains(&format!("nonce=\"{nonce}\"")), "{path}");
        assert!(!html.contains(" style=\"") && !html.contains(" onclick="), "{path}");
        assert!(html.contains("lang=\"es-CO\""), "{path}");
        nonces.push(nonce);
    }
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 5);
}

#[tokio::test]
async fn console_pages_send_whoever_has_no_session_to_the_login() {
    let site = TestSite::start("").await;
    for path in [
        "/consola",
        "/consola/sincronizacion",
        "/consola/contrasenas",
        "/consola/usuarios-verificados",
        "/consola/auditoria",
        "/consola/mi-cuenta",
    ] {
        let answer = site.browser().get(site.url(path)).send().await.unwrap();
        assert_eq!(answer.status(), 303, "{path}");
        assert!(answer.headers()["location"].to_str().unwrap().starts_with("/consola/ingresar"), "{path}");
    }
    let client = site.log_in(Role::Operador).await;
    for path in [
        "/consola",
        "/consola/sincronizacion",
        "/consola/contrasenas",
        "/consola/usuarios-verificados",
        "/consola/auditoria",
        "/consola/mi-cuenta",
    ] {
        let answer = client.get(site.url(path)).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
    }
}

#[tokio::test]
async fn a_wrong_login_says_nothing_but_that_it_was_wrong() {
    let site = TestSite::start("").await;
    for form in [
        [("camara", "55"), ("usuario", "nadie"), ("clave", "x")],
        [("camara", "99"), ("usuario", "nadie"), ("clave", "x")],
        [("camara", "'"), ("usuario", ""), ("clave", "")],
    ] {
        let answer = site.browser().post(site.url("/consola/ingresar")).form(&form).send().await.unwrap();
        assert_eq!(answer.headers()["location"], "/consola/ingresar?motivo=credenciales");
    }
}

#[tokio::test]
async fn what_does_not_exist_is_a_page_with_status_404() {
    let site = TestSite::start("").await;
    for path in ["/no-existe", "/activacion/99", "/activacion/xx", "/buzon/correo/9/adjunto/0"] {
        assert_eq!(site.browser().get(site.url(path)).send().await.unwrap().status(), 404, "{path}");
    }
    for path in ["/healthz", "/readyz"] {
        assert_eq!(site.browser().get(site.url(path)).send().await.unwrap().status(), 200, "{path}");
    }
}
