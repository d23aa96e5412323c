//! Reads each chamber's bounces when their time has come. A mailbox that fails is logged and tried
//! again at its next time; it stops nothing else.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use contract::ChamberCode;
use sea_orm::DbErr;
use tokio::sync::watch;

use super::schedule::{Held, MOST, Task};
use crate::clock::Clock;
use crate::config::{Bounces, Chamber};
use crate::db::Db;
use crate::services::bounces::BounceDesk;

/// The task's name in `tareas`.
pub const TASK: &str = "rebotes";

/// How often a node looks whether something is due.
const LOOK: Duration = Duration::from_secs(20);

/// The scheduled reading of every chamber's bounces.
pub struct BounceJob {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// The chambers by code.
    pub chambers: Arc<BTreeMap<ChamberCode, Arc<Chamber>>>,
}

impl BounceJob {
    /// Works until `shutdown` turns true. A reading under way is then dropped: what it has not marked
    /// is read again, and what it wrote is known by its digest.
    pub async fn run(&self, mut shutdown: watch::Receiver<bool>) {
        while !*shutdown.borrow() {
            self.look(&mut shutdown).await;
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                _ = shutdown.wait_for(|stopping| *stopping) => break,
            }
        }
    }

    /// Reads every chamber's bounces that are due and that no other node reads: for how many.
    pub async fn look(&self, shutdown: &mut watch::Receiver<bool>) -> usize {
        let mut read = 0;
        for chamber in self.chambers.values() {
            let Some(bounces) = &chamber.bounces else { continue };
            match self.chamber(chamber, bounces, shutdown).await {
                Ok(done) => read += usize::from(done),
                Err(error) => tracing::error!(camara = %chamber.code, %error, "bounces: the database failed"),
            }
        }
        read
    }

    async fn chamber(
        &self,
        chamber: &Chamber,
        bounces: &Bounces,
        shutdown: &mut watch::Receiver<bool>,
    ) -> Result<bool, DbErr> {
        let task = Task { camara: chamber.code, name: TASK };
        let Some(held) = task.take(&self.db, self.clock.now()).await? else { return Ok(false) };
        let result = tokio::select! {
            result = self.read(chamber, bounces) => Some(result),
            _ = shutdown.wait_for(|stopping| *stopping) => None,
        };
        match result {
            Some(result) => self.done(held, bounces, &result).await.map(|()| true),
            None => held.release(&self.db).await.map(|()| false),
        }
    }

    /// What the reading found, or why it failed, in short words.
    async fn read(&self, chamber: &Chamber, bounces: &Bounces) -> String {
        let desk = BounceDesk { db: &self.db, clock: &self.clock, chamber, actor: "sistema" };
        let cause = match tokio::time::timeout(MOST, desk.read(&bounces.source)).await {
            Ok(Ok(found)) => {
                return format!(
                    "leidos={} rebotados={} suprimidos={} otros={}",
                    found.leidos,
                    found.rebotados,
                    found.suprimidos,
                    found.otros + found.sin_correspondencia
                );
            }
            Ok(Err(fault)) => fault.to_string(),
            Err(_) => "demora".to_owned(),
        };
        tracing::warn!(camara = %chamber.code, %cause, "bounces: not read; tried again at the next time");
        format!("fallo={cause}")
    }

    async fn done(&self, held: Held, bounces: &Bounces, result: &str) -> Result<(), DbErr> {
        let now = self.clock.now();
        held.done(&self.db, now, now.plus_seconds(bounces.minutes * 60), result).await
    }
}
