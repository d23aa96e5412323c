//! «Enviar»: outlook, batches and their rows, uncertain and refused ones.

use contract::page::Page;
use contract::sending::{BatchRow, BatchView, Progress, SendingOutlook, UncertainChoice};
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

/// Everything that moves, for a page that cannot listen to `/consola/eventos`.
#[server(prefix = "/api/consola", endpoint = "progreso")]
pub async fn current_progress(ano: i32) -> Result<Progress, ApiError> {
    use super::gate::{answer, console, year};
    answer(console()?.sending.progress(year(ano)?).await)
}

/// A batch's mails, those that moved last first.
#[server(prefix = "/api/consola", endpoint = "correos-del-envio")]
pub async fn batch_rows(lote: i64, estado: String, pagina: u64) -> Result<Page<BatchRow>, ApiError> {
    use super::gate::{answer, console};
    use contract::page::ListQuery;
    let query = ListQuery { search: String::new(), state: estado, page: pagina };
    answer(console()?.sending.rows(lote, query).await)
}

/// Puts one refused mail back into its batch.
#[server(prefix = "/api/consola", endpoint = "reintentar")]
pub async fn retry(id: i64) -> Result<(), ApiError> {
    use super::gate::{answer, console};
    answer(console()?.sending.retry(id).await)
}

/// The same for every refused mail of a batch whose address did not bounce.
#[server(prefix = "/api/consola", endpoint = "reintentar-rechazados")]
pub async fn retry_failed(lote: i64) -> Result<u64, ApiError> {
    use super::gate::{answer, console};
    answer(console()?.sending.retry_failed(lote).await)
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
