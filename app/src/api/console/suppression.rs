//! Correos devueltos: addresses to which nothing more is sent.

use contract::page::Page;
use contract::suppression::SuppressedAddress;
use leptos::prelude::*;

use crate::error::ApiError;

/// The list.
#[server(prefix = "/api/consola", endpoint = "correos-devueltos")]
pub async fn suppressed(buscar: String, pagina: u64) -> Result<Page<SuppressedAddress>, ApiError> {
    use super::gate::{answer, console};
    use contract::page::ListQuery;
    let query = ListQuery { search: buscar, state: String::new(), page: pagina };
    answer(console()?.suppression.list(query).await)
}

/// Takes an address off the list.
#[server(prefix = "/api/consola", endpoint = "habilitar-correo")]
pub async fn lift_suppression(id: i64) -> Result<(), ApiError> {
    use super::gate::{answer, console};
    answer(console()?.suppression.lift(id).await)
}
