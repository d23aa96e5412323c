//! What every answer says to the browser; which methods and hosts there are; what proxies may say.

use contract::staff::Role;
use http::Method;
use server::web::Access;

use super::access::filled;
use crate::support::site::TestSite;

#[tokio::test]
async fn every_answer_of_every_route_carries_the_headers() {
    let site = TestSite::start("").await;
    let client = site.log_in(Role::Auditor).await;
    let mut paths: Vec<String> = server::web::routes()
        .into_iter()
        .filter(|route| route.method == Method::GET && route.path != "/consola/eventos")
        .map(|route| filled(&route.path))
        .collect();
    paths.extend(["/no-existe", "/pkg/consola.css", "/pkg/nada.js"].map(str::to_owned));
    for path in paths {
        let answer = client.get(site.url(&path)).send().await.unwrap();
        let headers = answer.headers();
        let text = |name: &str| headers.get(name).unwrap_or_else(|| panic!("{path}: {name}")).to_str().unwrap();
        let policy = text("content-security-policy");
        for part in ["default-src 'none'", "base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(
            !policy.contains("unsafe-inline") && !policy.contains("unsafe-eval'")
                || policy.contains("'wasm-unsafe-eval'")
        );
        assert_eq!(text("x-content-type-options"), "nosniff");
        assert_eq!(text("referrer-policy"), "same-origin");
        assert_eq!(text("cross-origin-opener-policy"), "same-origin");
        assert_eq!(text("cross-origin-resource-policy"), "same-origin");
        assert!(text("permissions-policy").contains("camera=()"));
        assert_eq!(headers.contains_key("x-robots-tag"), path != "/", "{path}");
        let cache = match path.as_str() {
            _ if path.starts_with("/pkg/") => "no-cache",
            // Public keys and the specification, which many systems ask for.
            _ if path.ends_with("/llaves") || path.ends_with("/openapi.json") => "public, max-age=300",
            _ => "no-store",
        };
        assert_eq!(text("cache-control"), cache, "{path}");
        assert!(!headers.contains_key("access-control-allow-origin") && !headers.contains_key("server"));
    }
}

#[tokio::test]
async fn over_tls_cookies_are_bound_to_the_host_and_hsts_is_said() {
    let site = TestSite::start_with("", &[("PUBLIC_URL", "https://claves.camara.example")]).await;
    let browser = site.browser();
    let page = browser.get(site.url("/activacion/55")).header("host", "claves.camara.example").send().await.unwrap();
    assert_eq!(page.headers()["strict-transport-security"], "max-age=63072000; includeSubDomains");
    let cookie = page.headers()["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("__Host-activacion="), "{cookie}");
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"), "{cookie}");
    let out = browser.post(site.url("/consola/salir")).header("host", "claves.camara.example").send().await.unwrap();
    let cookie = out.headers()["set-cookie"].to_str().unwrap();
    assert_eq!(cookie, "__Host-sesion=; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=0");
    assert_eq!(out.headers()["clear-site-data"], "\"cache\", \"storage\"");
}

#[tokio::test]
async fn a_foreign_host_is_answered_by_nothing_but_health() {
    let site = TestSite::start_with("", &[("PUBLIC_URL", "https://claves.camara.example")]).await;
    let browser = site.browser();
    let status = async |path: &str, host: &str| {
        browser.get(site.url(path)).header("host", host).send().await.unwrap().status().as_u16()
    };
    assert_eq!(status("/", "claves.camara.example").await, 200);
    assert_eq!(status("/", "CLAVES.camara.example:8443").await, 200);
    for host in ["otro.example", "127.0.0.1", "claves.camara.example.otro.example", "x@claves.camara.example", ""] {
        assert_eq!(status("/", host).await, 421, "{host}");
        assert_eq!(status("/consola/ingresar", host).await, 421, "{host}");
    }
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(status(path, "10.0.0.7:8080").await, 200, "{path}");
    }
}

#[tokio::test]
async fn there_are_three_methods() {
    let site = TestSite::start("").await;
    let browser = site.browser();
    for method in ["OPTIONS", "TRACE", "PUT", "PATCH", "DELETE", "PROPFIND", "CONNECTION"] {
        for path in ["/", "/activacion/55", "/consola", "/api/activacion/aceptar", "/healthz", "/pkg/consola.css"] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let answer = browser.request(method.clone(), site.url(path)).send().await.unwrap();
            assert_eq!(answer.status(), 405, "{method} {path}");
            assert_eq!(answer.headers()["allow"], "GET, HEAD, POST");
        }
    }
}

#[tokio::test]
async fn every_redirect_leads_to_a_path_of_our_own_whatever_is_asked_for() {
    let site = TestSite::start("").await;
    let (client, visitor) = (site.log_in(Role::Operador).await, site.browser());
    let lure = "?next=https://otro.example&volver=//otro.example&motivo=https://otro.example&aviso=//otro.example";
    for route in server::web::routes() {
        if route.access == Access::Monitor || route.path == "/consola/eventos" {
            continue;
        }
        let url = site.url(&format!("{}{lure}", filled(&route.path)));
        for who in [&client, &visitor] {
            let form = [("next", "https://otro.example"), ("camara", "55"), ("volver", "//otro.example")];
            let request = if route.method == Method::GET { who.get(&url) } else { who.post(&url).form(&form) };
            let request = request.header("accept", "text/html").header("referer", "https://otro.example/x");
            let answer = request.send().await.unwrap();
            if let Some(to) = answer.headers().get("location") {
                let to = to.to_str().unwrap();
                assert!(
                    to.starts_with('/') && !to.starts_with("//") && !to.contains("otro.example"),
                    "{}: {to}",
                    route.path
                );
            }
        }
    }
}
