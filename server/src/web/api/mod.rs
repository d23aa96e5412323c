//! `/api/v1`: the signing service for the chamber's other systems, as JSON. No cookies, no pages, no
//! CORS: a system shows its key with every request.

mod caller;
mod dto;
mod fields;
mod handlers;
mod openapi;
mod problem;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use http::HeaderValue;
use http::header::CACHE_CONTROL;
use tower_http::set_header::SetResponseHeaderLayer;

use self::problem::{Code, Problem};
use super::routes::{Access, Table};
use crate::services::firmas::SigningTools;
use crate::startup::App;

/// The largest body of a request.
const MAX_BODY: usize = 16 * 1024;

/// How long a request may take, its body included.
const TIMEOUT: Duration = Duration::from_secs(60);

/// What every request of the API finds.
#[derive(Clone)]
pub(super) struct ApiState {
    app: App,
    tools: Arc<SigningTools>,
    /// The specification, as it is sent.
    specification: Bytes,
}

/// Whatever else is asked for below `/api/v1`.
const UNKNOWN: &str = "/api/v1/{*resto}";

/// The routes below `/api/v1`, with who may ask for them.
pub(super) fn table() -> Table<ApiState> {
    use Access::{Anyone, System};
    Table::default()
        .post(System, "/api/v1/firmas", handlers::create)
        .get(System, "/api/v1/firmas/{id}", handlers::look)
        .delete(System, "/api/v1/firmas/{id}", handlers::abandon)
        .post(System, "/api/v1/firmas/{id}/confirmar", handlers::confirm)
        .post(System, "/api/v1/firmas/{id}/reenviar", handlers::resend)
        .get(Anyone, "/api/v1/llaves", handlers::all_keys)
        .get(Anyone, "/api/v1/camaras/{camara}/llaves", handlers::chamber_keys)
        .get(Anyone, "/api/v1/openapi.json", handlers::specification)
}

/// They answer, with a problem for whatever else is asked for.
pub fn router(app: &App) -> Router {
    let public_url = app.settings.globals.public_url.clone();
    let state = ApiState {
        specification: openapi::specification(&public_url),
        tools: Arc::new(SigningTools {
            db: app.db.clone(),
            clock: app.clock.clone(),
            mac: Arc::clone(&app.mac),
            public_url,
            keys: Arc::clone(&app.signing_keys),
        }),
        app: app.clone(),
    };
    table()
        .into_router()
        .method_not_allowed_fallback(async || Problem::from(Code::MetodoNoPermitido))
        .merge(Router::new().route(UNKNOWN, any(async || Problem::from(Code::RutaDesconocida))))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn(in_time))
        .layer(SetResponseHeaderLayer::if_not_present(CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .with_state(state)
}

async fn in_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(TIMEOUT, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::from(Code::TiempoAgotado).into_response(),
    }
}
