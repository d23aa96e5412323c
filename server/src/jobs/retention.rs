//! Takes personal data away whose period is over, once a day, a portion at a time, one node at a time.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use contract::{ChamberCode, ServiceResult};
use tokio::sync::watch;

use super::schedule::{MOST, Task};
use crate::clock::Clock;
use crate::config::Chamber;
use crate::db::Db;
use crate::services::fault::unexpected;
use crate::services::retention::{Purged, portion};

/// The task's name in `tareas`.
pub const TASK: &str = "retencion";

/// How often a node looks whether something is due.
const LOOK: Duration = Duration::from_secs(5 * 60);

/// Between two portions: whoever sends or activates goes first.
const BREATH: Duration = Duration::from_millis(100);

/// Seconds to the next run: after everything, after an interruption, after a fault.
const DAILY: i64 = 24 * 3600;
const SOON: i64 = 5 * 60;
const AFTER_FAULT: i64 = 3600;

/// The daily purge of every chamber.
pub struct RetentionJob {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// The chambers by code.
    pub chambers: Arc<BTreeMap<ChamberCode, Arc<Chamber>>>,
}

impl RetentionJob {
    /// Works until `shutdown` turns true; the portion under way then ends first.
    pub async fn run(&self, mut shutdown: watch::Receiver<bool>) {
        while !*shutdown.borrow() {
            self.look(&shutdown).await;
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                _ = shutdown.wait_for(|stopping| *stopping) => break,
            }
        }
    }

    /// Purges every chamber that is due and that no other node serves.
    pub async fn look(&self, shutdown: &watch::Receiver<bool>) {
        for chamber in self.chambers.values() {
            if self.chamber(chamber, shutdown).await.is_err() {
                tracing::warn!(camara = %chamber.code, "the purge of personal data failed; tried again later");
            }
        }
    }

    async fn chamber(&self, chamber: &Chamber, shutdown: &watch::Receiver<bool>) -> ServiceResult<()> {
        let task = Task { camara: chamber.code, name: TASK };
        let Some(held) = task.take(&self.db, self.clock.now()).await.map_err(unexpected)? else { return Ok(()) };
        let mut all = Purged::default();
        let ended = self.portions(chamber, &mut all, shutdown).await;
        let now = self.clock.now();
        let next = match &ended {
            Ok(true) => DAILY,
            Ok(false) => SOON,
            Err(_) => AFTER_FAULT,
        };
        held.done(&self.db, now, now.plus_seconds(next), &all.words()).await.map_err(unexpected)?;
        ended.map(drop)
    }

    /// Says whether everything that was due is gone.
    async fn portions(
        &self,
        chamber: &Chamber,
        all: &mut Purged,
        shutdown: &watch::Receiver<bool>,
    ) -> ServiceResult<bool> {
        let began = Instant::now();
        while !*shutdown.borrow() && began.elapsed() < MOST {
            let purged = portion(&self.db, chamber.code, chamber.retention, self.clock.now()).await?;
            if purged.is_empty() {
                return Ok(true);
            }
            all.claves += purged.claves;
            all.sms += purged.sms;
            all.usuarios += purged.usuarios;
            tokio::time::sleep(BREATH).await;
        }
        Ok(false)
    }
}
