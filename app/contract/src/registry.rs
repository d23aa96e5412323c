//! Registry synchronisation as the console sees it.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{ServiceResult, Timestamp};

/// Figures of one synchronisation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncCounts {
    /// Data rows read, rejected ones included.
    pub leidas: u64,
    /// Merchants that were not there before.
    pub insertadas: u64,
    /// Merchants whose data changed.
    pub actualizadas: u64,
    /// Merchants found as they were.
    pub sin_cambio: u64,
    /// Rows that could not be read.
    pub rechazadas: u64,
}

/// How a synchronisation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncState {
    /// Reading.
    EnCurso,
    /// Its rows are in the registry.
    Terminada,
    /// Refused: nothing was changed.
    Rechazada,
    /// Broken off by a fault: nothing was changed.
    Fallida,
}

/// One synchronisation in the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncRecord {
    /// Its number.
    pub id: i64,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended, if it did.
    pub finished_at: Option<Timestamp>,
    /// The file's name as it was given, without folders.
    pub file_name: String,
    /// Who did it: a staff user's name or «línea de comandos».
    pub actor: String,
    /// How it ended.
    pub state: SyncState,
    /// Its figures.
    pub counts: SyncCounts,
}

/// Why a row was unreadable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectReason {
    /// More or fewer fields than the header.
    FieldCount,
    /// No matrícula.
    NoMatricula,
    /// Bytes that the encoding does not have.
    Undecodable,
    /// A quoted field that never ends, or a row beyond every size.
    Malformed,
}

/// One rejected row. It carries no data of the row itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reject {
    /// Line in the file, from 1 (the header's).
    pub line: u64,
    /// The column's name, or empty when the whole row is meant.
    pub column: String,
    /// Why.
    pub reason: RejectReason,
}

/// How fresh the registry is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freshness {
    /// End of the last successful synchronisation.
    pub last_success: Option<Timestamp>,
    /// Whole hours since then.
    pub hours: Option<i64>,
    /// Older than [`STALE_AFTER_HOURS`], or never synchronised.
    pub stale: bool,
}

/// Selecting on data older than this asks for a reason.
pub const STALE_AFTER_HOURS: i64 = 36;

/// The registry, for the staff member to whom it is bound.
#[async_trait]
pub trait RegistryService: Send + Sync {
    /// The last synchronisations, newest first, at most 50.
    async fn history(&self) -> ServiceResult<Vec<SyncRecord>>;
    /// How old the registry's data are.
    async fn freshness(&self) -> ServiceResult<Freshness>;
    /// The rejected rows of one synchronisation, at most 1,000, by line.
    async fn rejects(&self, sync_id: i64) -> ServiceResult<Vec<Reject>>;
}
