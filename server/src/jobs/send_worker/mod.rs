//! The send worker: takes rows of ordered batches and mails them, in the order of durable steps that
//! the design of sending demands. The server runs it all the time; the command line drains one batch
//! with it. Any number of them may run at once, on any number of machines.

mod hands;
mod lane;
mod pipeline;
mod prepare;
mod scribe;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use contract::ChamberCode;
use sea_orm::DbErr;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::clock::Clock;
use crate::config::{Chamber, PublicUrl};
use crate::db::Db;
use crate::mail::smtp::TimeOuts;
use crate::secrets::{PasswordHash, Vault, hash_password};
use crate::services::sending::{WorkerState, queue};
use pipeline::Pipeline;

/// How often an idle node looks for work, in one query for all its chambers.
const POLL: Duration = Duration::from_millis(400);

/// How often it looks for what died, ran out or may go on.
const LOOK_AROUND: Duration = Duration::from_secs(2);

/// How long a chamber whose work failed is left alone.
const AFTER_FAILURE: Duration = Duration::from_secs(2);

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
    /// How passwords are hashed: [`hash_password`], but for measurements of everything else.
    pub hasher: fn(&[u8]) -> PasswordHash,
    /// Where it is said whether the database takes what the worker writes.
    pub state: WorkerState,
    /// Mails made at the same time, over all chambers: as many as there are processors.
    pub workbenches: Arc<Semaphore>,
}

impl SendContext {
    /// A context with the usual hash, time-outs and processors.
    #[must_use]
    pub fn new(
        db: Db,
        clock: Clock,
        vault: Vault,
        chambers: Arc<BTreeMap<ChamberCode, Arc<Chamber>>>,
        public_url: PublicUrl,
    ) -> Self {
        let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self {
            db,
            clock,
            vault,
            chambers,
            public_url,
            time_outs: TimeOuts::default(),
            hasher: hash_password,
            state: WorkerState::default(),
            workbenches: Arc::new(Semaphore::new(processors)),
        }
    }
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
        let mut pipelines = JoinSet::new();
        let mut busy = BTreeSet::new();
        let mut rested: BTreeMap<ChamberCode, Instant> = BTreeMap::new();
        let mut look_around = Instant::now();
        let mut stop = shutdown.clone();
        while !*shutdown.borrow() {
            if look_around <= Instant::now() {
                look_around = Instant::now() + LOOK_AROUND;
                if let Err(error) = self.look_around().await {
                    self.context.state.failed(&error);
                }
            }
            let working = queue::chambers_with_work(&self.context.db, self.context.clock.now()).await;
            let working = working.unwrap_or_else(|error| {
                self.context.state.failed(&error);
                Vec::new()
            });
            for camara in working {
                let rests = rested.get(&camara).is_some_and(|until| *until > Instant::now());
                let Some(chamber) = self.context.chambers.get(&camara).filter(|_| !rests) else { continue };
                if busy.insert(camara) {
                    let pipeline = Pipeline::new(self.context.clone(), chamber.clone(), shutdown.clone());
                    pipelines.spawn(async move { (camara, pipeline.run().await) });
                }
            }
            tokio::select! {
                () = tokio::time::sleep(POLL) => {}
                Some(ended) = pipelines.join_next() => {
                    let Ok((camara, result)) = ended else { continue };
                    busy.remove(&camara);
                    if let Err(error) = result {
                        self.context.state.failed(&error);
                        rested.insert(camara, Instant::now() + AFTER_FAILURE);
                    }
                }
                _ = stop.wait_for(|stopping| *stopping) => break,
            }
        }
        let all = async { while pipelines.join_next().await.is_some() {} };
        if tokio::time::timeout(DRAIN, all).await.is_err() {
            tracing::warn!("mails under way did not end in time; the next worker recovers them");
        }
    }

    async fn look_around(&self) -> Result<(), DbErr> {
        self.context.clock.follow(&self.context.db).await?;
        let now = self.context.clock.now();
        for camara in queue::chambers_to_recover(&self.context.db, now).await? {
            queue::recover(&self.context.db, camara, now).await?;
        }
        self.context.state.works();
        Ok(())
    }

    /// Sends until no row of the batch can move now: it does not wait for retries. Batches of the same
    /// chamber whose process died are continued on the way.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drain(&self, camara: ChamberCode, lote_id: Option<i64>) -> Result<(), DbErr> {
        let Some(chamber) = self.context.chambers.get(&camara) else { return Ok(()) };
        let (_stop, never) = watch::channel(false);
        loop {
            self.context.clock.follow(&self.context.db).await?;
            queue::recover(&self.context.db, camara, self.context.clock.now()).await?;
            Pipeline::new(self.context.clone(), chamber.clone(), never.clone()).run().await?;
            let Some(id) = lote_id else { return Ok(()) };
            if !queue::under_way(&self.context.db, camara, id).await? {
                return Ok(());
            }
            tokio::time::sleep(WATCH).await;
        }
    }
}
