//! The server stops: nothing new comes in, what is under way ends, and it ends in time.

use std::time::{Duration, Instant};

use contract::staff::Role;

use super::wire::{Door, impatient};
use crate::support::site::TestSite;

/// A form's head up to its length.
const FORM: &str =
    "POST /consola/ingresar HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n";

#[tokio::test]
async fn what_is_under_way_ends_and_open_lines_close() {
    let site = TestSite::start("").await;
    let mut door = Door::open(&site, impatient()).await;
    let mut idle = door.call().await;
    idle.get("/healthz").await;
    idle.answer().await;
    let mut posting = door.call().await;
    posting.say(&format!("{FORM}Content-Length: 9\r\n\r\ncam")).await;
    assert_eq!(posting.glance().await, "");

    let begun = Instant::now();
    door.stop();
    assert!(idle.ends_within(Duration::from_secs(2)).await);
    posting.say("ara=55").await;
    let (answer, _) = posting.until_the_end().await;
    assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
    door.served.await.unwrap();
    assert!(begun.elapsed() < impatient().grace, "nobody had to be cut off: {:?}", begun.elapsed());
    assert!(tokio::net::TcpStream::connect(&door.address).await.is_err(), "nothing listens");
}

#[tokio::test]
async fn whoever_does_not_end_is_cut_off_when_the_grace_is_over() {
    let site = TestSite::start("").await;
    let client = site.log_in(Role::Operador).await;
    let limits = server::config::WebLimits { body: Duration::from_secs(60), ..impatient() };
    let mut door = Door::open(&site, limits).await;
    let mut events = client.get(format!("http://{}/consola/eventos?ano=2026", door.address)).send().await.unwrap();
    assert_eq!(events.status(), 200);
    events.chunk().await.unwrap();
    let mut stuck = door.call().await;
    stuck.say(&format!("{FORM}Content-Length: 900\r\n\r\nc")).await;
    assert_eq!(stuck.glance().await, "");

    let begun = Instant::now();
    door.stop();
    door.served.await.unwrap();
    let took = begun.elapsed();
    assert!(took >= impatient().grace && took < 4 * impatient().grace, "{took:?}");
    assert!(stuck.ends_within(Duration::from_secs(2)).await);
    while matches!(tokio::time::timeout(Duration::from_secs(5), events.chunk()).await.expect("it ends"), Ok(Some(_))) {}
}
