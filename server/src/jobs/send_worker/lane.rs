//! One conversation with a chamber's mail server and the mails that go over it, one at a time.

use std::sync::Arc;
use std::time::Duration;

use contract::ChamberCode;
use contract::sending::PauseReason;
use domain::sending::{Phase, Reply, ReplyClass, classify};
use sea_orm::DbErr;

use super::SendContext;
use super::hands::Hands;
use super::pipeline::{Made, Ready};
use super::prepare::Prepared;
use super::scribe::Desk;
use crate::config::{Chamber, Smtp};
use crate::failpoint;
use crate::mail::smtp::{Connection, SmtpFault};
use crate::observe::figures;
use crate::services::sending::queue::{Claim, Outcome, Written};

/// How long an open conversation waits for its next mail before it says good-bye.
const LINGER: Duration = Duration::from_secs(5);

pub(super) struct Lane {
    context: SendContext,
    chamber: Arc<Chamber>,
    desk: Desk,
    hands: Hands,
    connection: Option<Connection>,
}

impl Lane {
    pub(super) const fn new(context: SendContext, chamber: Arc<Chamber>, desk: Desk, hands: Hands) -> Self {
        Self { context, chamber, desk, hands, connection: None }
    }

    /// Sends whatever is ready until nothing more can come.
    pub(super) async fn run(mut self, ready: Ready) -> Result<(), DbErr> {
        loop {
            let waiting = async { ready.lock().await.recv().await };
            let made = match tokio::time::timeout(LINGER, waiting).await {
                Ok(Some(made)) => made,
                Ok(None) => break,
                Err(_) => {
                    self.close().await;
                    continue;
                }
            };
            self.deal_with(made).await?;
        }
        self.close().await;
        Ok(())
    }

    async fn deal_with(&mut self, Made { claim, mail, place }: Made) -> Result<(), DbErr> {
        let outcome = match mail {
            Ok(_) if self.hands.rests(claim.lote_id) => Some(Outcome::Released),
            Ok(prepared) => self.send(claim, &prepared).await?,
            Err(outcome) => Some(outcome),
        };
        drop(place);
        if let Some(outcome) = outcome {
            // Before it is written: what the others hold of the batch need not be tried either.
            if matches!(outcome, Outcome::Paused(..)) {
                self.hands.rest(claim.lote_id);
            }
            tracing::info!(camara = %self.chamber.code, lote = claim.lote_id, clave = claim.id, resultado = outcome.word());
            failpoint::reach("resultado.antes").await;
            return self.desk.settle(claim, outcome).await;
        }
        self.hands.put_down(claim);
        Ok(())
    }

    async fn close(&mut self) {
        if let Some(connection) = self.connection.take() {
            connection.quit().await;
        }
    }

    /// Steps 4 to 6 of the design. `None`: nothing left, and there is nothing to write down.
    async fn send(&mut self, claim: Claim, prepared: &Prepared) -> Result<Option<Outcome>, DbErr> {
        let chamber = self.chamber.clone();
        let Ok(smtp) = &chamber.smtp else { return Ok(Some(Outcome::Paused(PauseReason::Account, None))) };
        let mut connection = match self.begin(smtp, prepared).await {
            Ok(connection) => connection,
            Err(outcome) => return Ok(Some(outcome)),
        };
        // 354: the mark must be durable before the first byte of content leaves.
        failpoint::reach("marca.antes").await;
        match self.desk.mark(claim, prepared.dispatch.clone()).await? {
            Written::Go => {}
            // After 354 only the content could follow: hanging up is the only way to say no.
            Written::Held => {
                self.hands.rest(claim.lote_id);
                return Ok(None);
            }
            Written::NotOurs | Written::Settled { .. } => return Ok(None),
        }
        failpoint::reach("marca.despues").await;
        let outcome = match connection.finish(&prepared.message).await {
            Ok(reply) => {
                figures::smtp_reply(self.chamber.code, None);
                Outcome::Accepted(reply)
            }
            Err(SmtpFault::Refused { phase, reply }) => refused(self.chamber.code, phase, reply),
            Err(_) => {
                figures::smtp_lost(self.chamber.code);
                Outcome::Lost
            }
        };
        self.count(&mut connection);
        let reusable = matches!(outcome, Outcome::Accepted(_) | Outcome::Refused(_) | Outcome::Deferred(_))
            && connection.sent < self.chamber.pace.mails_a_connection;
        if reusable {
            self.connection = Some(connection);
        } else if outcome != Outcome::Lost {
            connection.quit().await;
        }
        Ok(Some(outcome))
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
        let opened = Connection::open(smtp, self.context.time_outs).await;
        let mut fresh = opened.map_err(|fault| before_mark(self.chamber.code, &fault))?;
        match fresh.begin(&prepared.envelope).await {
            Ok(()) => Ok(fresh),
            Err(fault) => Err(self.begin_fault(fresh, fault).await),
        }
    }

    fn count(&self, connection: &mut Connection) {
        for (phase, took) in connection.take_timings() {
            figures::smtp_phase(self.chamber.code, phase, took.as_secs_f64());
        }
    }

    /// The server's no before the content. The conversation stays when only the recipient was refused.
    async fn begin_fault(&mut self, mut connection: Connection, fault: SmtpFault) -> Outcome {
        let outcome = before_mark(self.chamber.code, &fault);
        self.count(&mut connection);
        if matches!(outcome, Outcome::Deferred(_) | Outcome::Refused(_)) && connection.reset().await {
            self.connection = Some(connection);
        }
        outcome
    }
}

/// Nothing has left: the row is whole, unless the server named it.
fn before_mark(camara: ChamberCode, fault: &SmtpFault) -> Outcome {
    match fault {
        SmtpFault::Refused { phase, reply } => refused(camara, *phase, reply.clone()),
        SmtpFault::Unreachable | SmtpFault::Broken { .. } => Outcome::Paused(PauseReason::Unreachable, None),
        SmtpFault::Tls => Outcome::Paused(PauseReason::Tls, None),
        SmtpFault::NoMechanism => Outcome::Paused(PauseReason::Authentication, None),
    }
}

fn refused(camara: ChamberCode, phase: Phase, reply: Reply) -> Outcome {
    let class = classify(phase, &reply);
    figures::smtp_reply(camara, Some(class));
    match class {
        ReplyClass::Throttled => Outcome::Paused(PauseReason::Throttled, Some(reply)),
        ReplyClass::Authentication => Outcome::Paused(PauseReason::Authentication, Some(reply)),
        ReplyClass::Account => Outcome::Paused(PauseReason::Account, Some(reply)),
        ReplyClass::Deferred => Outcome::Deferred(reply),
        ReplyClass::Refused => Outcome::Refused(reply),
    }
}
