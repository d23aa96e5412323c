//! One merchant's timeline.

use contract::timeline::Timeline;
use leptos::prelude::*;

use crate::error::ApiError;

/// Everything that happened to a pre-assigned password, by its number.
#[server(prefix = "/api/consola", endpoint = "linea-de-tiempo")]
pub async fn merchant_timeline(id: i64) -> Result<Timeline, ApiError> {
    use super::gate::{answer, console};
    answer(console()?.timeline.look(id).await)
}
