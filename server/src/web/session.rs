//! Logging in and out: plain forms, so that they work before any script.

use axum::Form;
use axum::extract::{Extension, State};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use contract::{ChamberCode, ServiceError};
use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderName};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::context::{Network, SESSION, cookie, set_cookie};
use super::second_factor;
use crate::services::staff::{SessionToken, Stage};
use crate::startup::App;

/// What a browser is to forget of a session that is over, besides its cookie.
const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// The fields of the login page.
#[derive(Deserialize)]
pub struct LoginForm {
    #[serde(default)]
    camara: String,
    #[serde(default)]
    usuario: String,
    #[serde(default)]
    clave: String,
}

/// `POST /consola/ingresar`: a session, or the login page again with the reason (never the data) in
/// its address.
pub async fn login(
    State(app): State<App>,
    Extension(Network(network)): Extension<Network>,
    headers: HeaderMap,
    Form(form): Form<LoginForm>,
) -> Response {
    let password = Zeroizing::new(form.clave);
    let camara = ChamberCode::parse(form.camara.trim()).filter(|code| app.settings.chambers.contains_key(code));
    let former = cookie(&app, &headers, SESSION);
    let outcome = match camara {
        Some(camara) => app.staff.login(camara, &form.usuario, password, network, former).await,
        None => Err(ServiceError::WrongLogin),
    };
    match outcome {
        Ok(entry) => {
            let next = if entry.stage == Stage::Plena { "/consola" } else { second_factor::page_of(entry.stage) };
            with_session(&app, &entry.token, Redirect::to(next))
        }
        Err(ServiceError::TooManyTries { .. }) => Redirect::to("/consola/ingresar?motivo=espera").into_response(),
        Err(ServiceError::Unexpected { .. }) => Redirect::to("/consola/ingresar?motivo=falla").into_response(),
        Err(_) => Redirect::to("/consola/ingresar?motivo=credenciales").into_response(),
    }
}

/// The answer that gives the browser its session.
pub fn with_session(app: &App, token: &SessionToken, answer: impl IntoResponse) -> Response {
    (AppendHeaders([(SET_COOKIE, set_cookie(app, SESSION, &token.0))]), answer).into_response()
}

/// `POST /consola/salir`.
pub async fn logout(State(app): State<App>, headers: HeaderMap) -> Response {
    if let Some(token) = cookie(&app, &headers, SESSION) {
        // A session that cannot be ended now ends by itself; the browser forgets it in any case.
        let _ = app.staff.logout(token).await;
    }
    let expired = format!("{}; Max-Age=0", set_cookie(&app, SESSION, ""));
    // Pages are never stored, but a browser keeps the last ones for «back».
    let forget = [(SET_COOKIE, expired), (CLEAR_SITE_DATA, "\"cache\", \"storage\"".to_owned())];
    (AppendHeaders(forget), Redirect::to("/consola/ingresar?motivo=salida")).into_response()
}
