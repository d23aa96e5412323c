//! `/healthz`: the process answers; `/readyz`: its database does too.

use axum::extract::State;
use http::StatusCode;
use sea_orm::ConnectionTrait;

use crate::startup::App;

/// The process is alive.
pub async fn alive() -> &'static str {
    "ok"
}

/// The database answers.
pub async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    match app.db.reader().execute_unprepared("SELECT 1").await {
        Ok(_) => (StatusCode::OK, "ok"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "la base de datos no responde"),
    }
}
