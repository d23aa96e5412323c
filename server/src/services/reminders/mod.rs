//! Reminders to those who have not activated (`RECORDATORIO_DIAS`): who gets one, the durable mark
//! before its content leaves, and what became of it. One reminder a password, ever: the mark is never
//! taken back. It counts in the chamber's pace, and batches go before it.

use contract::suppression::SuppressionCause;
use contract::{ChamberCode, Timestamp};
use domain::sending::{Allowance, PaceRules, Reply, condemns_address};
use entity::claves_preasignadas as claves;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, Value};

use super::audit::{Action, record};
use super::sending::pace;
use super::suppression;
use crate::db::{Db, sql};

/// A reminder that the server took, in `recordatorio`.
pub const ACCEPTED: &str = "enviado";

/// Content may have left, and nobody knows what became of it.
const LEAVING: &str = "saliendo";
const UNCERTAIN: &str = "incierto";
const REFUSED: &str = "rechazado";

/// How long a reminder under way may take before it counts as interrupted, in seconds.
const LEASE_SECONDS: i64 = 15 * 60;

/// How long one waits whom the server put off: longer than any greylisting.
const PUT_OFF_SECONDS: i64 = 6 * 3600;

/// How long reminders stand back for a batch.
const BATCH_SECONDS: i64 = 60;

/// What must be left of the password's life.
const REMAINING_SECONDS: i64 = 86_400;

/// Whoever is due: mailed so many days ago, a day left, neither reminded nor returned nor suppressed,
/// not verified by another way, and with no newer password. Asked when the portion is made up, and
/// again by the mark.
const DUE: &str = "c.camara = ? AND c.estado = 'enviado' AND c.recordada_en IS NULL AND NOT c.es_prueba \
     AND c.rebotada_en IS NULL AND c.transmitida_en <= ? AND c.vence_en >= ? \
     AND (c.recordatorio_desde IS NULL OR c.recordatorio_desde <= ?) \
     AND NOT EXISTS (SELECT 1 FROM correos_suprimidos s WHERE s.camara = c.camara AND s.correo = lower(c.correo)) \
     AND NOT EXISTS (SELECT 1 FROM usuarios_verificados u WHERE u.camara = c.camara \
         AND u.identificacion = c.identificacion AND u.estado IN ('VE', 'IN') AND NOT u.es_prueba) \
     AND NOT EXISTS (SELECT 1 FROM claves_preasignadas n WHERE n.camara = c.camara \
         AND n.identificacion = c.identificacion AND NOT n.es_prueba \
         AND n.estado IN ('transmitiendo', 'incierto', 'enviado') \
         AND (n.ano > c.ano OR (n.ano = c.ano AND n.id > c.id)))";

fn due_values(camara: ChamberCode, days: i64, now: Timestamp) -> [Value; 4] {
    let dispatched = now.plus_seconds(-days * 86_400).0;
    [camara.as_str().into(), dispatched.into(), now.plus_seconds(REMAINING_SECONDS).0.into(), now.0.into()]
}

/// Whoever is due, the earliest mailed first, at most `most`.
///
/// # Errors
/// When the database fails.
pub async fn due(
    db: &Db,
    camara: ChamberCode,
    days: i64,
    most: usize,
    now: Timestamp,
) -> Result<Vec<claves::Model>, DbErr> {
    let text = format!("SELECT c.* FROM claves_preasignadas c WHERE {DUE} ORDER BY c.transmitida_en, c.id LIMIT ?");
    let mut values = due_values(camara, days, now).to_vec();
    values.push(i64::try_from(most).unwrap_or(i64::MAX).into());
    claves::Entity::find().from_raw_sql(sql(db.backend(), &text, values)).all(db.reader()).await
}

/// What the mark allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The content may leave.
    Go,
    /// Nobody to be reminded any more.
    Gone,
    /// Not before then: a batch is at work, or the pace is used up.
    Held(Timestamp),
}

/// The durable mark before content leaves: in the transaction that counts it in the chamber's pace.
///
/// # Errors
/// When the database fails; then nothing may leave.
pub async fn mark(
    db: &Db,
    camara: ChamberCode,
    rules: &PaceRules,
    days: i64,
    id: i64,
    now: Timestamp,
) -> Result<Mark, DbErr> {
    let txn = db.write().await?;
    pace::lock(&txn, camara).await?;
    if let Some(at) = held(&txn, camara, rules, now).await? {
        return Ok(Mark::Held(at));
    }
    let text = format!(
        "UPDATE claves_preasignadas AS c SET recordada_en = ?, recordatorio = '{LEAVING}' WHERE c.id = ? AND {DUE}"
    );
    let mut values = vec![now.0.into(), id.into()];
    values.extend(due_values(camara, days, now));
    if txn.execute_raw(sql(db.backend(), &text, values)).await?.rows_affected() == 0 {
        return Ok(Mark::Gone);
    }
    pace::count(&txn, camara, 1, now).await?;
    txn.commit().await?;
    Ok(Mark::Go)
}

/// Until when reminders must wait, if they must.
///
/// # Errors
/// When the database fails.
pub async fn held<C: ConnectionTrait>(
    conn: &C,
    camara: ChamberCode,
    rules: &PaceRules,
    now: Timestamp,
) -> Result<Option<Timestamp>, DbErr> {
    // A batch at work, or one that goes on by itself, needs what is left of the pace.
    let text = "SELECT id FROM lotes WHERE camara = ? \
                AND (estado = 'en_curso' OR (estado = 'en_pausa' AND reanuda_en IS NOT NULL)) LIMIT 1";
    let backend = conn.get_database_backend();
    if conn.query_one_raw(sql(backend, text, [camara.as_str().into()])).await?.is_some() {
        return Ok(Some(now.plus_seconds(BATCH_SECONDS)));
    }
    Ok(match pace::allowed(conn, camara, rules, None, now).await? {
        Allowance::Now(_) => None,
        Allowance::Later(at) => Some(at),
    })
}

/// What became of one reminder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server took it.
    Accepted,
    /// The server said no, for good or after the content had left; with its words.
    Refused(Option<Reply>),
    /// The server put it off before anything left.
    PutOff,
    /// The connection broke after content may have left.
    Lost,
}

/// Writes down what became of a reminder. A refusal of the address suppresses it, as with any mail.
///
/// # Errors
/// When the database fails; the mark stands all the same.
pub async fn settle(
    db: &Db,
    camara: ChamberCode,
    row: &claves::Model,
    outcome: &Outcome,
    now: Timestamp,
) -> Result<(), DbErr> {
    let txn = db.write().await?;
    let (change, at) = match outcome {
        Outcome::Accepted => (format!("recordatorio = '{ACCEPTED}', recordada_en = COALESCE(recordada_en, ?)"), now),
        Outcome::Refused(_) => (format!("recordatorio = '{REFUSED}', recordada_en = COALESCE(recordada_en, ?)"), now),
        Outcome::Lost => (format!("recordatorio = '{UNCERTAIN}', recordada_en = COALESCE(recordada_en, ?)"), now),
        Outcome::PutOff => ("recordatorio_desde = ?".to_owned(), now.plus_seconds(PUT_OFF_SECONDS)),
    };
    let text = format!("UPDATE claves_preasignadas SET {change} WHERE camara = ? AND id = ?");
    txn.execute_raw(sql(db.backend(), &text, [at.0.into(), camara.as_str().into(), row.id.into()])).await?;
    if let Outcome::Refused(Some(reply)) = outcome
        && condemns_address(reply)
        && suppression::add(&txn, camara, &row.correo, SuppressionCause::Rechazo, &reply.line(), row.id, now).await?
    {
        let detail = format!("clave={} recordatorio=si", row.id);
        record(&txn, camara, now, "sistema", Action::CorreoSuprimido, detail).await?;
    }
    txn.commit().await
}

/// How a portion went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Taken by the server.
    pub accepted: u64,
    /// Refused.
    pub refused: u64,
    /// Put off by the server.
    pub put_off: u64,
    /// Whose fate nobody knows, those of a process that died included.
    pub uncertain: u64,
}

impl Tally {
    /// Counts one outcome.
    pub fn add(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Accepted => self.accepted += 1,
            Outcome::Refused(_) => self.refused += 1,
            Outcome::PutOff => self.put_off += 1,
            Outcome::Lost => self.uncertain += 1,
        }
    }

    /// The figures as they stand in the trail and in `tareas`.
    #[must_use]
    pub fn words(&self) -> String {
        let Self { accepted, refused, put_off, uncertain } = self;
        format!("enviados={accepted} rechazados={refused} aplazados={put_off} inciertos={uncertain}")
    }
}

/// Reminders of a process that died between mark and outcome: nobody knows what became of them, and
/// nobody sends them again. Says how many there were.
///
/// # Errors
/// When the database fails.
pub async fn recover(db: &Db, camara: ChamberCode, now: Timestamp) -> Result<u64, DbErr> {
    let dead = |what: &str| format!("{what} WHERE camara = ? AND recordatorio = '{LEAVING}' AND recordada_en < ?");
    let values = || [camara.as_str().into(), now.plus_seconds(-LEASE_SECONDS).0.into()];
    let look = dead("SELECT id FROM claves_preasignadas") + " LIMIT 1";
    if db.reader().query_one_raw(sql(db.backend(), &look, values())).await?.is_none() {
        return Ok(0);
    }
    let txn = db.write().await?;
    let text = dead(&format!("UPDATE claves_preasignadas SET recordatorio = '{UNCERTAIN}'"));
    let found = txn.execute_raw(sql(db.backend(), &text, values())).await?.rows_affected();
    txn.commit().await?;
    Ok(found)
}

/// The portion's entry in the trail; none when nothing happened.
///
/// # Errors
/// When the database fails.
pub async fn record_portion(db: &Db, camara: ChamberCode, tally: &Tally, now: Timestamp) -> Result<(), DbErr> {
    if *tally == Tally::default() {
        return Ok(());
    }
    let txn = db.write().await?;
    record(&txn, camara, now, "sistema", Action::RecordatoriosEnviados, tally.words()).await?;
    txn.commit().await
}
