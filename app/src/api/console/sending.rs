//! «Enviar»: outlook, batches, uncertain rows.

use contract::sending::{BatchView, SendingOutlook, UncertainChoice};
use leptos::prelude::*;

use crate::error::ApiError;

/// What «Enviar» would do.
#[server(prefix = "/api/consola", endpoint = "perspectiva")]
pub async fn outlook(ano: i32) -> Result<SendingOutlook, ApiError> {
    use super::gate::{answer, console, year};
    answer(console()?.sending.outlook(year(ano)?).await)
}

/// «Enviar». The same `llave` always gives the same batch.
#[server(prefix = "/api/consola", endpoint = "enviar")]
pub async fn start_batch(ano: i32, indique: String, llave: String) -> Result<BatchView, ApiError> {
    use super::gate::{answer, console, year};
    use contract::error::{Field, ServiceError};
    use contract::sending::SendTarget;

    let console = console()?;
    let target = SendTarget::parse(&indique).ok_or(ServiceError::Invalid { field: Field::SendTarget });
    answer(console.sending.start(year(ano)?, answer(target)?, llave).await)
}

/// The year's batches.
#[server(prefix = "/api/consola", endpoint = "envios")]
pub async fn batches(ano: i32) -> Result<Vec<BatchView>, ApiError> {
    use super::gate::{answer, console, year};
    answer(console()?.sending.batches(year(ano)?).await)
}

/// Stops a batch.
#[server(prefix = "/api/consola", endpoint = "pausar")]
pub async fn pause(id: i64) -> Result<BatchView, ApiError> {
    use super::gate::{answer, console};
    answer(console()?.sending.pause(id).await)
}

/// Goes on with a batch.
#[server(prefix = "/api/consola", endpoint = "reanudar")]
pub async fn resume(id: i64) -> Result<BatchView, ApiError> {
    use super::gate::{answer, console};
    answer(console()?.sending.resume(id).await)
}

/// Ends a batch; what was not sent is pending again.
#[server(prefix = "/api/consola", endpoint = "cancelar")]
pub async fn cancel(id: i64) -> Result<BatchView, ApiError> {
    use super::gate::{answer, console};
    answer(console()?.sending.cancel(id).await)
}

/// Decides an uncertain row.
#[server(prefix = "/api/consola", endpoint = "resolver-incierto")]
pub async fn settle_uncertain(id: i64, decision: UncertainChoice) -> Result<(), ApiError> {
    use super::gate::{answer, console};
    answer(console()?.sending.settle_uncertain(id, decision).await)
}
