//! The page behind the link, as any browser meets it, and what the console then shows.

use contract::staff::Role;
use http::StatusCode;
use server::services::disown::disown_code;

use super::{EMAIL, IDENTIFICATION, MOBILE, NAME, email, user, verified};
use crate::support::site::TestSite;
use crate::support::{camara, other_camara};

const POST: &str = "/api/no-fui-yo/suspender";

async fn page(site: &TestSite, path: &str) -> (StatusCode, http::HeaderMap, String) {
    let request = site.browser().get(site.url(path)).header("accept", "text/html");
    let answer = request.send().await.unwrap();
    (answer.status(), answer.headers().clone(), answer.text().await.unwrap())
}

/// The `value` of a hidden input.
fn hidden(html: &str, name: &str) -> String {
    let tag = html.split("<input").find(|tag| tag.contains(&format!("name=\"{name}\""))).unwrap();
    tag.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_page_is_whole_without_a_script_and_its_form_freezes() {
    let site = TestSite::start("").await;
    let ana = verified(&site.app.db, &site.app.clock, camara()).await;
    let code = disown_code(&site.app.mac, camara(), ana.id, &email());
    let path = format!("/no-fui-yo/55/{code}");
    let (status, headers, html) = page(&site, &path).await;
    assert_eq!(status, 200);
    assert!(headers.get("set-cookie").is_none(), "nothing to remember of whoever looks");
    assert_eq!(
        (headers["cache-control"].as_bytes(), headers["referrer-policy"].as_bytes()),
        (&b"no-store"[..], &b"same-origin"[..])
    );
    assert!(headers["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
    assert!(html.contains("¿No fue usted quien activó la clave?") && html.contains("(604) 000 00 00"));
    assert!(html.contains(&format!("action=\"{POST}\"")) && html.contains("method=\"post\""));
    for personal in [NAME, IDENTIFICATION, EMAIL, MOBILE] {
        assert!(!html.contains(personal), "{personal}");
    }
    assert!(user(&site.app.db, ana.id).await == ana, "looking changed something");

    let form = [("camara", hidden(&html, "camara")), ("codigo", hidden(&html, "codigo"))];
    let send = || site.browser().post(site.url(POST)).header("accept", "text/html").form(&form);
    let foreign = send().header("sec-fetch-site", "cross-site").send().await.unwrap();
    assert_eq!(foreign.status(), 403);
    assert_eq!(user(&site.app.db, ana.id).await.estado, "VE");
    for _ in 0..2 {
        let answer = send().send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()), (303, path.as_str()));
    }
    let (status, _, html) = page(&site, &path).await;
    assert!(status == 200 && html.contains("La clave quedó suspendida") && !html.contains("<form"));
    assert_eq!(user(&site.app.db, ana.id).await.estado, "IN");

    // Staff see it wherever they are.
    let client = site.log_in(Role::Supervisor).await;
    for path in ["/consola", "/consola/auditoria", "/consola/usuarios-verificados"] {
        let html = client.get(site.url(path)).send().await.unwrap().text().await.unwrap();
        assert!(html.contains("1 usuario por revisar"), "{path}");
    }
    let list = client.get(site.url("/consola/usuarios-verificados?estado=revisar")).send().await.unwrap();
    let html = list.text().await.unwrap();
    assert!(html.contains(NAME) && html.contains("Por revisar: «no fui yo»") && html.contains("Reactivar"));
}

#[tokio::test]
async fn a_link_that_is_no_good_gets_one_page_whatever_is_wrong_with_it() {
    let site = TestSite::start("NO_FUI_YO_DIAS=1\n").await;
    let ana = verified(&site.app.db, &site.app.clock, camara()).await;
    let right = disown_code(&site.app.mac, camara(), ana.id, &email());
    site.app.clock.advance_seconds(86_401);
    let other = disown_code(&site.app.mac, other_camara(), ana.id, &email());
    let mut bodies = Vec::new();
    for code in [&right, &other, "1-00000000000000000000000000000000", "x", "%3Cscript%3E"] {
        let (status, _, html) = page(&site, &format!("/no-fui-yo/55/{code}")).await;
        assert_eq!(status, 404, "{code}");
        assert!(html.contains("Este enlace no sirve") && html.contains("(604) 000 00 00"), "{code}");
        bodies.push(html.split("<main").nth(1).unwrap().split("</main>").next().unwrap().to_owned());
    }
    assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]), "the answers differ");
    assert_eq!(page(&site, &format!("/no-fui-yo/99/{right}")).await.0, 404);
    for (chamber, code) in [("55", "//evil.example"), ("99", "x"), ("//evil.example", "x"), ("55", "")] {
        let form = [("camara", chamber), ("codigo", code)];
        let answer =
            site.browser().post(site.url(POST)).header("accept", "text/html").form(&form).send().await.unwrap();
        let location = answer.headers()["location"].to_str().unwrap().to_owned();
        assert_eq!(answer.status(), 303);
        assert!(location == "/" || location.starts_with("/no-fui-yo/55/"), "{location}");
    }
    assert_eq!(user(&site.app.db, ana.id).await.estado, "VE");
}
