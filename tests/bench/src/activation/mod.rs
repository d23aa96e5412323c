//! The activation under load, from outside: a server in one process, telephones in this one.

mod answers;
mod crowd;
mod load;
mod merchant;
mod office;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use self::crowd::Crowd;
use self::load::{Latency, paced, throughput};
use self::merchant::{Telephones, activate, client};
use self::office::Office;
use crate::children::{Sink, child};

pub use self::office::serve;

/// Telephones that never rest.
const AT_ONCE: usize = 50;

/// Merchants of the throughput; of the even pace; each kind of mismatch.
const FAST: usize = 1_000;
const PACED: usize = 600;
const EACH_KIND: usize = 1_000;

/// Connections that waste the server's time.
const CROWD: usize = 1_000;

/// What is written to the file.
#[derive(Serialize)]
struct Report {
    argon2_a_second: f64,
    activations_a_second: f64,
    share_of_ceiling: f64,
    at_thirty_a_second_ms: Latency,
    mismatch_medians_ms: BTreeMap<&'static str, f64>,
    mismatch_spread_ms: f64,
    road_alone_ms: f64,
    road_in_a_crowd_ms: f64,
}

/// Measures, prints and writes.
pub async fn whole(file: Option<&str>) {
    let (sink, telephones) = (Sink::start().await, Telephones::default());
    let gateway = telephones.start().await;
    let merchants = answers::TRIALS_AT_MOST + FAST + PACED + 2;
    let office = Arc::new(Office::open(merchants, &gateway, &sink.port).await);
    let mut first = answers::TRIALS_AT_MOST;

    let before = child(&["techo"]).await.a_second;
    let activations_a_second = throughput(&office, &telephones, AT_ONCE, first, FAST).await;
    let argon2_a_second = f64::midpoint(before, child(&["techo"]).await.a_second);
    first += FAST;
    let at_thirty_a_second_ms = paced(&office, &telephones, 30, first, PACED).await;
    first += PACED;

    for index in (5..6 * EACH_KIND).step_by(6) {
        activate(&client(), &office, &telephones, index).await;
    }
    let mismatch_medians_ms = answers::medians(&office, EACH_KIND).await;
    let all: Vec<f64> = mismatch_medians_ms.values().copied().collect();
    let mismatch_spread_ms =
        all.iter().copied().fold(f64::MIN, f64::max) - all.iter().copied().fold(f64::MAX, f64::min);

    let road_alone_ms = road(&office, &telephones, first).await;
    let crowd = Crowd::gather(&office.address, CROWD).await;
    let road_in_a_crowd_ms = road(&office, &telephones, first + 1).await;
    drop(crowd);

    let report = Report {
        argon2_a_second,
        activations_a_second,
        share_of_ceiling: activations_a_second / argon2_a_second,
        at_thirty_a_second_ms,
        mismatch_medians_ms,
        mismatch_spread_ms,
        road_alone_ms,
        road_in_a_crowd_ms,
    };
    print(&report);
    if let Some(file) = file {
        std::fs::write(file, serde_json::to_string_pretty(&report).unwrap()).unwrap();
    }
}

async fn road(office: &Office, telephones: &Telephones, index: usize) -> f64 {
    let road = activate(&client(), office, telephones, index).await;
    road.steps.iter().map(std::time::Duration::as_secs_f64).sum::<f64>() * 1000.0
}

fn print(report: &Report) {
    let line = |what: &str, value: String| println!("    {what:<58} {value:>12}");
    let latency = &report.at_thirty_a_second_ms;
    line("argon2id hashes a second, all processors (ceiling)", format!("{:.1}", report.argon2_a_second));
    line("activations a second, 50 telephones", format!("{:.1}", report.activations_a_second));
    line("  share of the ceiling (at least 85 %)", format!("{:.1} %", report.share_of_ceiling * 100.0));
    line("answers at 30 a second, median", format!("{:.0} ms", latency.median));
    line("  p99 (under 150 ms)", format!("{:.0} ms", latency.p99));
    for (kind, median) in &report.mismatch_medians_ms {
        line(&format!("median of a mismatch: {kind}"), format!("{median:.1} ms"));
    }
    line("  apart at most (within 5 ms)", format!("{:.1} ms", report.mismatch_spread_ms));
    line("one merchant's whole road, alone", format!("{:.0} ms", report.road_alone_ms));
    line("  with 1,000 idle and dribbling connections (aim 1 s)", format!("{:.0} ms", report.road_in_a_crowd_ms));
}
