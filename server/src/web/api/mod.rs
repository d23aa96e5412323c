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
use axum::routing::{any, get, post};
use http::HeaderValue;
use http::header::CACHE_CONTROL;
use tower_http::set_header::SetResponseHeaderLayer;

use self::problem::{Code, Problem};
use crate::services::firmas::{SigningKeys, SigningTools};
use crate::startup::App;

/// The largest body of a request.
const MAX_BODY: usize = 16 * 1024;

/// How long a request may take, its body included.
const TIMEOUT: Duration = Duration::from_secs(60);

/// What every request of the API finds.
#[derive(Clone)]
struct ApiState {
    app: App,
    tools: Arc<SigningTools>,
    /// The specification, as it is sent.
    specification: Bytes,
}

/// The routes below `/api/v1`.
pub fn router(app: &App) -> Router {
    let public_url = app.settings.globals.public_url.clone();
    let state = ApiState {
        specification: openapi::specification(&public_url),
        tools: Arc::new(SigningTools {
            db: app.db.clone(),
            clock: app.clock.clone(),
            mac: Arc::clone(&app.mac),
            public_url,
            keys: SigningKeys::default(),
        }),
        app: app.clone(),
    };
    Router::new()
        .route("/api/v1/firmas", post(handlers::create))
        .route("/api/v1/firmas/{id}", get(handlers::look).delete(handlers::abandon))
        .route("/api/v1/firmas/{id}/confirmar", post(handlers::confirm))
        .route("/api/v1/firmas/{id}/reenviar", post(handlers::resend))
        .route("/api/v1/llaves", get(handlers::all_keys))
        .route("/api/v1/camaras/{camara}/llaves", get(handlers::chamber_keys))
        .route("/api/v1/openapi.json", get(handlers::specification))
        .method_not_allowed_fallback(async || Problem::from(Code::MetodoNoPermitido))
        .route("/api/v1/{*resto}", any(async || Problem::from(Code::RutaDesconocida)))
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
