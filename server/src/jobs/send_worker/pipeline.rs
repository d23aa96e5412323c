//! One chamber's mails, from claim to outcome: rows are claimed a few at a time, made into mails on
//! every processor while earlier ones are being sent, and handed to the conversations in turn. It ends
//! when nothing can be claimed.

use std::sync::Arc;

use contract::sending::PauseReason;
use entity::claves_preasignadas as claves;
use sea_orm::DbErr;
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio::task::{JoinError, JoinSet};

use super::SendContext;
use super::hands::Hands;
use super::lane::Lane;
use super::prepare::{Kit, PrepareFault, Prepared, fault_outcome, post, stamp, write};
use super::scribe::{Desk, Scribe};
use crate::config::Chamber;
use crate::services::sending::queue::{self, Claim, Outcome};

/// Rows claimed and not yet handed over: enough to keep processors and conversations busy, few enough
/// that a pause costs nothing and a crash little.
const AHEAD: usize = 24;

/// A mail ready to go, or what became of a row that could not be made into one.
pub(super) struct Made {
    pub(super) claim: Claim,
    pub(super) mail: Result<Prepared, Outcome>,
    /// Its place among the rows ahead.
    pub(super) place: OwnedSemaphorePermit,
}

/// Mails ready to go, shared by the conversations.
pub(super) type Ready = Arc<Mutex<mpsc::Receiver<Made>>>;

pub(super) struct Pipeline {
    context: SendContext,
    chamber: Arc<Chamber>,
    stopping: watch::Receiver<bool>,
}

impl Pipeline {
    pub(super) const fn new(context: SendContext, chamber: Arc<Chamber>, stopping: watch::Receiver<bool>) -> Self {
        Self { context, chamber, stopping }
    }

    /// Works the chamber's queue off.
    pub(super) async fn run(self) -> Result<(), DbErr> {
        let hands = Hands::default();
        let pace = self.chamber.pace;
        let (scribe, desk) = Scribe::new(self.context.clone(), self.chamber.code, pace.rules, hands.clone());
        let scribe = tokio::spawn(scribe.run());

        let (sender, receiver) = mpsc::channel(AHEAD);
        let ready: Ready = Arc::new(Mutex::new(receiver));
        let mut lanes = JoinSet::new();
        for _ in 0..pace.connections {
            let lane = Lane::new(self.context.clone(), self.chamber.clone(), desk.clone(), hands.clone());
            lanes.spawn(lane.run(ready.clone()));
        }
        // The conversations alone hold it: when all of them failed, the feed must notice.
        drop(ready);
        let fed = self.feed(&sender, &desk, &hands).await;
        // The conversations end when nothing more can come.
        drop((sender, desk));
        let mut failed = fed.err();
        while let Some(ended) = lanes.join_next().await {
            let ended = ended.map_err(|error| DbErr::Custom(error.to_string())).and_then(|result| result);
            failed = failed.or(ended.err());
        }
        let written = scribe.await.map_err(|error| DbErr::Custom(error.to_string())).and_then(|result| result);
        failed.or(written.err()).map_or(Ok(()), Err)
    }

    async fn feed(&self, sender: &mpsc::Sender<Made>, desk: &Desk, hands: &Hands) -> Result<(), DbErr> {
        let ahead = Arc::new(Semaphore::new(AHEAD));
        let mut kit = None;
        let mut making = JoinSet::new();
        while !*self.stopping.borrow() && !sender.is_closed() {
            // Half of the places, so that a claim's transaction is worth its commit.
            let Ok(places) = ahead.clone().acquire_many_owned(AHEAD as u32 / 2).await else { break };
            crate::failpoint::reach("reserva.antes").await;
            let rows = queue::claim(&self.context.db, self.chamber.code, AHEAD as u64 / 2, self.context.clock.now());
            let rows = rows.await?;
            crate::failpoint::reach("reserva.despues").await;
            if rows.is_empty() {
                break;
            }
            let kit = match &kit {
                Some(kit) => Arc::clone(kit),
                None => match Kit::load(&self.context, &self.chamber).await {
                    Ok(loaded) => Arc::clone(kit.insert(loaded)),
                    Err(reason) => {
                        self.give_back(desk, hands, &rows, &reason).await?;
                        break;
                    }
                },
            };
            let mut places = places;
            for row in rows {
                hands.take(Claim::of(&row));
                let Some(place) = places.split(1) else { break };
                making.spawn(make(self.context.clone(), kit.clone(), sender.clone(), row, place));
            }
            while making.try_join_next().is_some() {}
        }
        while making.join_next().await.is_some() {}
        Ok(())
    }

    /// No mail can be made at all: every row goes back, and their batches stand.
    async fn give_back(
        &self,
        desk: &Desk,
        hands: &Hands,
        rows: &[claves::Model],
        reason: &PauseReason,
    ) -> Result<(), DbErr> {
        for claim in rows.iter().map(Claim::of) {
            let outcome =
                if hands.rests(claim.lote_id) { Outcome::Released } else { Outcome::Paused(reason.clone(), None) };
            hands.rest(claim.lote_id);
            desk.settle(claim, outcome).await?;
        }
        Ok(())
    }
}

/// Makes one mail on a processor of its own and queues it.
async fn make(
    context: SendContext,
    kit: Arc<Kit>,
    sender: mpsc::Sender<Made>,
    row: claves::Model,
    place: OwnedSemaphorePermit,
) {
    let claim = Claim::of(&row);
    let mail = match prepare(&context, &kit, row).await {
        Ok(made) => made.map_err(|fault| fault_outcome(claim.id, &fault)),
        Err(panic) => {
            tracing::error!(clave = claim.id, %panic, "a mail could not be made");
            Err(Outcome::NotPrepared)
        }
    };
    // Nobody there to send it: its lease runs out and the next worker takes it.
    let _ = sender.send(Made { claim, mail, place }).await;
}

/// Makes one mail. No bench is held while a time-stamp is waited for.
async fn prepare(
    context: &SendContext,
    kit: &Arc<Kit>,
    row: claves::Model,
) -> Result<Result<Prepared, PrepareFault>, JoinError> {
    let now = context.clock.now();
    let (row, its_kit) = (Arc::new(row), Arc::clone(kit));
    let its_row = Arc::clone(&row);
    let written = match at_bench(context, move || write(&its_kit, &its_row, now)).await? {
        Ok(written) => written,
        Err(fault) => return Ok(Err(fault)),
    };
    let token = stamp(kit, &written, now).await;
    let kit = Arc::clone(kit);
    at_bench(context, move || post(&kit, &row, written, token.as_deref(), now)).await
}

/// Work for the processor, off the asynchronous threads, on as many of them as there are processors.
async fn at_bench<T: Send + 'static>(
    context: &SendContext,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, JoinError> {
    // The benches are never closed.
    let bench = context.workbenches.clone().acquire_owned().await.ok();
    tokio::task::spawn_blocking(move || {
        let made = work();
        drop(bench);
        made
    })
    .await
}
