//! The one who writes for a chamber's conversations: whatever they have to write while a transaction
//! is being committed goes into the next one together.

use std::time::Duration;

use contract::ChamberCode;
use domain::sending::PaceRules;
use sea_orm::DbErr;
use tokio::sync::{mpsc, oneshot};

use super::SendContext;
use super::hands::Hands;
use crate::services::sending::queue::{self, Claim, Dispatch, Entry, Outcome, Written};

/// Entries in one transaction: a handful of row updates each.
const MOST_ENTRIES: usize = 64;

/// Well under the lease, so that a slow reply never loses a row.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// First wait before outcomes are written again; doubled each time, up to [`HEARTBEAT`].
const FIRST_WAIT: Duration = Duration::from_millis(200);

/// Tries before a database that stays away is reported: about half a minute.
const TRIES: u32 = 8;

/// Who waits; nobody waits for an acceptance.
type Answer = Option<oneshot::Sender<Result<Written, DbErr>>>;

/// Where conversations hand in what is to be written.
#[derive(Clone)]
pub(super) struct Desk(mpsc::Sender<(Entry, Answer)>);

fn gone() -> DbErr {
    DbErr::Custom("the scribe is gone".to_owned())
}

impl Desk {
    /// The durable mark before content leaves.
    pub(super) async fn mark(&self, claim: Claim, dispatch: Dispatch) -> Result<Written, DbErr> {
        self.wait(Entry::Mark(claim, dispatch)).await
    }

    /// What became of a row. After an acceptance the conversation goes on at once: until the outcome is
    /// durable the row is `transmitiendo`, and a crash leaves it in doubt. After anything else it waits:
    /// the batch may stand now.
    pub(super) async fn settle(&self, claim: Claim, outcome: Outcome) -> Result<(), DbErr> {
        if matches!(outcome, Outcome::Accepted(_)) {
            return self.0.send((Entry::Settle(claim, outcome), None)).await.map_err(|_| gone());
        }
        self.wait(Entry::Settle(claim, outcome)).await.map(|_| ())
    }

    async fn wait(&self, entry: Entry) -> Result<Written, DbErr> {
        let (answer, answered) = oneshot::channel();
        self.0.send((entry, Some(answer))).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }
}

/// Writes until every desk is gone.
pub(super) struct Scribe {
    context: SendContext,
    camara: ChamberCode,
    rules: PaceRules,
    hands: Hands,
    inbox: mpsc::Receiver<(Entry, Answer)>,
}

impl Scribe {
    pub(super) fn new(context: SendContext, camara: ChamberCode, rules: PaceRules, hands: Hands) -> (Self, Desk) {
        let (sender, inbox) = mpsc::channel(MOST_ENTRIES);
        (Self { context, camara, rules, hands, inbox }, Desk(sender))
    }

    /// The first error that made it give up on an outcome.
    pub(super) async fn run(mut self) -> Result<(), DbErr> {
        let mut beat = tokio::time::interval(HEARTBEAT);
        beat.tick().await;
        loop {
            let mut gathered = Vec::new();
            tokio::select! {
                biased;
                _ = beat.tick() => {
                    self.heartbeat().await;
                    continue;
                }
                count = self.inbox.recv_many(&mut gathered, MOST_ENTRIES) => if count == 0 { return Ok(()) },
            }
            self.write(gathered).await?;
        }
    }

    async fn heartbeat(&self) {
        let held = self.hands.held();
        if let Err(error) = queue::heartbeat(&self.context.db, self.camara, &held, self.context.clock.now()).await {
            self.context.state.failed(&error);
        }
    }

    /// Together; and when that fails, each outcome by itself, so that one row's trouble is not the
    /// others'.
    async fn write(&self, gathered: Vec<(Entry, Answer)>) -> Result<(), DbErr> {
        let (entries, answers): (Vec<Entry>, Vec<Answer>) = gathered.into_iter().unzip();
        match self.attempt(&entries).await {
            Ok(written) => {
                for ((entry, answer), written) in entries.iter().zip(answers).zip(written) {
                    self.tell(entry, answer, written).await;
                }
                Ok(())
            }
            Err(error) => {
                // Whoever waits for a mark is told at once: nothing of that mail has left.
                let (mut outcomes, mut failed) = (Vec::new(), Ok(()));
                for (entry, answer) in entries.into_iter().zip(answers) {
                    match (&entry, answer) {
                        (Entry::Mark(..), Some(answer)) => drop(answer.send(Err(error.clone()))),
                        (_, answer) => outcomes.push((entry, answer)),
                    }
                }
                for (entry, answer) in outcomes {
                    match self.until_it_stands(&entry).await {
                        Ok(written) => self.tell(&entry, answer, written).await,
                        Err(error) => failed = failed.and(Err(error)),
                    }
                }
                failed
            }
        }
    }

    async fn tell(&self, entry: &Entry, answer: Answer, written: Written) {
        if let Written::Settled { goes_on } = written {
            crate::failpoint::reach("resultado.despues").await;
            self.hands.put_down(entry.claim());
            if !goes_on {
                self.hands.rest(entry.claim().lote_id);
            }
        }
        if let Some(answer) = answer {
            let _ = answer.send(Ok(written));
        }
    }

    /// The server's reply is known only here: a database that is busy for a moment must not turn an
    /// accepted mail into an uncertain one. The fence makes every further try harmless.
    async fn until_it_stands(&self, entry: &Entry) -> Result<Written, DbErr> {
        let entry = std::slice::from_ref(entry);
        let mut wait = FIRST_WAIT;
        for _ in 1..TRIES {
            if let Ok(written) = self.attempt(entry).await {
                return Ok(first(written));
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(HEARTBEAT);
        }
        self.attempt(entry).await.map(first)
    }

    async fn attempt(&self, entries: &[Entry]) -> Result<Vec<Written>, DbErr> {
        let now = self.context.clock.now();
        let written = queue::write(&self.context.db, self.camara, &self.rules, entries, now).await;
        match &written {
            Ok(_) => self.context.state.works(),
            Err(error) => self.context.state.failed(error),
        }
        written
    }
}

/// The answer to the only entry.
fn first(written: Vec<Written>) -> Written {
    written.first().copied().unwrap_or(Written::NotOurs)
}
