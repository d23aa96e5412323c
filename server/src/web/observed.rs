//! Every request gets a name, a line in the log and its place in the figures: by the pattern of its
//! route, never by its path or query, which may hold what somebody typed.

use std::collections::HashSet;
use std::sync::OnceLock;
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderName, HeaderValue, Method};
use tracing::Instrument;

use super::routes::server_function_paths;
use crate::observe::figures;
use crate::observe::log::RequestId;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What no route knows.
const UNKNOWN: &str = "(otra)";

/// Routes that are asked for all the time and say little.
const QUIET: [&str; 4] = ["/healthz", "/readyz", "/metrics", "/pkg"];

/// Names, logs and counts one request.
pub async fn observe(request: Request, next: Next) -> Response {
    let (id, route, metodo) = (RequestId::fresh(), route_of(&request), method_name(request.method()));
    let span = tracing::info_span!("solicitud", id = id.as_str(), metodo, ruta = route);
    let begun = Instant::now();
    let work = async {
        let response = id.clone().scope(next.run(request)).await;
        let (took, estado) = (begun.elapsed(), response.status().as_u16());
        figures::http(metodo, &route, estado, took.as_secs_f64());
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        if QUIET.iter().any(|quiet| route.starts_with(quiet)) {
            tracing::debug!(estado, ms, "atendida");
        } else {
            tracing::info!(estado, ms, "atendida");
        }
        response
    };
    let mut response = work.instrument(span.clone()).await;
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The pattern that the router matched; a server function's own path, which holds no values.
fn route_of(request: &Request) -> String {
    static FUNCTIONS: OnceLock<HashSet<String>> = OnceLock::new();
    let functions = FUNCTIONS.get_or_init(|| server_function_paths().into_iter().collect());
    if let Some(function) = functions.get(request.uri().path()) {
        return function.clone();
    }
    request.extensions().get::<MatchedPath>().map_or(UNKNOWN, MatchedPath::as_str).to_owned()
}

/// Of the methods that exist: others are the caller's invention.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTRO",
    }
}
