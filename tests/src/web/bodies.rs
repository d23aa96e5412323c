//! How large a request may be, whatever it says of itself.

use contract::staff::Role;
use server::config::WebLimits;

use super::wire::Door;
use crate::support::site::TestSite;

const FORM: &str = "application/x-www-form-urlencoded";

/// Public and console paths with the most that each takes, in KiB.
const PATHS: [(&str, usize); 3] =
    [("/api/activacion/aceptar", 16), ("/api/publico/sitio", 16), ("/consola/ingresar", 64)];

#[tokio::test]
async fn public_forms_end_at_16_kib_and_the_consoles_at_64() {
    let site = TestSite::start("").await;
    let client = site.log_in(Role::Supervisor).await;
    for (path, most) in PATHS.into_iter().chain([("/api/consola/auditoria", 64), ("/consola/exportar", 64)]) {
        for (size, fits) in [(most * 1024, true), (most * 1024 + 1, false)] {
            let body = format!("x={}", "a".repeat(size - 2));
            let answer = client.post(site.url(path)).header("content-type", FORM).body(body).send().await.unwrap();
            assert_eq!(answer.status() != 413, fits, "{path} {size}: {}", answer.status());
        }
    }
}

#[tokio::test]
async fn a_body_that_does_not_say_its_length_is_counted_as_it_comes() {
    let site = TestSite::start("").await;
    let door = Door::open(&site, WebLimits::default()).await;
    for (path, most) in PATHS {
        for (size, fits) in [(most * 1024, true), (most * 1024 + 1, false)] {
            let mut wire = door.call().await;
            wire.say(&format!(
                "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {FORM}\r\nTransfer-Encoding: chunked\r\n\
                 Connection: close\r\n\r\n"
            ))
            .await;
            for chunk in format!("x={}", "a".repeat(size - 2)).as_bytes().chunks(1000) {
                let text = std::str::from_utf8(chunk).unwrap();
                wire.say(&format!("{:x}\r\n{text}\r\n", text.len())).await;
            }
            wire.say("0\r\n\r\n").await;
            let (answer, _) = wire.until_the_end().await;
            assert!(answer.starts_with("HTTP/1.1 "), "{path} {size}: {answer}");
            assert_eq!(!answer.starts_with("HTTP/1.1 413 "), fits, "{path} {size}: {}", &answer[..20]);
        }
    }
}
