//! Clients that are slow on purpose, over real sockets.

use std::time::Duration;

use contract::staff::Role;
use reqwest::header::COOKIE;

use super::wire::{Door, impatient};
use crate::support::site::{STAFF_PASSWORD, TestSite};

#[tokio::test]
async fn a_head_that_dribbles_or_never_comes_is_cut_off() {
    let site = TestSite::start("").await;
    let door = Door::open(&site, impatient()).await;
    let silent = door.call().await;
    let mut dribbling = door.call().await;
    let dribble = async move {
        for byte in "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaa".chars() {
            dribbling.say(&byte.to_string()).await;
            if dribbling.ends_within(Duration::from_millis(100)).await {
                break;
            }
        }
        dribbling.begun.elapsed()
    };
    let ((answer, lived), dribbled) = tokio::join!(silent.until_the_end(), dribble);
    assert_eq!(answer, "");
    for lived in [lived, dribbled] {
        assert!(lived >= impatient().head && lived < 5 * impatient().head, "{lived:?}");
    }
}

#[tokio::test]
async fn a_form_that_dribbles_gets_408_and_the_line_is_closed() {
    let site = TestSite::start("").await;
    let door = Door::open(&site, impatient()).await;
    let mut wire = door.call().await;
    wire.say(
        "POST /consola/ingresar HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: 5000\r\n\r\n",
    )
    .await;
    for _ in 0..4 {
        wire.say("camara=55&").await;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let (answer, lived) = wire.until_the_end().await;
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.to_lowercase().contains("connection: close"), "{answer}");
    assert!(lived >= impatient().body && lived < 5 * impatient().body, "{lived:?}");
}

#[tokio::test]
async fn an_upload_is_judged_by_its_speed_not_by_its_length() {
    let site = TestSite::start("").await;
    site.log_in(Role::Operador).await;
    let limits = server::config::WebLimits { upload_rate: 2_000, ..impatient() };
    let door = Door::open(&site, limits).await;
    let cookie = session_cookie(&site).await;
    let upload = async |chunk: usize, gap: u64, chunks: usize| {
        let mut wire = door.call().await;
        wire.say(&format!(
            "POST /consola/carga?archivo=x.csv HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\
             Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        ))
        .await;
        for _ in 0..chunks {
            wire.say(&format!("{chunk:x}\r\n{}\r\n", "x".repeat(chunk))).await;
            tokio::time::sleep(Duration::from_millis(gap)).await;
        }
        wire.say("0\r\n\r\n").await;
        wire.until_the_end().await
    };
    let ((slow, lived), (steady, took)) = tokio::join!(upload(10, 50, 60), upload(600, 100, 20));
    assert!(slow.starts_with("HTTP/1.1 408 "), "{slow}");
    assert!(lived < Duration::from_secs(8), "{lived:?}");
    // Twelve thousand letters in two seconds: longer than any form may take, and read to its end.
    assert!(took > 3 * impatient().body, "{took:?}");
    assert!(steady.starts_with("HTTP/1.1 422 ") && steady.contains("columnas"), "{steady}");
}

async fn session_cookie(site: &TestSite) -> String {
    let form = [("camara", "55"), ("usuario", "operador-1"), ("clave", STAFF_PASSWORD)];
    let answer = site.browser().post(site.url("/consola/ingresar")).form(&form).send().await.unwrap();
    answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn an_answer_that_nobody_reads_does_not_hold_its_connection() {
    let root = tempfile::tempdir().unwrap();
    std::fs::create_dir(root.path().join("pkg")).unwrap();
    // More than the sockets' buffers hold.
    std::fs::write(root.path().join("pkg/grande.txt"), "x".repeat(LARGE)).unwrap();
    let site = TestSite::start_with("", &[("LEPTOS_SITE_ROOT", root.path().to_str().unwrap())]).await;
    let door = Door::open(&site, impatient()).await;
    let (mut deaf, mut reader) = (door.call_with_a_small_ear().await, door.call().await);
    for wire in [&mut deaf, &mut reader] {
        wire.get("/pkg/grande.txt").await;
    }
    let (read, _) = reader.until_the_end().await;
    assert!(read.len() > LARGE, "whoever reads gets it whole: {}", read.len());
    tokio::time::sleep(4 * impatient().window).await;
    let (read, _) = deaf.until_the_end().await;
    assert!(read.starts_with("HTTP/1.1 200 ") && read.len() < LARGE, "{}", read.len());
}

const LARGE: usize = 16 * 1024 * 1024;

#[tokio::test]
async fn an_open_line_serves_again_and_is_closed_when_it_stays_silent() {
    let site = TestSite::start("").await;
    let door = Door::open(&site, impatient()).await;
    let mut wire = door.call().await;
    for _ in 0..4 {
        wire.get("/healthz").await;
        assert!(wire.answer().await.ends_with("ok"));
        // Longer in all than a head may take: each request has its own time.
        tokio::time::sleep(impatient().head / 3).await;
    }
    let silent_since = std::time::Instant::now();
    assert!(wire.ends_within(Duration::from_secs(5)).await);
    assert!(silent_since.elapsed() >= impatient().idle / 2);
}

#[tokio::test]
async fn expect_100_continue_is_answered_before_the_body_and_not_for_one_too_large() {
    let site = TestSite::start("").await;
    let door = Door::open(&site, impatient()).await;
    let head = |length: usize| {
        format!(
            "POST /consola/ingresar HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {length}\r\nExpect: 100-continue\r\n\r\n"
        )
    };
    let mut wire = door.call().await;
    wire.say(&head(9)).await;
    assert_eq!(wire.glance().await, "HTTP/1.1 100 Continue\r\n\r\n");
    wire.say("camara=55").await;
    assert!(wire.answer().await.starts_with("HTTP/1.1 303 "));

    let mut wire = door.call().await;
    wire.say(&head(65 * 1024)).await;
    assert!(wire.until_the_end().await.0.starts_with("HTTP/1.1 413 "));
}

#[tokio::test]
async fn a_head_too_large_or_with_too_many_fields_is_refused() {
    let site = TestSite::start("").await;
    let door = Door::open(&site, impatient()).await;
    let huge = format!("X-Huge: {}\r\n", "a".repeat(20 * 1024));
    let many: String = (0..200).map(|number| format!("X-{number}: a\r\n")).collect();
    for fields in [huge, many] {
        let mut wire = door.call().await;
        wire.say(&format!("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n{fields}\r\n")).await;
        assert!(wire.until_the_end().await.0.starts_with("HTTP/1.1 431 "));
    }
    let answer = site.browser().get(format!("http://{}/healthz", door.address)).header(COOKIE, "a=b").send().await;
    assert_eq!(answer.unwrap().status(), 200);
}
