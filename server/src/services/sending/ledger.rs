//! What workers write down about mails under way: the durable mark before content leaves, and what
//! became of it. Many entries share one transaction, so that a commit's wait for the disk is paid once
//! for all that gathered meanwhile; each entry still stands or falls by its own fence.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use contract::campaign::{Factor, PasswordState};
use contract::sending::PauseReason;
use contract::{ChamberCode, Timestamp};
use domain::document_code::DocumentCode;
use domain::sending::{Allowance, PaceRules, RowEvent, next};
use entity::{claves_preasignadas as claves, lotes};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Set,
};

use super::batch::{self, Batch};
use super::settle::{Outcome, sent_entry, settle_batch, settle_row};
use super::{documents, many, pace};
use crate::db::Db;
use crate::pdf::Conditions;
use crate::services::audit::{Action, record_all};

/// A claimed row, as its worker names it. The fence says whether it is still that worker's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The row.
    pub id: i64,
    /// Its batch.
    pub lote_id: i64,
    /// The claim's fence.
    pub fence: i64,
}

impl Claim {
    /// The claim that [`queue::claim`] gave this row to.
    #[must_use]
    pub fn of(row: &claves::Model) -> Self {
        Self { id: row.id, lote_id: row.lote_id.unwrap_or_default(), fence: row.fence }
    }
}

/// What is written down at the server's 354, before the content leaves.
#[derive(Clone)]
pub struct Dispatch {
    /// argon2id of the password.
    pub hash: String,
    /// The mail's own.
    pub message_id: String,
    /// The factor in force: fixed from here on.
    pub factor: Factor,
    /// Digest of the signed PDF.
    pub pdf_sha256: String,
    /// The code printed on it.
    pub code: DocumentCode,
    /// The conditions that it carries.
    pub conditions: Arc<Conditions>,
    /// Until when the password can be activated.
    pub valid_until: Timestamp,
}

/// One thing to write down.
#[derive(Clone)]
pub enum Entry {
    /// The content is about to leave.
    Mark(Claim, Dispatch),
    /// What became of it.
    Settle(Claim, Outcome),
}

impl Entry {
    /// The row that it is about.
    #[must_use]
    pub const fn claim(&self) -> Claim {
        match self {
            Self::Mark(claim, _) | Self::Settle(claim, _) => *claim,
        }
    }
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// The mark stands: the content may leave.
    Go,
    /// Its batch may not send now; the row waits again. Nothing may leave.
    Held,
    /// The row is another's now. Nothing may leave.
    NotOurs,
    /// An outcome: it stands, or had nothing to say any more.
    Settled {
        /// Whether its batch is still at work after it.
        goes_on: bool,
    },
}

/// A row as the ledger needs it, locked.
#[derive(FromQueryResult)]
pub(super) struct Row {
    pub(super) id: i64,
    estado: String,
    pub(super) fence: i64,
    pub(super) intentos: i64,
    pub(super) generacion: i64,
    pub(super) ano: i32,
    pub(super) correo: String,
    pub(super) es_prueba: bool,
    pub(super) pudo_llegar: bool,
}

impl Row {
    pub(super) fn state(&self) -> Option<PasswordState> {
        PasswordState::parse(&self.estado)
    }
}

/// Writes all of it in one transaction, or nothing.
///
/// # Errors
/// When the database fails: then nothing of it stands, and nothing may leave.
pub async fn write(
    db: &Db,
    camara: ChamberCode,
    rules: &PaceRules,
    entries: &[Entry],
    now: Timestamp,
) -> Result<Vec<Written>, DbErr> {
    let txn = db.write().await?;
    // Everyone locks batches first, then the pace, then rows, the trail last.
    let mut page = Page::open(&txn, camara, entries, now).await?;
    let mut written = Vec::with_capacity(entries.len());
    for entry in entries {
        written.push(match entry {
            Entry::Mark(claim, dispatch) => page.mark(&txn, rules, *claim, dispatch).await?,
            Entry::Settle(claim, outcome) => page.settle(&txn, *claim, outcome).await?,
        });
    }
    page.close(&txn).await?;
    crate::failpoint::reach("libro.confirmar").await;
    txn.commit().await?;
    Ok(written)
}

/// The batches and rows of one transaction, and what it adds to the trail.
struct Page {
    camara: ChamberCode,
    now: Timestamp,
    batches: BTreeMap<i64, Batch>,
    rows: BTreeMap<i64, Row>,
    /// Mails of each batch's chamber that this transaction may mark in all.
    budgets: BTreeMap<i64, u64>,
    marks: Vec<(i64, Dispatch)>,
    accepted: Vec<(i64, String)>,
    marked: u64,
    trail: Vec<(Action, String)>,
}

impl Page {
    async fn open<C: ConnectionTrait>(
        txn: &C,
        camara: ChamberCode,
        entries: &[Entry],
        now: Timestamp,
    ) -> Result<Self, DbErr> {
        let claims: Vec<Claim> = entries.iter().map(Entry::claim).collect();
        let of_batches: BTreeSet<i64> = claims.iter().map(|claim| claim.lote_id).collect();
        let batches = lotes::Entity::find()
            .filter(lotes::Column::Camara.eq(camara.as_str()))
            .filter(lotes::Column::Id.is_in(of_batches))
            .order_by_asc(lotes::Column::Id)
            .lock_exclusive()
            .all(txn)
            .await?;
        if entries.iter().any(|entry| matches!(entry, Entry::Mark(..))) {
            pace::lock(txn, camara).await?;
        }
        let rows = claves::Entity::find()
            .filter(claves::Column::Camara.eq(camara.as_str()))
            .filter(claves::Column::Id.is_in(claims.iter().map(|claim| claim.id)))
            .order_by_asc(claves::Column::Id)
            .lock_exclusive()
            .into_model::<Row>()
            .all(txn)
            .await?;
        Ok(Self {
            camara,
            now,
            batches: batches.into_iter().map(|lote| (lote.id, Batch::new(lote))).collect(),
            rows: rows.into_iter().map(|row| (row.id, row)).collect(),
            budgets: BTreeMap::new(),
            marks: Vec::new(),
            accepted: Vec::new(),
            marked: 0,
            trail: Vec::new(),
        })
    }

    async fn mark<C: ConnectionTrait>(
        &mut self,
        txn: &C,
        rules: &PaceRules,
        claim: Claim,
        dispatch: &Dispatch,
    ) -> Result<Written, DbErr> {
        let held = self.rows.get(&claim.id).filter(|row| row.fence == claim.fence);
        let to = held.and_then(Row::state).and_then(|state| next(state, RowEvent::Transmitting));
        if to != Some(PasswordState::Transmitiendo) {
            return Ok(Written::NotOurs);
        }
        if !self.may_leave(txn, rules, claim.lote_id).await? {
            let release = claves::ActiveModel {
                estado: Set(PasswordState::Pendiente.as_str().to_owned()),
                lease_hasta: Set(None),
                ..Default::default()
            };
            update_row(txn, claim.id, release).await?;
            return Ok(Written::Held);
        }
        self.marks.push((claim.id, dispatch.clone()));
        self.marked += 1;
        Ok(Written::Go)
    }

    /// Whether a mail of the batch may leave now: the batch is at work and the pace allows it. A pace
    /// that is used up puts the batch in pause until it may go on. Test mails never wait for the pace.
    async fn may_leave<C: ConnectionTrait>(&mut self, txn: &C, rules: &PaceRules, lote_id: i64) -> Result<bool, DbErr> {
        let Some(batch) = self.batches.get_mut(&lote_id) else { return Ok(false) };
        if !batch.is_running() {
            return Ok(false);
        }
        if batch.model.es_prueba {
            return Ok(true);
        }
        let mut budget = self.budgets.get(&lote_id).copied();
        if budget.is_some_and(|most| self.marked >= most) {
            // This very transaction used the rest up: counted now, so that the next time can be told.
            pace::count(txn, self.camara, std::mem::take(&mut self.marked), self.now).await?;
            self.budgets.clear();
            budget = None;
        }
        if budget.is_some() {
            return Ok(true);
        }
        match pace::allowed(txn, self.camara, rules, Some(lote_id), self.now).await? {
            Allowance::Now(most) if most > self.marked => {
                self.budgets.insert(lote_id, most);
                Ok(true)
            }
            Allowance::Now(_) => {
                // Other batches used it up in this transaction: a moment later the count says so.
                batch.pause(&PauseReason::Pace, Some(self.now.plus_seconds(1)));
                Ok(false)
            }
            Allowance::Later(at) => {
                batch.pause(&PauseReason::Pace, Some(at));
                self.trail.push(batch.paused_entry(&PauseReason::Pace));
                Ok(false)
            }
        }
    }

    async fn settle<C: ConnectionTrait>(&mut self, txn: &C, claim: Claim, outcome: &Outcome) -> Result<Written, DbErr> {
        if let Some(row) = self.rows.get(&claim.id).filter(|row| row.fence == claim.fence) {
            let sent = row.state().and_then(|state| next(state, RowEvent::Accepted));
            if let (Outcome::Accepted(reply), Some(PasswordState::Enviado)) = (outcome, sent) {
                self.accepted.push((row.id, reply.line()));
                self.trail.push(sent_entry(row));
            } else {
                self.flush(txn).await?;
                let row = &self.rows[&claim.id];
                self.trail.extend(settle_row(txn, self.camara, row, outcome, self.now).await?);
            }
        }
        if let Some(batch) = self.batches.get_mut(&claim.lote_id) {
            self.trail.extend(settle_batch(txn, batch, outcome, self.now).await?);
        }
        let goes_on = self.batches.get(&claim.lote_id).is_some_and(Batch::is_running);
        Ok(Written::Settled { goes_on })
    }

    /// Writes the marks and acceptances so far, each kind in one statement: what nearly every mail needs.
    async fn flush<C: ConnectionTrait>(&mut self, txn: &C) -> Result<(), DbErr> {
        let marks = std::mem::take(&mut self.marks);
        documents::issue(txn, self.camara, &self.rows, &marks, self.now).await?;
        many::mark(txn, marks, self.now).await?;
        many::accept(txn, std::mem::take(&mut self.accepted), self.now).await
    }

    async fn close<C: ConnectionTrait>(mut self, txn: &C) -> Result<(), DbErr> {
        self.flush(txn).await?;
        if self.marked > 0 {
            pace::count(txn, self.camara, self.marked, self.now).await?;
        }
        for (id, mut batch) in std::mem::take(&mut self.batches) {
            batch.keep_alive(self.now);
            batch.save(txn).await?;
            batch::close_finished(txn, self.camara, Some(id), self.now).await?;
        }
        let trail = self.trail.into_iter().map(|(action, detail)| ("sistema", action, detail)).collect();
        record_all(txn, self.camara, self.now, trail).await
    }
}

/// Changes one row that this transaction holds locked.
pub(super) async fn update_row<C: ConnectionTrait>(txn: &C, id: i64, change: claves::ActiveModel) -> Result<(), DbErr> {
    claves::Entity::update_many().set(change).filter(claves::Column::Id.eq(id)).exec(txn).await.map(|_| ())
}
