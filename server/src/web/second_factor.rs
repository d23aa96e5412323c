//! The second step of a log-in and the setting up of a second factor: pages without any script, because
//! what they show once must not stay anywhere.

use app::pages::console::second_factor as pages;
use axum::Form;
use axum::extract::{Extension, Query, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use contract::ServiceError;
use http::StatusCode;
use http::header::CONTENT_SECURITY_POLICY;
use serde::Deserialize;

use super::context::{Inside, Network};
use super::headers::SCRIPTLESS_POLICY;
use super::session::with_session;
use crate::services::staff::Stage;
use crate::startup::App;

/// Where the code is typed.
pub const CODE: &str = "/consola/segundo-factor";

/// Where an application is set up.
pub const ENROL: &str = "/consola/segundo-factor/inscripcion";

/// Whether half a session may ask for this.
pub fn is_step(path: &str) -> bool {
    path == CODE || path == ENROL
}

/// Where a session of this stage goes on.
pub const fn page_of(stage: Stage) -> &'static str {
    match stage {
        Stage::Plena => "/consola",
        Stage::Codigo => CODE,
        Stage::Inscripcion => ENROL,
    }
}

/// What went wrong before.
#[derive(Deserialize)]
pub struct Reason {
    #[serde(default)]
    motivo: String,
}

/// The form of both pages.
#[derive(Deserialize)]
pub struct CodeForm {
    #[serde(default)]
    codigo: String,
}

/// A page with the policy of one that has no script.
pub fn bare_page(page: Html<String>) -> Response {
    ([(CONTENT_SECURITY_POLICY, SCRIPTLESS_POLICY)], page).into_response()
}

/// `GET /consola/segundo-factor`.
pub async fn code_page(Extension(Inside(who)): Extension<Inside>, Query(reason): Query<Reason>) -> Response {
    if who.stage != Stage::Codigo {
        return Redirect::to(page_of(who.stage)).into_response();
    }
    bare_page(Html(pages::code(pages::Refusal::parse(&reason.motivo))))
}

/// `POST /consola/segundo-factor`.
pub async fn second_step(
    State(app): State<App>,
    Extension(Inside(who)): Extension<Inside>,
    Extension(Network(network)): Extension<Network>,
    Form(form): Form<CodeForm>,
) -> Response {
    match app.staff.second_step(&who, &form.codigo, network).await {
        Ok(token) => with_session(&app, &token, Redirect::to("/consola")),
        Err(ServiceError::NoSession) => Redirect::to("/consola/ingresar?motivo=sesion").into_response(),
        Err(error) => Redirect::to(&format!("{CODE}?motivo={}", reason_of(&error))).into_response(),
    }
}

/// `GET /consola/segundo-factor/inscripcion`.
pub async fn enrol_page(
    State(app): State<App>,
    Extension(Inside(who)): Extension<Inside>,
    Query(reason): Query<Reason>,
) -> Response {
    match app.staff.enrolment(&who).await {
        Ok(Some(enrolment)) => {
            let required = who.stage == Stage::Inscripcion;
            let refusal = pages::Refusal::parse(&reason.motivo);
            bare_page(Html(pages::enrol(enrolment.qr.side, enrolment.qr.path, &enrolment.secret, required, refusal)))
        }
        Ok(None) if who.stage == Stage::Codigo => Redirect::to(CODE).into_response(),
        Ok(None) => Redirect::to("/consola/mi-cuenta").into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, app::text::service_error(&error)).into_response(),
    }
}

/// `POST /consola/segundo-factor/inscripcion`: the recovery codes are the answer itself, so that no
/// address ever shows them again.
pub async fn confirm(
    State(app): State<App>,
    Extension(Inside(who)): Extension<Inside>,
    Extension(Network(network)): Extension<Network>,
    Form(form): Form<CodeForm>,
) -> Response {
    match app.staff.confirm_factor(&who, &form.codigo, network).await {
        Ok((token, codes)) => {
            let codes: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
            with_session(&app, &token, bare_page(Html(pages::recovery_codes(&codes))))
        }
        Err(ServiceError::StateChanged) => Redirect::to(page_of(who.stage)).into_response(),
        Err(error) => Redirect::to(&format!("{ENROL}?motivo={}", reason_of(&error))).into_response(),
    }
}

/// A word for the address; the page turns it into a sentence.
pub fn reason_of(error: &ServiceError) -> &'static str {
    match error {
        ServiceError::WrongLogin => "codigo",
        ServiceError::TooManyTries { .. } => "espera",
        _ => "falla",
    }
}
