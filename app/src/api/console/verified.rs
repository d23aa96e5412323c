//! Gestión de usuarios verificados.

use contract::page::Page;
use contract::verified::VerifiedRow;
use leptos::prelude::*;

use crate::error::ApiError;

/// The list.
#[server(prefix = "/api/consola", endpoint = "usuarios-verificados")]
pub async fn verified_users(estado: String, buscar: String, pagina: u64) -> Result<Page<VerifiedRow>, ApiError> {
    use super::gate::{answer, console};
    use contract::page::ListQuery;
    answer(console()?.verified.list(ListQuery { search: buscar, state: estado, page: pagina }).await)
}

/// How many wait for staff to look into a «no fui yo».
#[server(prefix = "/api/consola", endpoint = "usuarios-por-revisar")]
pub async fn users_to_review() -> Result<u64, ApiError> {
    use super::gate::{answer, console};
    answer(console()?.verified.to_review().await)
}

/// Puts a user back in force, with a reason.
#[server(prefix = "/api/consola", endpoint = "reactivar-usuario")]
pub async fn reactivate_user(id: i64, motivo: String) -> Result<(), ApiError> {
    use super::gate::{answer, console};
    answer(console()?.verified.reactivate(id, motivo).await)
}

/// Annuls, with a reason.
#[server(prefix = "/api/consola", endpoint = "anular-usuario")]
pub async fn annul_user(id: i64, motivo: String) -> Result<(), ApiError> {
    use super::gate::{answer, console};
    answer(console()?.verified.annul(id, motivo).await)
}

/// Deletes, with a reason.
#[server(prefix = "/api/consola", endpoint = "eliminar-usuario")]
pub async fn delete_user(id: i64, motivo: String) -> Result<(), ApiError> {
    use super::gate::{answer, console};
    answer(console()?.verified.delete(id, motivo).await)
}

/// Removes the users made by tests.
#[server(prefix = "/api/consola", endpoint = "purgar-pruebas")]
pub async fn purge_tests() -> Result<u64, ApiError> {
    use super::gate::{answer, console};
    answer(console()?.verified.purge_tests().await)
}
