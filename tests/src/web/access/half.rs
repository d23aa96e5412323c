//! With a right password and no second step yet.

use contract::staff::Role;
use http::Method;
use server::web::Access;

use super::{ask, routes_for, tables};
use crate::support::camara;
use crate::support::site::TestSite;

#[tokio::test]
async fn half_a_session_opens_its_second_step_and_nothing_else() {
    let site = TestSite::start("EXIGIR_SEGUNDO_FACTOR=SI\n").await;
    let client = site.browser();
    let answer = site.make_and_enter(camara(), Role::Supervisor, &client).await;
    assert_eq!(answer.headers()["location"], "/consola/segundo-factor/inscripcion");
    let before = tables(&site).await;
    for route in routes_for(Access::Staff) {
        let answer = ask(&site, &client, &route).await;
        let (status, to) =
            (answer.status(), answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned()));
        if status == 303 {
            assert_eq!(to.as_deref(), Some("/consola/segundo-factor/inscripcion"), "{}", route.path);
        } else {
            assert_eq!(status, 401, "{} {}", route.method, route.path);
        }
    }
    assert!(tables(&site).await == before);
    for route in routes_for(Access::SecondStep).into_iter().filter(|route| route.method == Method::GET) {
        assert!(ask(&site, &client, &route).await.status().as_u16() < 400, "{}", route.path);
    }
}
