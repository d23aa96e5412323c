//! Without a session.

use http::Method;
use server::web::Access;

use super::{ask, routes_for, tables};
use crate::support::site::TestSite;

#[tokio::test]
async fn no_route_of_staff_answers_and_no_row_changes() {
    let site = TestSite::start("").await;
    let before = tables(&site).await;
    let clients =
        [("x-nothing", "x"), ("cookie", "sesion=inventada"), ("cookie", "sesion="), ("authorization", "Basic YTpi")]
            .map(|(name, value)| {
                let mut headers = reqwest::header::HeaderMap::new();
                headers.insert(name, value.parse().unwrap());
                let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
                client.default_headers(headers).build().unwrap()
            });
    for route in routes_for(Access::Staff).into_iter().chain(routes_for(Access::SecondStep)) {
        for client in &clients {
            let answer = ask(&site, client, &route).await;
            let is_page = route.method == Method::GET && route.path != "/consola/eventos";
            assert_eq!(answer.status(), if is_page { 303 } else { 401 }, "{} {}", route.method, route.path);
            if is_page {
                let to = answer.headers()["location"].to_str().unwrap();
                assert!(to.starts_with("/consola/ingresar"), "{}: {to}", route.path);
            }
        }
    }
    assert!(tables(&site).await == before);
}

#[tokio::test]
async fn no_route_of_a_system_answers_without_a_key_not_even_to_staff_and_no_row_changes() {
    let site = TestSite::start("").await;
    let supervisor = site.log_in(contract::staff::Role::Supervisor).await;
    let before = tables(&site).await;
    let routes = routes_for(Access::System);
    assert!(routes.len() >= 5);
    for route in routes {
        for client in [site.browser(), supervisor.clone()] {
            assert_eq!(ask(&site, &client, &route).await.status(), 401, "{} {}", route.method, route.path);
        }
    }
    assert!(tables(&site).await == before);
}

#[tokio::test]
async fn what_everybody_may_ask_for_answers_without_a_fault() {
    let site = TestSite::start("").await;
    let client = site.browser();
    for route in routes_for(Access::Anyone) {
        let answer = ask(&site, &client, &route).await;
        let status = answer.status().as_u16();
        assert!(status < 500 && status != 401 && status != 403, "{} {}: {status}", route.method, route.path);
    }
    for route in routes_for(Access::Monitor) {
        let url = site.url(&route.path);
        let proxied = site.browser().get(url).header("x-forwarded-for", "190.0.0.1").send().await.unwrap();
        assert_eq!(proxied.status(), 404, "{}", route.path);
    }
}
