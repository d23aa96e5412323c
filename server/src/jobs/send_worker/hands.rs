//! What a chamber's worker holds at this moment: claimed rows, and batches it was told to let rest.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::services::sending::queue::Claim;

/// Shared by the feed, the conversations and the scribe of one chamber.
#[derive(Clone, Default)]
pub(super) struct Hands(Arc<Mutex<Held>>);

#[derive(Default)]
struct Held {
    claims: BTreeMap<i64, Claim>,
    resting: BTreeSet<i64>,
}

impl Hands {
    fn lock(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A row was claimed; its batch is at work, whatever was heard of it before.
    pub(super) fn take(&self, claim: Claim) {
        let mut held = self.lock();
        held.claims.insert(claim.id, claim);
        held.resting.remove(&claim.lote_id);
    }

    /// A row has its outcome.
    pub(super) fn put_down(&self, claim: Claim) {
        self.lock().claims.remove(&claim.id);
    }

    /// Every row held, for the heartbeat.
    pub(super) fn held(&self) -> Vec<Claim> {
        self.lock().claims.values().copied().collect()
    }

    /// The batch stands: what was prepared of it goes back without a word to the mail server.
    pub(super) fn rest(&self, lote_id: i64) {
        self.lock().resting.insert(lote_id);
    }

    /// Whether the batch stands, as far as is known here. The mark asks the database.
    pub(super) fn rests(&self, lote_id: i64) -> bool {
        self.lock().resting.contains(&lote_id)
    }
}
