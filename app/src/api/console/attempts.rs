//! Tries at activating: what is counted against an identification, and unlocking it. Both are posts:
//! an identification never stands in an address.

use contract::attempts::{AttemptsView, UnlockReason};
use leptos::prelude::*;

use crate::error::ApiError;

/// What is counted against an identification.
#[server(prefix = "/api/consola", endpoint = "intentos")]
pub async fn attempts(identificacion: String) -> Result<AttemptsView, ApiError> {
    use super::gate::{answer, console};
    answer(console()?.attempts.look(identificacion).await)
}

/// Lets it try again.
#[server(prefix = "/api/consola", endpoint = "desbloquear")]
pub async fn unlock(identificacion: String, causa: UnlockReason) -> Result<(), ApiError> {
    use super::gate::{answer, console};
    answer(console()?.attempts.unlock(identificacion, causa).await)
}
