//! From another site.

use contract::staff::Role;
use http::Method;
use server::web::{Access, RouteInfo};

use super::{ARGUMENTS, filled, tables};
use crate::support::site::TestSite;

#[tokio::test]
async fn nothing_is_posted_from_another_site_even_with_a_session() {
    let site = TestSite::start("").await;
    let client = site.log_in(Role::Supervisor).await;
    let before = tables(&site).await;
    // A system's key is no cookie: no browser adds it to what another site asks for.
    let is_posted = |route: &RouteInfo| route.method != Method::GET && route.access != Access::System;
    let posted = server::web::routes().into_iter().filter(is_posted);
    let mut count = 0;
    for route in posted {
        for (name, value) in [
            ("origin", "https://otro.example"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            for kind in ["application/x-www-form-urlencoded", "application/json", "text/plain"] {
                let body: String = ARGUMENTS.iter().map(|(name, value)| format!("{name}={value}&")).collect();
                let request = client.post(site.url(&filled(&route.path))).header(name, value);
                let answer = request.header("content-type", kind).body(body).send().await.unwrap();
                assert_eq!(answer.status(), 403, "{} {name}: {value}", route.path);
            }
        }
        count += 1;
    }
    assert!(count >= 30, "{count}");
    assert!(tables(&site).await == before);
}
