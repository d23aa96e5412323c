//! «Probar conexión».

use contract::diagnosis::Diagnosis;
use leptos::prelude::*;

use crate::error::ApiError;

/// Tries the chamber's mail server; sends nothing.
#[server(prefix = "/api/consola", endpoint = "probar-conexion")]
pub async fn try_connection() -> Result<Diagnosis, ApiError> {
    use super::gate::{answer, console};
    answer(console()?.diagnosis.try_connection().await)
}
