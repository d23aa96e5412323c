//! Many merchants at once: as fast as it goes, and at an even pace.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde::Serialize;

use super::merchant::{Telephones, activate, client};
use super::office::Office;

/// Activations a second with so many telephones that never rest.
pub async fn throughput(
    office: &Arc<Office>,
    telephones: &Telephones,
    at_once: usize,
    first: usize,
    count: usize,
) -> f64 {
    let (client, next) = (client(), Arc::new(AtomicUsize::new(first)));
    let began = Instant::now();
    let workers: Vec<_> = (0..at_once)
        .map(|_| {
            let (client, next) = (client.clone(), Arc::clone(&next));
            let (office, telephones) = (Arc::clone(office), telephones.clone());
            tokio::spawn(async move {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= first + count {
                        return;
                    }
                    activate(&client, &office, &telephones, index).await;
                }
            })
        })
        .collect();
    for worker in workers {
        worker.await.unwrap();
    }
    count as f64 / began.elapsed().as_secs_f64()
}

/// How long the answers to the two posts took, in milliseconds.
#[derive(Clone, Serialize)]
pub struct Latency {
    pub median: f64,
    pub p99: f64,
    pub worst: f64,
}

/// `a_second` merchants begin each second, whether the earlier ones are done or not.
pub async fn paced(
    office: &Arc<Office>,
    telephones: &Telephones,
    a_second: u32,
    first: usize,
    count: usize,
) -> Latency {
    let client = client();
    let mut clock = tokio::time::interval(Duration::from_secs(1) / a_second);
    let mut merchants = Vec::with_capacity(count);
    for index in first..first + count {
        clock.tick().await;
        let (client, office, telephones) = (client.clone(), Arc::clone(office), telephones.clone());
        merchants.push(tokio::spawn(async move { activate(&client, &office, &telephones, index).await }));
    }
    let mut posts = Vec::with_capacity(2 * count);
    for merchant in merchants {
        let road = merchant.await.unwrap();
        posts.extend([road.steps[1], road.steps[3]]);
    }
    posts.sort_unstable();
    let at = |share: f64| posts[((posts.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
    Latency { median: at(0.5), p99: at(0.99), worst: at(1.0) }
}
