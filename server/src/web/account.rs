//! What «Mi cuenta» posts: password, second factor, other sessions. Each asks for the present password
//! and leads back to the page with a word that says what happened.

use axum::Form;
use axum::extract::{Extension, State};
use axum::response::{IntoResponse, Redirect, Response};
use contract::ServiceError;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::context::Inside;
use super::second_factor::ENROL;
use super::session::with_session;
use crate::startup::App;

const PAGE: &str = "/consola/mi-cuenta";

/// The fields of all these forms; each has some of them.
#[derive(Deserialize)]
pub struct AccountForm {
    #[serde(default)]
    clave: String,
    #[serde(default)]
    clave_nueva: String,
    #[serde(default)]
    clave_repetida: String,
    #[serde(default)]
    codigo: String,
}

/// `POST /consola/mi-cuenta/clave`.
pub async fn change_password(
    State(app): State<App>,
    Extension(Inside(who)): Extension<Inside>,
    Form(form): Form<AccountForm>,
) -> Response {
    let (present, new, repeated) =
        (Zeroizing::new(form.clave), Zeroizing::new(form.clave_nueva), Zeroizing::new(form.clave_repetida));
    if new != repeated {
        return back("distintas");
    }
    match app.staff.change_password(&who, present, new).await {
        Ok(token) => with_session(&app, &token, back("clave")),
        Err(error) => back(notice_of(&error)),
    }
}

/// `POST /consola/mi-cuenta/segundo-factor`.
pub async fn begin_factor(
    State(app): State<App>,
    Extension(Inside(who)): Extension<Inside>,
    Form(form): Form<AccountForm>,
) -> Response {
    match app.staff.begin_factor(&who, Zeroizing::new(form.clave)).await {
        Ok(()) => Redirect::to(ENROL).into_response(),
        Err(error) => back(notice_of(&error)),
    }
}

/// `POST /consola/mi-cuenta/sin-segundo-factor`.
pub async fn remove_factor(
    State(app): State<App>,
    Extension(Inside(who)): Extension<Inside>,
    Form(form): Form<AccountForm>,
) -> Response {
    match app.staff.remove_factor(&who, Zeroizing::new(form.clave), &form.codigo).await {
        Ok(token) => with_session(&app, &token, back("sin-segundo-factor")),
        Err(ServiceError::WrongLogin) => back("clave-o-codigo"),
        Err(error) => back(notice_of(&error)),
    }
}

/// `POST /consola/mi-cuenta/sesiones`.
pub async fn end_sessions(
    State(app): State<App>,
    Extension(Inside(who)): Extension<Inside>,
    Form(form): Form<AccountForm>,
) -> Response {
    match app.staff.end_other_sessions(&who, Zeroizing::new(form.clave)).await {
        Ok(_) => back("sesiones"),
        Err(error) => back(notice_of(&error)),
    }
}

fn back(notice: &str) -> Response {
    Redirect::to(&format!("{PAGE}?aviso={notice}")).into_response()
}

const fn notice_of(error: &ServiceError) -> &'static str {
    match error {
        ServiceError::WrongLogin => "clave-errada",
        ServiceError::TooManyTries { .. } => "espera",
        ServiceError::Invalid { .. } => "clave-debil",
        ServiceError::Forbidden => "exigido",
        ServiceError::StateChanged => "ya-activo",
        _ => "falla",
    }
}
