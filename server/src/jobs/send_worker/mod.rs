//! The send worker: takes rows of ordered batches one by one and mails them, in the order of durable
//! steps that the design of sending demands. The server runs it all the time; the command line drains
//! one batch with it. Any number of them may run at once, on any number of machines.

mod lane;
mod prepare;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use contract::ChamberCode;
use sea_orm::DbErr;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::clock::Clock;
use crate::config::{Chamber, PublicUrl};
use crate::db::Db;
use crate::mail::smtp::TimeOuts;
use crate::secrets::Vault;
use crate::services::sending::queue;
use lane::Lane;

/// Conversations with one chamber's server at the same time.
const LANES: usize = 2;

/// How often an idle lane looks for work.
const POLL: Duration = Duration::from_millis(400);

/// How often the command line looks whether rows held by another process have an outcome.
const WATCH: Duration = Duration::from_millis(200);

/// How long mails under way may take to end after the signal to stop.
const DRAIN: Duration = Duration::from_secs(30);

/// Everything a worker leans on.
#[derive(Clone)]
pub struct SendContext {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Opens sealed passwords.
    pub vault: Vault,
    /// The chambers by code.
    pub chambers: Arc<BTreeMap<ChamberCode, Arc<Chamber>>>,
    /// The address that links are built from.
    pub public_url: PublicUrl,
    /// How long each phase of SMTP may take.
    pub time_outs: TimeOuts,
}

/// Mails what is ordered.
pub struct SendWorker {
    context: SendContext,
}

impl SendWorker {
    /// A worker for every chamber of the context.
    #[must_use]
    pub const fn new(context: SendContext) -> Self {
        Self { context }
    }

    /// Works until `shutdown` turns true, then lets mails under way end for up to 30 seconds. What does
    /// not end is recovered by the next worker.
    pub async fn run(&self, shutdown: watch::Receiver<bool>) {
        let mut tasks = JoinSet::new();
        for chamber in self.context.chambers.values() {
            for _ in 0..LANES {
                let lane = Lane::new(self.context.clone(), chamber.clone());
                tasks.spawn(work(lane, shutdown.clone()));
            }
        }
        let mut stop = shutdown;
        let _ = stop.wait_for(|stopping| *stopping).await;
        let all = async { while tasks.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(DRAIN, all).await;
    }

    /// Sends until no row of the batch can move now: it does not wait for retries. Batches of the same
    /// chamber whose process died are continued on the way.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drain(&self, camara: ChamberCode, lote_id: Option<i64>) -> Result<(), DbErr> {
        let Some(chamber) = self.context.chambers.get(&camara) else { return Ok(()) };
        loop {
            queue::recover(&self.context.db, camara, self.context.clock.now()).await?;
            let mut tasks = JoinSet::new();
            for _ in 0..LANES {
                tasks.spawn(empty(Lane::new(self.context.clone(), chamber.clone())));
            }
            let mut failed = None;
            while let Some(ended) = tasks.join_next().await {
                // The other lane may be in the middle of a mail: it ends first.
                let ended = ended.map_err(|error| DbErr::Custom(error.to_string())).and_then(|result| result);
                failed = failed.or(ended.err());
            }
            if let Some(error) = failed {
                return Err(error);
            }
            let Some(id) = lote_id else { return Ok(()) };
            if !queue::under_way(&self.context.db, camara, id).await? {
                return Ok(());
            }
            tokio::time::sleep(WATCH).await;
        }
    }
}

/// One lane of the server: work while there is some, a look around while there is none.
async fn work(mut lane: Lane, mut shutdown: watch::Receiver<bool>) {
    while !*shutdown.borrow() {
        let wait = match lane.step().await {
            Ok(true) => continue,
            Ok(false) => POLL,
            Err(error) => {
                tracing::error!(%error, "send worker: the database failed");
                POLL * 5
            }
        };
        if let Err(error) = lane.idle().await {
            tracing::error!(%error, "send worker: recovery failed");
        }
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            changed = shutdown.wait_for(|stopping| *stopping) => { if changed.is_err() { break } }
        }
    }
    lane.close().await;
}

/// One lane of the command line: until nothing can be claimed.
async fn empty(mut lane: Lane) -> Result<(), DbErr> {
    while lane.step().await? {}
    lane.close().await;
    Ok(())
}
