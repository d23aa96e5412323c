//! Without a session the console answers nothing but its login page; with half a session nothing but its
//! second step.

use app::error::ApiError;
use axum::Json;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use contract::ServiceError;
use http::{Method, StatusCode};

use super::context::{Caller, Inside, SESSION, cookie};
use super::second_factor;
use crate::startup::App;

/// Sends pages to the login and answers calls with 401, before their arguments are even read.
pub async fn staff_only(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_call = path.starts_with("/api/consola/") || path == "/consola/eventos" || path == "/consola/carga";
    let is_page = path == "/consola" || path.starts_with("/consola/");
    let is_open = path == "/consola/ingresar" || path == "/consola/salir" || !(is_call || is_page);
    if is_open || request.extensions().get::<Caller>().is_some() {
        return next.run(request).await;
    }
    let inside = request.extensions().get::<Inside>();
    if inside.is_some() && second_factor::is_step(path) {
        return next.run(request).await;
    }
    if is_call {
        return (StatusCode::UNAUTHORIZED, Json(ApiError::Service(ServiceError::NoSession))).into_response();
    }
    if let Some(Inside(insider)) = inside {
        return Redirect::to(second_factor::page_of(insider.stage)).into_response();
    }
    if request.method() != Method::GET {
        let page = Html(app::pages::console::second_factor::session_over());
        return (StatusCode::UNAUTHORIZED, second_factor::bare_page(page)).into_response();
    }
    let had_one = cookie(&app, request.headers(), SESSION).is_some();
    Redirect::to(if had_one { "/consola/ingresar?motivo=sesion" } else { "/consola/ingresar" }).into_response()
}
