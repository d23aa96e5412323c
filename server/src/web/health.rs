//! `/healthz`: the process answers; `/readyz`: it can do its work, or in a word what keeps it from it.

use std::future::Future;
use std::time::Duration;

use axum::extract::State;
use http::StatusCode;
use sea_orm::ConnectionTrait;

use crate::secrets::MacKey;
use crate::startup::App;

/// A part that does not answer for so long is not ready.
const PATIENCE: Duration = Duration::from_secs(5);

/// The process is alive.
pub async fn alive() -> &'static str {
    "ok"
}

/// The database answers, its schema is this program's, and the master key is this installation's.
pub async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    let database = async { app.db.reader().execute_unprepared("SELECT 1").await.is_ok() };
    let schema = async { app.db.schema_is_current().await.unwrap_or(false) };
    let keys = async { MacKey::check(&app.db, &app.vault).await.is_ok() };
    let lacking = if !within(database).await {
        "base de datos"
    } else if !within(schema).await {
        "esquema"
    } else if !within(keys).await {
        "clave maestra"
    } else {
        return (StatusCode::OK, "ok");
    };
    (StatusCode::SERVICE_UNAVAILABLE, lacking)
}

async fn within(check: impl Future<Output = bool>) -> bool {
    tokio::time::timeout(PATIENCE, check).await.unwrap_or(false)
}
