//! Who is logged in.

use contract::staff::{AccountView, StaffView};
use leptos::prelude::*;

use crate::error::ApiError;

/// The staff member of this session.
#[server(prefix = "/api/consola", endpoint = "yo")]
pub async fn me() -> Result<StaffView, ApiError> {
    use super::gate::{answer, console};
    answer(console()?.session.me().await)
}

/// One's own account.
#[server(prefix = "/api/consola", endpoint = "cuenta")]
pub async fn account() -> Result<AccountView, ApiError> {
    use super::gate::{answer, console};
    answer(console()?.session.account().await)
}

/// Confirms the password; good for a few minutes.
#[server(prefix = "/api/consola", endpoint = "confirmar-clave")]
pub async fn confirm_password(clave: String) -> Result<(), ApiError> {
    use super::gate::{answer, console};
    answer(console()?.session.confirm_password(clave).await)
}

/// Whether the password was confirmed recently enough for a dangerous action, so that it is asked
/// for before the action is tried, and before a download, which could not ask for it.
#[server(prefix = "/api/consola", endpoint = "confirmacion-vigente")]
pub async fn password_is_confirmed() -> Result<bool, ApiError> {
    use super::gate::{answer, console};
    use std::time::{SystemTime, UNIX_EPOCH};

    let staff = answer(console()?.session.me().await)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    // Ten seconds' margin: the action leaves a moment after this answer.
    Ok(staff.confirmado_hasta.is_some_and(|until| i128::from(until.0) > now.cast_signed() + 10_000))
}
