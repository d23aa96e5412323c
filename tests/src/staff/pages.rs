//! The way through the pages, with plain forms only.

use contract::staff::Role;

use super::factor::Telephone;
use crate::support::camara;
use crate::support::site::{STAFF_PASSWORD, TestSite};

async fn text(site: &TestSite, client: &reqwest::Client, path: &str) -> String {
    let answer = client.get(site.url(path)).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.unwrap()
}

async fn post(site: &TestSite, client: &reqwest::Client, path: &str, form: &[(&str, &str)]) -> reqwest::Response {
    client.post(site.url(path)).form(form).send().await.unwrap()
}

fn location(answer: &reqwest::Response) -> &str {
    answer.headers()["location"].to_str().unwrap()
}

/// What stands between two texts.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    page.split_once(from).and_then(|(_, rest)| rest.split_once(to)).unwrap_or_else(|| panic!("{from} in {page}")).0
}

#[tokio::test]
async fn staff_of_a_chamber_that_requires_it_set_it_up_and_log_in_with_it() {
    let site = TestSite::start("EXIGIR_SEGUNDO_FACTOR=SI\n").await;
    let client = site.browser();
    let answer = site.make_and_enter(camara(), Role::Operador, &client).await;
    assert_eq!(location(&answer), "/consola/segundo-factor/inscripcion");
    let half = answer.headers()["set-cookie"].to_str().unwrap().to_owned();

    let page = client.get(site.url(location(&answer))).send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(!policy.contains("script-src") && policy.contains("default-src 'none'"), "{policy}");
    let page = page.text().await.unwrap();
    assert!(page.contains("<svg") && !page.contains("<script") && !page.contains(" style="));
    let telephone = Telephone::typed(between(&page, "<code>", "</code>"));
    let steps = "/consola/segundo-factor/inscripcion";
    let wrong = post(&site, &client, steps, &[("codigo", "000 000")]).await;
    assert_eq!(location(&wrong), "/consola/segundo-factor/inscripcion?motivo=codigo");
    assert!(text(&site, &client, location(&wrong)).await.contains("El código no es correcto."));

    let code = telephone.shows(site.app.clock.now());
    let done = post(&site, &client, steps, &[("codigo", &code)]).await;
    assert_eq!(done.status(), 200);
    assert_eq!(done.headers()["cache-control"], "no-store");
    assert_ne!(done.headers()["set-cookie"].to_str().unwrap(), half);
    let codes = done.text().await.unwrap();
    assert_eq!(codes.matches("<li>").count(), 10);
    let recovery = between(&codes, "<code>", "</code>").to_owned();
    assert!(text(&site, &client, "/consola/mi-cuenta").await.contains("10 códigos sin usar"));

    post(&site, &client, "/consola/salir", &[]).await;
    let answer = site.enter(camara(), "operador-1", &client).await;
    assert_eq!(location(&answer), "/consola/segundo-factor");
    assert_eq!(location(&client.get(site.url("/consola")).send().await.unwrap()), "/consola/segundo-factor");
    assert!(text(&site, &client, "/consola/segundo-factor").await.contains("autocomplete=\"one-time-code\""));
    let replay = post(&site, &client, "/consola/segundo-factor", &[("codigo", &code)]).await;
    assert_eq!(location(&replay), "/consola/segundo-factor?motivo=codigo");
    site.app.clock.advance_seconds(60);
    let code = telephone.shows(site.app.clock.now());
    let inside = post(&site, &client, "/consola/segundo-factor", &[("codigo", &code)]).await;
    assert_eq!(location(&inside), "/consola");
    assert_eq!(client.get(site.url("/consola")).send().await.unwrap().status(), 200);

    let other = site.browser();
    site.enter(camara(), "operador-1", &other).await;
    let inside = post(&site, &other, "/consola/segundo-factor", &[("codigo", &recovery)]).await;
    assert_eq!(location(&inside), "/consola");
    let refused =
        post(&site, &other, "/consola/mi-cuenta/sin-segundo-factor", &[("clave", STAFF_PASSWORD), ("codigo", "x")])
            .await;
    assert_eq!(location(&refused), "/consola/mi-cuenta?aviso=exigido");
}

#[tokio::test]
async fn my_account_changes_the_password_and_ends_other_sessions() {
    let site = TestSite::start("").await;
    let client = site.log_in(Role::Auditor).await;
    let other = site.browser();
    site.enter(camara(), "auditor-1", &other).await;
    let page = text(&site, &client, "/consola/mi-cuenta").await;
    assert_eq!(page.matches("Otra sesión").count(), 1, "{page}");
    assert!(page.contains("Activar la verificación en dos pasos"));

    let path = "/consola/mi-cuenta/clave";
    let new = "tres gatos azules";
    let change = async |present: &str, new: &str, repeated: &str| {
        let form = [("clave", present), ("clave_nueva", new), ("clave_repetida", repeated)];
        location(&post(&site, &client, path, &form).await).to_owned()
    };
    assert_eq!(change(STAFF_PASSWORD, new, "otros gatos azules").await, "/consola/mi-cuenta?aviso=distintas");
    assert_eq!(change("errada errada", new, new).await, "/consola/mi-cuenta?aviso=clave-errada");
    assert_eq!(change(STAFF_PASSWORD, "corta", "corta").await, "/consola/mi-cuenta?aviso=clave-debil");
    assert_eq!(change(STAFF_PASSWORD, new, new).await, "/consola/mi-cuenta?aviso=clave");
    assert!(text(&site, &client, "/consola/mi-cuenta?aviso=clave").await.contains("Su clave quedó cambiada."));
    assert_eq!(other.get(site.url("/consola")).send().await.unwrap().status(), 303);
}

#[tokio::test]
async fn a_form_that_comes_after_the_session_is_told_so_on_a_page() {
    let site = TestSite::start("").await;
    let client = site.log_in(Role::Auditor).await;
    site.app.clock.advance_seconds(16 * 60);
    let answer = post(&site, &client, "/consola/mi-cuenta/clave", &[("clave", STAFF_PASSWORD)]).await;
    assert_eq!(answer.status(), 401);
    let page = answer.text().await.unwrap();
    assert!(page.contains("Su sesión terminó") && page.contains("href=\"/consola/ingresar\""));
}
