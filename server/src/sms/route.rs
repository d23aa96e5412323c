//! The chamber's provider, and the one for when it cannot.

use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use contract::{ChamberCode, ColombianMobile};

use super::{Attempt, Circuit, Provider, SmsGateway, SmsText};
use crate::clock::Clock;

/// A provider under the name that tables and figures know it by.
pub struct Seat {
    /// The name.
    pub label: &'static str,
    /// The provider.
    pub provider: Arc<dyn Provider>,
}

/// One provider, or two.
pub struct Route {
    first: Seat,
    contingency: Option<(Seat, Circuit)>,
    clock: Clock,
}

impl Route {
    /// The way over these providers.
    #[must_use]
    pub fn new(first: Seat, contingency: Option<Seat>, clock: Clock) -> Self {
        Self { first, contingency: contingency.map(|seat| (seat, Circuit::default())), clock }
    }
}

impl Seat {
    async fn ask(&self, camara: ChamberCode, to: &ColombianMobile, text: &SmsText) -> Attempt {
        let begun = Instant::now();
        let result = self.provider.send(camara, to, text).await;
        if let Err(error) = &result {
            tracing::warn!(%camara, proveedor = self.label, celular = %to.masked(), %error, "SMS not handed over");
        }
        Attempt { provider: self.label, took: begun.elapsed(), result }
    }
}

#[async_trait]
impl SmsGateway for Route {
    async fn send(&self, camara: ChamberCode, to: &ColombianMobile, text: &SmsText) -> Vec<Attempt> {
        let mut attempts = Vec::new();
        let Some((contingency, circuit)) = &self.contingency else {
            attempts.push(self.first.ask(camara, to, text).await);
            return attempts;
        };
        if circuit.admits(self.clock.now()) {
            let attempt = self.first.ask(camara, to, text).await;
            let failed = attempt.result.as_ref().is_err_and(|error| error.blames_provider());
            circuit.learn(failed, self.clock.now());
            let taken = attempt.result.is_ok();
            attempts.push(attempt);
            if taken {
                return attempts;
            }
        }
        // After a time-out both may arrive. Both carry the same PIN, so a double arrival harms nobody;
        // a merchant who waits for nothing gives up.
        attempts.push(contingency.ask(camara, to, text).await);
        attempts
    }

    async fn try_each(&self, camara: ChamberCode, to: &ColombianMobile, text: &SmsText) -> Vec<Attempt> {
        let mut attempts = vec![self.first.ask(camara, to, text).await];
        if let Some((contingency, _)) = &self.contingency {
            attempts.push(contingency.ask(camara, to, text).await);
        }
        attempts
    }
}
