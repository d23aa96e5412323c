//! Each measurement in a process of its own, so that memory is its own and nothing is warm by chance.

use std::process::Stdio;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// What a child says at its end.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Measured {
    /// How many things were done.
    pub count: u64,
    /// In how many seconds.
    pub seconds: f64,
    /// How many that is a second.
    pub a_second: f64,
    /// Peak resident memory of the process.
    pub peak_mb: f64,
}

impl Measured {
    /// Says it to the parent.
    pub fn tell(count: u64, seconds: f64) {
        let measured = Self { count, seconds, a_second: count as f64 / seconds, peak_mb: peak_mb() };
        println!("{}", serde_json::to_string(&measured).unwrap());
    }
}

fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
    line.split_whitespace().next().and_then(|kb| kb.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

/// Runs this program again with these words and reads what it says.
pub async fn child(words: &[&str]) -> Measured {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(words)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .await
        .unwrap();
    assert!(output.status.success(), "{words:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The mail server, in its own process as a real one would be.
pub struct Sink {
    pub port: String,
    _process: Child,
}

impl Sink {
    pub async fn start() -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .arg("sumidero")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let port = lines.next_line().await.unwrap().unwrap();
        Self { port, _process: process }
    }
}
