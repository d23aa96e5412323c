//! The audit trail.

use contract::audit::AuditEntry;
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
