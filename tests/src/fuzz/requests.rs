//! Whole requests: bodies, content types, cookies, queries and paths of any kind. No answer is a fault of
//! the server's.

use contract::staff::Role;
use http::Method;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use server::web::Access;

use crate::support::camara;
use crate::support::site::TestSite;
use crate::web::access::filled;

fn body() -> impl Strategy<Value = Vec<u8>> {
    let names = [
        "camara",
        "identificacion",
        "correo",
        "celular",
        "clave",
        "pin",
        "usuario",
        "codigo",
        "id",
        "ano",
        "pagina",
        "tipo",
    ];
    let value = prop_oneof![
        "\\PC{0,30}",
        "[0-9]{0,12}",
        Just("55".to_owned()),
        "%[0-9a-fA-F%]{0,12}",
        Just("-1".to_owned()),
        "x{2000,4000}",
        Just("9999999999999999999999".to_owned()),
        Just("\u{0}\r\n".to_owned()),
    ];
    let pairs = prop::collection::vec((prop::sample::select(names.to_vec()), value), 0..8);
    let form = pairs.prop_map(|pairs| {
        pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&").into_bytes()
    });
    let json = "(\\{|\\[|\"){0,200}[ -~]{0,40}(\\}|\\]|\"){0,200}".prop_map(String::into_bytes);
    prop_oneof![form, json, prop::collection::vec(any::<u8>(), 0..2_000)]
}

fn kind() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => Just("application/x-www-form-urlencoded".to_owned()),
        1 => Just("application/json".to_owned()),
        1 => Just("multipart/form-data; boundary=x".to_owned()),
        1 => "[!-~]{0,20}/[ -~]{0,20}",
    ]
}

/// So many values of a strategy, the same in every run.
fn samples<S: Strategy>(strategy: &S, count: usize) -> Vec<S::Value> {
    let mut runner = TestRunner::deterministic();
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

#[tokio::test]
async fn no_body_makes_the_server_fail() {
    let site = TestSite::start("").await;
    let half_site = TestSite::start("EXIGIR_SEGUNDO_FACTOR=SI\n").await;
    let staff = site.log_in(Role::Auditor).await;
    let half = half_site.browser();
    half_site.make_and_enter(camara(), Role::Operador, &half).await;
    let visitor = site.browser();
    let bodies = samples(&(body(), kind(), any::<bool>()), 10);
    for route in server::web::routes().into_iter().filter(|route| route.method == Method::POST) {
        let (site, client) = match route.access {
            Access::Anyone => (&site, &visitor),
            Access::SecondStep => (&half_site, &half),
            _ => (&site, &staff),
        };
        for (body, kind, html) in &bodies {
            let request = client.post(site.url(&filled(&route.path))).header("content-type", kind.as_str());
            let request = if *html { request.header("accept", "text/html") } else { request };
            let answer = request.body(body.clone()).send().await.unwrap();
            let status = answer.status().as_u16();
            assert!(status < 500, "{} {kind}: {status}\n{}", route.path, String::from_utf8_lossy(body));
        }
    }
}

#[tokio::test]
async fn no_cookie_query_or_path_makes_the_server_fail() {
    let site = TestSite::start("").await;
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let cookies = samples(
        &prop_oneof!["[ -~]{0,80}", "(sesion|activacion)=[!-~]{0,60}(; ?[!-~]{0,20}){0,4}", "[A-Za-z0-9_=;-]{43,90}"],
        25,
    );
    let queries =
        samples(&prop_oneof!["[!-\"$-~]{0,60}", "(ano|motivo|aviso|pagina|buscar|x)=[%0-9A-Za-z&=+.-]{0,60}"], 25);
    let tails = samples(
        &prop_oneof!["[A-Za-z0-9%._~-]{0,40}", "(\\.\\./){1,8}etc/passwd", "(%2e%2e%2f){1,8}etc/passwd", "[0-9]{1,30}"],
        25,
    );
    for index in 0..25 {
        for path in ["/", "/activacion/55", "/consola", "/consola/ingresar", "/consola/segundo-factor", "/buzon"] {
            let url = site.url(&format!("{path}?{}", queries[index]));
            let answer = client.get(url).header("cookie", &cookies[index]).send().await.unwrap();
            assert!(answer.status().as_u16() < 500, "{path}?{} {}", queries[index], cookies[index]);
        }
        for path in ["/activacion/", "/buzon/correo/", "/pkg/", "/api/publico/", "/consola/"] {
            let answer = client.get(site.url(&format!("{path}{}", tails[index]))).send().await.unwrap();
            assert!(answer.status().as_u16() < 500, "{path}{}", tails[index]);
            assert!(!answer.text().await.unwrap().contains("root:"), "{path}{}", tails[index]);
        }
    }
}
