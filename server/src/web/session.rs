//! Logging in and out: plain forms, so that they work before any script.

use axum::Form;
use axum::extract::{Extension, State};
use axum::response::{IntoResponse, Redirect, Response};
use contract::{ChamberCode, ServiceError};
use http::HeaderMap;
use http::header::SET_COOKIE;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::context::{Network, SESSION, cookie, set_cookie};
use crate::services::staff;
use crate::startup::App;

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
    Form(form): Form<LoginForm>,
) -> Response {
    let password = Zeroizing::new(form.clave);
    let camara = ChamberCode::parse(form.camara.trim()).filter(|code| app.settings.chambers.contains_key(code));
    let outcome = match camara {
        Some(camara) => staff::login(&app.db, &app.clock, &app.mac, camara, &form.usuario, password, network).await,
        None => Err(ServiceError::WrongLogin),
    };
    match outcome {
        Ok(token) => ([(SET_COOKIE, set_cookie(&app, SESSION, &token.0))], Redirect::to("/consola")).into_response(),
        Err(ServiceError::TooManyTries { .. }) => Redirect::to("/consola/ingresar?motivo=espera").into_response(),
        Err(ServiceError::Unexpected { .. }) => Redirect::to("/consola/ingresar?motivo=falla").into_response(),
        Err(_) => Redirect::to("/consola/ingresar?motivo=credenciales").into_response(),
    }
}

/// `POST /consola/salir`.
pub async fn logout(State(app): State<App>, headers: HeaderMap) -> Response {
    if let Some(token) = cookie(&app, &headers, SESSION) {
        // A session that cannot be ended now ends by itself; the browser forgets it in any case.
        let _ = staff::logout(&app.db, &app.clock, token).await;
    }
    let expired = format!("{}; Max-Age=0", set_cookie(&app, SESSION, ""));
    ([(SET_COOKIE, expired)], Redirect::to("/consola/ingresar?motivo=salida")).into_response()
}
