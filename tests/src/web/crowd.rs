//! A thousand connections that only wait, and a merchant among them.

use std::time::{Duration, Instant};

use server::config::WebLimits;

use super::wire::{Door, Wire};
use crate::support::site::TestSite;

/// Half of them say nothing, the others a letter of a head or of a form.
async fn crowd(door: &Door, count: usize) -> Vec<Wire> {
    let mut wires = Vec::new();
    for number in 0..count {
        let mut wire = door.call().await;
        match number % 4 {
            0 => wire.say("GET / HTTP/1.1\r\nHo").await,
            1 => {
                wire.say("POST /api/activacion/aceptar HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900\r\n\r\na")
                    .await;
            }
            _ => {}
        }
        wires.push(wire);
    }
    wires
}

async fn activation_page(address: &str) -> Duration {
    let begun = Instant::now();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client.get(format!("http://{address}/activacion/55")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.text().await.unwrap().contains("</html>"));
    begun.elapsed()
}

#[tokio::test]
async fn a_thousand_idle_and_dribbling_connections_do_not_keep_a_merchant_waiting() {
    let site = TestSite::start("").await;
    let door = Door::open(&site, WebLimits::default()).await;
    let wires = crowd(&door, 1_000).await;
    let took = activation_page(&door.address).await;
    assert!(took < Duration::from_secs(2), "{took:?}");
    drop(wires);
}

#[tokio::test]
async fn over_the_cap_the_oldest_without_a_request_goes_and_the_merchant_comes_in() {
    let site = TestSite::start("").await;
    let limits = WebLimits { connections: 64, ..WebLimits::default() };
    let door = Door::open(&site, limits).await;
    let mut wires = crowd(&door, 64).await;
    // All of them are known by now: a request after them was answered.
    assert!(activation_page(&door.address).await < Duration::from_secs(2));
    assert!(wires[0].ends_within(Duration::from_secs(2)).await, "the oldest went");
    assert!(!wires[63].ends_within(Duration::from_millis(200)).await, "the newest is still there");
    for _ in 0..3 {
        wires.extend(crowd(&door, 64).await);
        assert!(activation_page(&door.address).await < Duration::from_secs(2));
    }
    let mut open = 0;
    for wire in &mut wires {
        open += usize::from(!wire.ends_within(Duration::from_millis(1)).await);
    }
    assert!(open <= 64, "{open}");
}
