//! The audit trail as staff read it.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::page::{ListQuery, Page};
use crate::{ServiceResult, Timestamp};

/// One entry of the trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its place in the chamber's chain, from 1, without gaps.
    pub secuencia: i64,
    /// When.
    pub ocurrida_en: Timestamp,
    /// Who: a staff user's name, «comerciante», «sistema» or «línea de comandos».
    pub actor: String,
    /// What was done, as a code.
    pub accion: String,
    /// Figures and numbers of the things touched, without personal data: `clave=valor` pairs.
    pub detalle: String,
}

/// What is wrong at the first place where a chain does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "falla")]
pub enum ChainFlaw {
    /// The entry of this place is missing; `found` stands there instead.
    Missing {
        /// The place that has no entry.
        secuencia: i64,
        /// The place of the entry found.
        found: i64,
    },
    /// The entry does not carry the hash of the one before.
    Unlinked {
        /// Its place.
        secuencia: i64,
    },
    /// The entry's content is not what its hash was made of.
    Altered {
        /// Its place.
        secuencia: i64,
    },
    /// The chain ends somewhere else than where its head says.
    Head {
        /// Where it ends.
        last: i64,
        /// Where the head says that it ends.
        head: i64,
    },
}

impl ChainFlaw {
    /// The place of the flaw.
    #[must_use]
    pub const fn secuencia(&self) -> i64 {
        match self {
            Self::Missing { secuencia, .. } | Self::Unlinked { secuencia } | Self::Altered { secuencia } => *secuencia,
            Self::Head { last, .. } => *last,
        }
    }
}

/// What is wrong with a day's seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SealFlaw {
    /// It is no JWS, or its signature does not verify.
    Signature,
    /// It was made with a key that is not the chamber's.
    ForeignKey,
    /// The certificate was not in force when it was made.
    Certificate,
    /// What was signed is not what its row says.
    Content,
    /// The chain has another hash at that place, or ends before it.
    OffChain,
    /// The trail says that it was made, and it is not there.
    Missing,
}

/// A seal that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokenSeal {
    /// Its day, `aaaa-mm-dd`.
    pub dia: String,
    /// What is wrong with it.
    pub falla: SealFlaw,
}

/// What verifying a chamber's whole trail found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainReport {
    /// Entries that hold, from the first on.
    pub entradas: i64,
    /// The hash of the last of them.
    pub hash: String,
    /// Where and how the chain breaks, if it does.
    pub falla: Option<ChainFlaw>,
    /// Seals there are.
    pub sellos: u64,
    /// Those that do not hold.
    pub sellos_rotos: Vec<BrokenSeal>,
    /// Activations whose facts are kept with their digest in the trail.
    pub evidencias: u64,
    /// Verified users, by number, whose facts are gone or are not what the trail says.
    pub evidencias_rotas: Vec<i64>,
}

impl ChainReport {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.falla.is_none() && self.sellos_rotos.is_empty() && self.evidencias_rotas.is_empty()
    }
}

/// The last seal of a chamber's trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastSeal {
    /// Its day, `aaaa-mm-dd`.
    pub dia: String,
    /// The place that it seals.
    pub secuencia: i64,
    /// When it was made.
    pub sellado_en: Timestamp,
}

/// The trail as a whole, without verifying it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainState {
    /// The head's place: how many entries there are.
    pub entradas: i64,
    /// The head's hash; empty before the first entry.
    pub hash: String,
    /// The last seal.
    pub sello: Option<LastSeal>,
    /// Whether yesterday should be sealed by now and is not.
    pub sello_atrasado: bool,
}

/// The audit trail, for the staff member to whom it is bound.
#[async_trait]
pub trait AuditService: Send + Sync {
    /// Entries, newest first.
    async fn list(&self, query: ListQuery) -> ServiceResult<Page<AuditEntry>>;
    /// The trail as a whole.
    async fn state(&self) -> ServiceResult<ChainState>;
    /// Verifies every entry, the head and every seal.
    async fn verify(&self) -> ServiceResult<ChainReport>;
}
