//! A measurement, not a test: `cargo nextest run -p integration-tests --run-ignored only measure --no-capture`.

use std::time::Instant;

use contract::campaign::CampaignService;
use server::registry::demo::write_extract;
use server::services::campaign::export;

use super::desk::{desk, year};
use crate::support::database;
use crate::support::registry::sync;

/// The process' highest memory so far, in MiB.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).unwrap_or_default() / 1024
}

#[tokio::test]
#[ignore = "a measurement"]
async fn measure_a_hundred_thousand_merchants() {
    let test_db = database().await;
    let desk = desk(&test_db);
    let mut bytes = Vec::new();
    write_extract(100_000, 2026, 7, &mut bytes).unwrap();
    println!("extract: {} kB, peak {} MiB", bytes.len() / 1024, peak_mib());
    for pass in ["first", "again"] {
        let begun = Instant::now();
        let figures = sync(&test_db.db, &bytes).await.figures();
        println!("sync {pass}: {:?} {figures:?}, peak {} MiB", begun.elapsed(), peak_mib());
    }
    drop(bytes);
    let begun = Instant::now();
    desk.simulate(year()).await.unwrap();
    println!("simulate: {:?}, peak {} MiB", begun.elapsed(), peak_mib());
    let begun = Instant::now();
    let report = desk.select(year(), None).await.unwrap();
    println!("select: {:?} {report:?}, peak {} MiB", begun.elapsed(), peak_mib());
    let begun = Instant::now();
    desk.view(year()).await.unwrap();
    println!("view: {:?}", begun.elapsed());
    let begun = Instant::now();
    let file = export(&desk, year()).await.unwrap();
    println!("export: {:?} {} kB, peak {} MiB", begun.elapsed(), file.len() / 1024, peak_mib());
}
