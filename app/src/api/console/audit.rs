//! The audit trail.

use contract::audit::{AuditEntry, ChainReport, ChainState};
use contract::page::Page;
use leptos::prelude::*;

use crate::error::ApiError;

/// Entries, newest first.
#[server(prefix = "/api/consola", endpoint = "auditoria")]
pub async fn audit_trail(buscar: String, pagina: u64) -> Result<Page<AuditEntry>, ApiError> {
    use super::gate::{answer, console};
    use contract::page::ListQuery;
    answer(console()?.audit.list(ListQuery { search: buscar, state: String::new(), page: pagina }).await)
}

/// The trail as a whole.
#[server(prefix = "/api/consola", endpoint = "auditoria-estado")]
pub async fn audit_state() -> Result<ChainState, ApiError> {
    use super::gate::{answer, console};
    answer(console()?.audit.state().await)
}

/// Verifies every entry and every seal.
#[server(prefix = "/api/consola", endpoint = "comprobar-auditoria")]
pub async fn verify_audit() -> Result<ChainReport, ApiError> {
    use super::gate::{answer, console};
    answer(console()?.audit.verify().await)
}
