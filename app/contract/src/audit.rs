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

/// The audit trail, for the staff member to whom it is bound.
#[async_trait]
pub trait AuditService: Send + Sync {
    /// Entries, newest first.
    async fn list(&self, query: ListQuery) -> ServiceResult<Page<AuditEntry>>;
}
