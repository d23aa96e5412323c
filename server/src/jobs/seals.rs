//! Seals each chamber's audit once a day, after midnight in Bogotá, one node at a time.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use contract::{ChamberCode, ServiceResult, Timestamp};
use tokio::sync::watch;

use super::schedule::Task;
use crate::clock::Clock;
use crate::config::{Chamber, PublicUrl};
use crate::db::Db;
use crate::services::audit::{Sealed, seal_day};
use crate::services::fault::unexpected;
use crate::services::firmas::SigningKeys;

/// The task's name in `tareas`.
pub const TASK: &str = "sello_auditoria";

/// How often a node looks whether a day has ended.
const LOOK: Duration = Duration::from_secs(60);

/// Seconds after midnight: what was under way at that moment stands by then.
const AFTER_MIDNIGHT: i64 = 120;

/// Seconds until the next try when there is no certificate in force, or the database failed.
const AFTER_FAULT: i64 = 3600;

/// The daily seal of every chamber.
pub struct SealJob {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// The chambers by code.
    pub chambers: Arc<BTreeMap<ChamberCode, Arc<Chamber>>>,
    /// Who the seals say made them.
    pub public_url: PublicUrl,
    /// The chambers' certificates.
    pub keys: Arc<SigningKeys>,
}

impl SealJob {
    /// Works until `shutdown` turns true.
    pub async fn run(&self, mut shutdown: watch::Receiver<bool>) {
        while !*shutdown.borrow() {
            self.look().await;
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                _ = shutdown.wait_for(|stopping| *stopping) => break,
            }
        }
    }

    /// Seals every chamber that is due and that no other node serves: how many seals were made. A chamber
    /// that cannot be sealed stops no other one.
    pub async fn look(&self) -> usize {
        let mut made = 0;
        for chamber in self.chambers.values() {
            match self.chamber(chamber).await {
                Ok(sealed) => made += usize::from(sealed),
                // Logged where it happened.
                Err(_) => tracing::warn!(camara = %chamber.code, "the audit was not sealed; tried again later"),
            }
        }
        made
    }

    async fn chamber(&self, chamber: &Chamber) -> ServiceResult<bool> {
        let task = Task { camara: chamber.code, name: TASK };
        let Some(held) = task.take(&self.db, self.clock.now()).await.map_err(unexpected)? else { return Ok(false) };
        let sealed = self.seal(chamber).await;
        let now = self.clock.now();
        let later = now.plus_seconds(AFTER_FAULT);
        let (next, result) = match &sealed {
            Ok(Some(Sealed::At(place))) => (next_midnight(now), format!("secuencia={place}")),
            Ok(Some(Sealed::Before)) => (next_midnight(now), "ya_sellado".to_owned()),
            Ok(Some(Sealed::Nothing)) => (next_midnight(now), "sin_anotaciones".to_owned()),
            Ok(None) => (later, "sin_certificado".to_owned()),
            Err(_) => (later, "fallo".to_owned()),
        };
        held.done(&self.db, now, next, &result).await.map_err(unexpected)?;
        Ok(matches!(sealed?, Some(Sealed::At(_))))
    }

    /// `None` without a certificate in force; the log says why.
    async fn seal(&self, chamber: &Chamber) -> ServiceResult<Option<Sealed>> {
        let now = self.clock.now();
        let Some(signer) = self.keys.signer(chamber, now).await? else { return Ok(None) };
        seal_day(&self.db, chamber, &self.public_url, signer, now).await.map(Some)
    }
}

/// A little after the next midnight in Bogotá.
fn next_midnight(now: Timestamp) -> Timestamp {
    let t = now.in_bogota();
    let since = i64::from(t.hour()) * 3600 + i64::from(t.minute()) * 60 + i64::from(t.second());
    now.plus_seconds(86_400 - since + AFTER_MIDNIGHT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_seal_is_due_two_minutes_after_midnight_in_bogota() {
        // 31/12/2025 22:30 there.
        let now = Timestamp(1_767_238_200_000);
        assert_eq!(next_midnight(now).iso(), "2026-01-01T00:02:00-05:00");
        assert_eq!(next_midnight(next_midnight(now)).iso(), "2026-01-02T00:02:00-05:00");
    }
}
