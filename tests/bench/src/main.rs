//! How fast mails are made and sent, as shares of what this machine can do at all: each measurement is
//! a process of its own, and all of them run in the same minutes.
//!
//! `bench [FILE]` measures sending, `bench activar [FILE]` the activation: a table, and the same as JSON.
//! The other words are their own children.

#![allow(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod activation;
mod campaign;
mod ceiling;
mod children;
mod sink;

use serde::Serialize;

use self::children::{Measured, child};

/// Mails of the measurement with argon2: some seconds' worth.
const WITH_HASH: usize = 1_000;

/// Mails of the one without, which also tells the peak memory of a long campaign.
const WITHOUT_HASH: usize = 10_000;

/// What is written to the file.
#[derive(Serialize)]
struct Report {
    processors: usize,
    argon2_a_second: f64,
    /// The key alone, before and after the three that follow.
    raw_signatures_a_second: f64,
    signatures_a_second: f64,
    signed_letters_a_second: f64,
    letters_a_second: f64,
    pipeline: Measured,
    share_of_ceiling: f64,
    without_argon2: Measured,
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["sumidero"] => sink::serve().await,
        ["techo"] => ceiling::argon2(),
        ["firmas"] => ceiling::signatures(),
        ["llave"] => ceiling::raw_signatures(),
        ["firmadas"] => ceiling::signed_letters(),
        ["cartas"] => ceiling::letters(),
        ["enviar", mails, hash, port] => campaign::send(mails.parse().unwrap(), *hash == "argon2", port).await,
        ["oficina", merchants, gateway, smtp_port] => {
            activation::serve(merchants.parse().unwrap(), gateway, smtp_port).await;
        }
        ["activar"] => activation::whole(None).await,
        ["activar", file] => activation::whole(Some(file)).await,
        [] => whole(None).await,
        [file] => whole(Some(file)).await,
        _ => eprintln!("bench [activar] [FILE]"),
    }
}

async fn whole(file: Option<&str>) {
    let sink = children::Sink::start().await;
    let port = sink.port.as_str();
    let before = child(&["techo"]).await.a_second;
    let pipeline = child(&["enviar", &WITH_HASH.to_string(), "argon2", port]).await;
    let after = child(&["techo"]).await.a_second;
    let argon2_a_second = f64::midpoint(before, after);
    let without_argon2 = child(&["enviar", &WITHOUT_HASH.to_string(), "sin", port]).await;
    let raw_before = child(&["llave"]).await.a_second;
    let signatures_a_second = child(&["firmas"]).await.a_second;
    let signed_letters_a_second = child(&["firmadas"]).await.a_second;
    let raw_after = child(&["llave"]).await.a_second;
    let report = Report {
        processors: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        argon2_a_second,
        raw_signatures_a_second: f64::midpoint(raw_before, raw_after),
        signatures_a_second,
        signed_letters_a_second,
        letters_a_second: child(&["cartas"]).await.a_second,
        share_of_ceiling: pipeline.a_second / argon2_a_second,
        pipeline,
        without_argon2,
    };
    print(&report);
    if let Some(file) = file {
        std::fs::write(file, serde_json::to_string_pretty(&report).unwrap()).unwrap();
    }
}

fn print(report: &Report) {
    let line = |what: &str, value: String| println!("    {what:<58} {value:>12}");
    line("argon2id hashes a second, all processors (ceiling)", format!("{:.1}", report.argon2_a_second));
    let raw = report.raw_signatures_a_second;
    let share = |a_second: f64| format!("{a_second:.0} ({:.0} %)", a_second / raw * 100.0);
    line("RSA-2048 signatures a second, the key alone (ceiling)", format!("{raw:.0}"));
    line("  letters signed, one processor (at least 80 %)", share(report.signatures_a_second));
    line("  letters drawn and signed, one processor (60 %)", share(report.signed_letters_a_second));
    line("letters drawn a second, one processor (at least 900)", format!("{:.0}", report.letters_a_second));
    line("mails a second, whole pipeline", format!("{:.1}", report.pipeline.a_second));
    line("  share of the ceiling (at least 85 %)", format!("{:.1} %", report.share_of_ceiling * 100.0));
    line("mails a second without argon2 (at least 600)", format!("{:.0}", report.without_argon2.a_second));
    line("  peak memory of 10,000 mails (under 150 MB)", format!("{:.0} MB", report.without_argon2.peak_mb));
}
