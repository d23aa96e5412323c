//! Reminds those who have not activated, a small portion at a time, one node at a time, over the
//! chamber's own mail server. What dies on the way is never sent again (`services::reminders`).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use contract::{ChamberCode, Timestamp};
use domain::sending::{Reply, ReplyClass, classify};
use entity::claves_preasignadas as claves;
use sea_orm::DbErr;
use tokio::sync::watch;
use tokio::time::Instant;

use super::schedule::Task;
use crate::clock::Clock;
use crate::config::{Chamber, PublicUrl, Smtp};
use crate::db::Db;
use crate::failpoint;
use crate::mail::smtp::{Connection, SmtpFault, TimeOuts};
use crate::mail::{Envelope, MailFault, Templates, compose, new_message_id, reminder};
use crate::services::reminders::{self, Mark, Outcome, Tally};

/// The task's name in `tareas`.
pub const TASK: &str = "recordatorios";

/// How often a node looks whether something is due.
const LOOK: Duration = Duration::from_secs(20);

/// Reminders in one portion.
const PORTION: usize = 20;

/// No reminder is begun later than this after its portion: the task's lease must outlast it.
const BEGIN_WITHIN: Duration = Duration::from_secs(3 * 60);

/// Shorter than a batch's: a reminder whose reply is late is not sent twice, because none ever is.
const TIME_OUTS: TimeOuts =
    TimeOuts { connect: Duration::from_secs(20), command: Duration::from_secs(30), body: Duration::from_secs(120) };

/// Seconds to the next portion: while more are due, when nobody is, and after the server failed.
const NEXT: i64 = 60;
const IDLE: i64 = 10 * 60;
const AFTER_FAULT: i64 = 15 * 60;

/// The scheduled reminders of every chamber that wants them.
pub struct ReminderJob {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// The chambers by code.
    pub chambers: Arc<BTreeMap<ChamberCode, Arc<Chamber>>>,
    /// The address that links are built from.
    pub public_url: PublicUrl,
}

/// Why a portion ended.
enum End {
    /// Nobody else is due, or nobody was.
    Done,
    /// The portion is full, or its time is over.
    More,
    /// A batch or the pace goes before.
    Held(Timestamp),
    /// The server or the configuration failed.
    Fault(String),
}

/// What became of one reminder, and whether the server takes more.
enum Handed {
    Outcome(Outcome),
    /// Nothing left and nothing is to be written.
    Nothing,
    /// The same, and the portion ends.
    Stop(End),
    /// An outcome after which the portion ends.
    Last(Outcome, End),
}

impl ReminderJob {
    /// Works until `shutdown` turns true; the reminder under way then ends first.
    pub async fn run(&self, mut shutdown: watch::Receiver<bool>) {
        while !*shutdown.borrow() {
            self.look(&shutdown).await;
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                _ = shutdown.wait_for(|stopping| *stopping) => break,
            }
        }
    }

    /// Sends the portion of every chamber whose time has come and that no other node serves: how many
    /// portions that were.
    pub async fn look(&self, shutdown: &watch::Receiver<bool>) -> usize {
        let mut portions = 0;
        for chamber in self.chambers.values() {
            let Some(days) = chamber.aftermath.reminder_days else { continue };
            match self.chamber(chamber, days, shutdown).await {
                Ok(done) => portions += usize::from(done),
                Err(error) => tracing::error!(camara = %chamber.code, %error, "reminders: the database failed"),
            }
        }
        portions
    }

    async fn chamber(&self, chamber: &Chamber, days: i64, shutdown: &watch::Receiver<bool>) -> Result<bool, DbErr> {
        let task = Task { camara: chamber.code, name: TASK };
        let Some(held) = task.take(&self.db, self.clock.now()).await? else { return Ok(false) };
        let mut tally = Tally {
            uncertain: reminders::recover(&self.db, chamber.code, self.clock.now()).await?,
            ..Tally::default()
        };
        let end = self.portion(chamber, days, &mut tally, shutdown).await;
        let now = self.clock.now();
        reminders::record_portion(&self.db, chamber.code, &tally, now).await?;
        let (next, result) = match end? {
            End::Done => (now.plus_seconds(IDLE), tally.words()),
            End::More => (now.plus_seconds(NEXT), tally.words()),
            End::Held(at) => (at.max(now.plus_seconds(NEXT)), tally.words()),
            End::Fault(cause) => {
                tracing::warn!(camara = %chamber.code, %cause, "reminders: not sent; tried again later");
                (now.plus_seconds(AFTER_FAULT), format!("{} fallo={cause}", tally.words()))
            }
        };
        held.done(&self.db, now, next, &result).await?;
        Ok(true)
    }

    async fn portion(
        &self,
        chamber: &Chamber,
        days: i64,
        tally: &mut Tally,
        shutdown: &watch::Receiver<bool>,
    ) -> Result<End, DbErr> {
        let now = self.clock.now();
        let rules = &chamber.pace.rules;
        if let Some(at) = reminders::held(self.db.reader(), chamber.code, rules, now).await? {
            return Ok(End::Held(at));
        }
        let due = reminders::due(&self.db, chamber.code, days, PORTION, now).await?;
        if due.is_empty() {
            return Ok(End::Done);
        }
        let Ok(smtp) = &chamber.smtp else { return Ok(End::Fault("configuracion".to_owned())) };
        let Ok(templates) = Templates::load(chamber.templates.as_deref()) else {
            return Ok(End::Fault("plantillas".to_owned()));
        };
        let (began, full) = (Instant::now(), due.len() == PORTION);
        let mut talk = Talk { job: self, chamber, smtp, templates, days, connection: None };
        let mut end = if full { End::More } else { End::Done };
        for row in &due {
            if *shutdown.borrow() || began.elapsed() > BEGIN_WITHIN {
                end = End::More;
                break;
            }
            let (outcome, stop) = match talk.remind(row).await? {
                Handed::Outcome(outcome) => (Some(outcome), None),
                Handed::Nothing => (None, None),
                Handed::Stop(end) => (None, Some(end)),
                Handed::Last(outcome, end) => (Some(outcome), Some(end)),
            };
            if let Some(outcome) = outcome {
                tally.add(&outcome);
                reminders::settle(&self.db, chamber.code, row, &outcome, self.clock.now()).await?;
            }
            if let Some(stop) = stop {
                end = stop;
                break;
            }
        }
        talk.close().await;
        Ok(end)
    }
}

/// One conversation with the chamber's server at a time.
struct Talk<'a> {
    job: &'a ReminderJob,
    chamber: &'a Chamber,
    smtp: &'a Smtp,
    templates: Templates,
    days: i64,
    connection: Option<Connection>,
}

impl Talk<'_> {
    /// One reminder: made, addressed, marked, handed over.
    async fn remind(&mut self, row: &claves::Model) -> Result<Handed, DbErr> {
        let (envelope, message) = match self.compose(row) {
            Ok(made) => made,
            Err(MailFault::Address) => return Ok(Handed::Outcome(Outcome::Refused(None))),
            Err(fault) => return Ok(Handed::Stop(End::Fault(fault.to_string()))),
        };
        let mut connection = match self.open().await {
            Ok(connection) => connection,
            Err(fault) => return Ok(Handed::Stop(End::Fault(fault.to_string()))),
        };
        match connection.begin(&envelope).await {
            Ok(()) => {}
            Err(SmtpFault::Refused { phase, reply }) => {
                let refused = judge(classify(phase, &reply), reply, Outcome::PutOff);
                if matches!(refused, Handed::Outcome(_)) && connection.reset().await {
                    self.connection = Some(connection);
                }
                return Ok(refused);
            }
            Err(fault) => return Ok(Handed::Stop(End::Fault(fault.to_string()))),
        }
        // 354: the mark must be durable before the first byte of content leaves.
        let (db, camara, now) = (&self.job.db, self.chamber.code, self.job.clock.now());
        match reminders::mark(db, camara, &self.chamber.pace.rules, self.days, row.id, now).await? {
            Mark::Go => {}
            // After 354 only the content could follow: hanging up is the only way to say no.
            Mark::Gone => return Ok(Handed::Nothing),
            Mark::Held(at) => return Ok(Handed::Stop(End::Held(at))),
        }
        failpoint::reach("recordatorio.marcado").await;
        Ok(match connection.finish(&message).await {
            Ok(_) => {
                if connection.sent < self.chamber.pace.mails_a_connection {
                    self.connection = Some(connection);
                } else {
                    connection.quit().await;
                }
                Handed::Outcome(Outcome::Accepted)
            }
            Err(SmtpFault::Refused { phase, reply }) => {
                let (class, words) = (classify(phase, &reply), reply.clone());
                match judge(class, reply, Outcome::Refused(Some(words.clone()))) {
                    Handed::Stop(end) => Handed::Last(Outcome::Refused(Some(words)), end),
                    judged => judged,
                }
            }
            Err(_) => Handed::Outcome(Outcome::Lost),
        })
    }

    fn compose(&self, row: &claves::Model) -> Result<(Envelope, Vec<u8>), MailFault> {
        let mail = reminder(&self.templates, self.chamber, self.job.public_url.as_str(), row)?;
        // Its own: mailboxes drop a second mail with the same.
        let message_id = new_message_id(&self.smtp.from_address);
        compose(self.smtp, &row.correo, &row.nombre, &message_id, self.job.clock.now(), mail, None)
    }

    async fn open(&mut self) -> Result<Connection, SmtpFault> {
        match self.connection.take() {
            Some(kept) => Ok(kept),
            None => Connection::open(self.smtp, TIME_OUTS).await,
        }
    }

    async fn close(&mut self) {
        if let Some(connection) = self.connection.take() {
            connection.quit().await;
        }
    }
}

/// What a no means: for this recipient (`for_now` when it may pass), or for all of them.
fn judge(class: ReplyClass, reply: Reply, for_now: Outcome) -> Handed {
    match class {
        ReplyClass::Deferred => Handed::Outcome(for_now),
        ReplyClass::Refused => Handed::Outcome(Outcome::Refused(Some(reply))),
        ReplyClass::Throttled => Handed::Stop(End::Fault("espera".to_owned())),
        ReplyClass::Authentication => Handed::Stop(End::Fault("autenticacion".to_owned())),
        ReplyClass::Account => Handed::Stop(End::Fault("cuenta".to_owned())),
    }
}
