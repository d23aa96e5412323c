//! One conversation with a chamber's mail server and the rows that go over it, one at a time.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use contract::sending::PauseReason;
use domain::sending::{Phase, Reply, ReplyClass, classify};
use entity::claves_preasignadas as claves;
use sea_orm::DbErr;

use super::SendContext;
use super::prepare::{Kit, PrepareFault, Prepared, prepare};
use crate::config::{Chamber, Smtp};
use crate::mail::smtp::{Connection, SmtpFault};
use crate::mail::{MailFault, Templates};
use crate::services::sending::queue::{self, Outcome};
use crate::signing::Signer;

/// Mails in one conversation: servers dislike endless ones.
const MAILS_A_CONVERSATION: u32 = 50;

/// Well under the lease, so that a slow reply never loses the row.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// First wait before an outcome is written again; doubled each time.
const SETTLE_WAIT: Duration = Duration::from_millis(200);

/// Tries before a database that stays away is reported.
const SETTLE_TRIES: u32 = 8;

pub(super) struct Lane {
    context: SendContext,
    chamber: Arc<Chamber>,
    connection: Option<Connection>,
    kit: Option<Arc<Kit>>,
}

impl Lane {
    pub(super) const fn new(context: SendContext, chamber: Arc<Chamber>) -> Self {
        Self { context, chamber, connection: None, kit: None }
    }

    /// Sends one row; `false` when there is none to send.
    pub(super) async fn step(&mut self) -> Result<bool, DbErr> {
        let context = self.context.clone();
        let Some(row) = queue::claim(&context.db, self.chamber.code, context.clock.now()).await? else {
            return Ok(false);
        };
        let outcome = with_heartbeat(&context, &row, self.send(&row)).await?;
        if let Some(outcome) = outcome {
            settle(&context, &row, outcome).await?;
        }
        Ok(true)
    }

    /// Between two looks for work: picks up what died, here or elsewhere, and ends the conversation.
    pub(super) async fn idle(&mut self) -> Result<(), DbErr> {
        self.close().await;
        self.kit = None;
        queue::recover(&self.context.db, self.chamber.code, self.context.clock.now()).await
    }

    pub(super) async fn close(&mut self) {
        if let Some(connection) = self.connection.take() {
            connection.quit().await;
        }
    }

    /// Steps 3 to 6 of the design. `None`: the row is another's now, and nothing left.
    async fn send(&mut self, row: &claves::Model) -> Result<Option<Outcome>, DbErr> {
        let chamber = self.chamber.clone();
        let Ok(smtp) = &chamber.smtp else { return Ok(Some(Outcome::Paused(PauseReason::Account, None))) };
        let kit = match self.kit().await {
            Ok(kit) => kit,
            Err(reason) => return Ok(Some(Outcome::Paused(reason, None))),
        };
        let prepared = match self.prepare(kit, smtp, row).await {
            Ok(prepared) => prepared,
            Err(outcome) => return Ok(Some(outcome)),
        };
        let mut connection = match self.begin(smtp, &prepared).await {
            Ok(connection) => connection,
            Err(outcome) => return Ok(Some(outcome)),
        };
        // 354: the mark must be durable before the first byte of content leaves.
        let now = self.context.clock.now();
        if !queue::mark(&self.context.db, row, &prepared.dispatch, now).await? {
            return Ok(None);
        }
        let answer = connection.finish(&prepared.message).await;
        let outcome = match answer {
            Ok(reply) => Outcome::Accepted(reply),
            Err(SmtpFault::Refused { phase, reply }) => refused(phase, reply),
            Err(_) => Outcome::Lost,
        };
        let reusable = matches!(outcome, Outcome::Accepted(_)) && connection.sent < MAILS_A_CONVERSATION;
        if reusable {
            self.connection = Some(connection);
        } else if outcome != Outcome::Lost {
            connection.quit().await;
        }
        Ok(Some(outcome))
    }

    /// Signer and templates, read once a conversation.
    async fn kit(&mut self) -> Result<Arc<Kit>, PauseReason> {
        if let Some(kit) = &self.kit {
            return Ok(kit.clone());
        }
        let (chamber, context) = (self.chamber.clone(), self.context.clone());
        let loading = tokio::task::spawn_blocking(move || {
            let signing = chamber.signing.as_ref().map_err(|_| PauseReason::Certificate)?;
            let signer = Signer::from_p12(&signing.p12, &signing.password, context.clock.now()).map_err(|fault| {
                tracing::warn!(%fault, camara = %chamber.code, "signing certificate");
                PauseReason::Certificate
            })?;
            let templates = Templates::load(chamber.templates.as_deref()).map_err(|fault| {
                tracing::warn!(%fault, camara = %chamber.code, "mail templates");
                PauseReason::Breaker
            })?;
            let public_url = context.public_url.as_str().to_owned();
            Ok(Kit { signer, templates, vault: context.vault.clone(), public_url })
        });
        let kit = Arc::new(loading.await.map_err(|_| PauseReason::Breaker)??);
        self.kit = Some(kit.clone());
        Ok(kit)
    }

    async fn prepare(&self, kit: Arc<Kit>, smtp: &Smtp, row: &claves::Model) -> Result<Prepared, Outcome> {
        let (chamber, smtp, taken, now) = (self.chamber.clone(), smtp.clone(), row.clone(), self.context.clock.now());
        let preparing = tokio::task::spawn_blocking(move || prepare(&kit, &chamber, &smtp, &taken, now));
        let fault = match preparing.await {
            Ok(Ok(prepared)) => return Ok(prepared),
            Ok(Err(fault)) => fault,
            Err(panic) => {
                tracing::error!(clave = row.id, %panic, "a mail could not be prepared");
                return Err(Outcome::NotPrepared);
            }
        };
        tracing::warn!(clave = row.id, %fault, "a mail could not be prepared");
        Err(match fault {
            PrepareFault::Mail(MailFault::Address) => Outcome::Unrenderable,
            PrepareFault::Mail(MailFault::Template(_)) => Outcome::Paused(PauseReason::Breaker, None),
            PrepareFault::OtherKey => Outcome::Paused(PauseReason::Breaker, None),
            PrepareFault::Signing(_) => Outcome::Paused(PauseReason::Certificate, None),
            PrepareFault::Sealed | PrepareFault::Pdf(_) | PrepareFault::Mail(_) => Outcome::NotPrepared,
        })
    }

    /// A conversation that stands at 354. One that was kept open may have been closed by the server in
    /// the meantime: then a fresh one is tried, once.
    async fn begin(&mut self, smtp: &Smtp, prepared: &Prepared) -> Result<Connection, Outcome> {
        if let Some(mut kept) = self.connection.take() {
            match kept.begin(&prepared.envelope).await {
                Ok(()) => return Ok(kept),
                Err(SmtpFault::Broken { .. }) => {}
                Err(SmtpFault::Refused { phase: Phase::MailFrom, reply }) if reply.code == 421 => {}
                Err(fault) => return Err(self.begin_fault(kept, fault).await),
            }
        }
        let mut fresh = Connection::open(smtp, self.context.time_outs).await.map_err(|fault| before_mark(&fault))?;
        match fresh.begin(&prepared.envelope).await {
            Ok(()) => Ok(fresh),
            Err(fault) => Err(self.begin_fault(fresh, fault).await),
        }
    }

    /// The server's no before the content. The conversation stays when only the recipient was refused.
    async fn begin_fault(&mut self, mut connection: Connection, fault: SmtpFault) -> Outcome {
        let outcome = before_mark(&fault);
        if matches!(outcome, Outcome::Deferred(_) | Outcome::Refused(_)) && connection.reset().await {
            self.connection = Some(connection);
        }
        outcome
    }
}

/// Nothing has left: the row is whole, unless the server named it.
fn before_mark(fault: &SmtpFault) -> Outcome {
    match fault {
        SmtpFault::Refused { phase, reply } => refused(*phase, reply.clone()),
        SmtpFault::Unreachable | SmtpFault::Broken { .. } => Outcome::Paused(PauseReason::Unreachable, None),
        SmtpFault::Tls => Outcome::Paused(PauseReason::Tls, None),
        SmtpFault::NoMechanism => Outcome::Paused(PauseReason::Authentication, None),
    }
}

fn refused(phase: Phase, reply: Reply) -> Outcome {
    match classify(phase, &reply) {
        ReplyClass::Throttled => Outcome::Paused(PauseReason::Throttled, Some(reply)),
        ReplyClass::Authentication => Outcome::Paused(PauseReason::Authentication, Some(reply)),
        ReplyClass::Account => Outcome::Paused(PauseReason::Account, Some(reply)),
        ReplyClass::Deferred => Outcome::Deferred(reply),
        ReplyClass::Refused => Outcome::Refused(reply),
    }
}

/// Writes what became of a row. The server's reply is known only here: a database that is busy or
/// away for a moment must not turn an accepted mail into an uncertain one. The fence makes every
/// further try harmless.
async fn settle(context: &SendContext, row: &claves::Model, outcome: Outcome) -> Result<(), DbErr> {
    let mut wait = SETTLE_WAIT;
    for _ in 0..SETTLE_TRIES {
        match queue::settle(&context.db, row, outcome.clone(), context.clock.now()).await {
            Ok(()) => return Ok(()),
            Err(error) => tracing::warn!(clave = row.id, %error, "send worker: outcome not written yet"),
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(HEARTBEAT);
    }
    queue::settle(&context.db, row, outcome, context.clock.now()).await
}

/// Keeps the row's lease while `work` goes on. Both are polled side by side: a heartbeat that waits
/// for the database must not hold up the work, which may be what the database waits for.
async fn with_heartbeat<T>(context: &SendContext, row: &claves::Model, work: impl Future<Output = T>) -> T {
    let beating = async {
        let mut beat = tokio::time::interval(HEARTBEAT);
        beat.tick().await;
        loop {
            beat.tick().await;
            if let Err(error) = queue::heartbeat(&context.db, row, context.clock.now()).await {
                tracing::warn!(%error, "send worker: no heartbeat");
            }
        }
    };
    tokio::select! {
        done = work => done,
        never = beating => never,
    }
}
