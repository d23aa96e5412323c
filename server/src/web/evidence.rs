//! Evidence as files: the audit trail, and the actas of activations.

use axum::Form;
use axum::body::Body;
use axum::extract::{Extension, State};
use axum::response::{IntoResponse, Redirect, Response};
use contract::ServiceError;
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Deserialize;

use super::context::Caller;
use crate::services::audit;
use crate::services::evidence::ActaForm;
use crate::startup::App;

/// `POST /consola/auditoria/exportar`: the whole trail with its seals, as JSON Lines.
pub async fn audit_trail(State(app): State<App>, caller: Option<Extension<Caller>>) -> Response {
    let Some(Extension(Caller(actor))) = caller else { return to_login() };
    match audit::export(&app.db, &app.clock, &actor).await {
        Ok(lines) => {
            let name = format!("auditoria-{}.jsonl", actor.camara);
            // What fails on the way breaks the download off: a file without its end is not taken for whole.
            file("application/jsonl; charset=utf-8", &name, Body::from_stream(lines))
        }
        Err(error) => refuse(&error),
    }
}

/// Which acta, in which form.
#[derive(Deserialize)]
pub struct ActaRequest {
    /// The verified user's number.
    #[serde(default)]
    id: String,
    /// `pdf` or `json`.
    #[serde(default)]
    formato: String,
}

/// `POST /consola/acta`: the acta of one activation, signed.
pub async fn acta(
    State(app): State<App>,
    caller: Option<Extension<Caller>>,
    Form(request): Form<ActaRequest>,
) -> Response {
    let Some(Extension(Caller(actor))) = caller else { return to_login() };
    let desk = app.acta_desk(&actor);
    let (Ok(user), Some(form), Some(desk)) = (request.id.parse(), ActaForm::parse(&request.formato), desk) else {
        return refuse(&ServiceError::NotFound);
    };
    match desk.issue(user, form).await {
        Ok(bytes) => {
            // A JWS is one line of text; the name says what it is to people.
            let (kind, ending) = match form {
                ActaForm::Pdf => ("application/pdf", "pdf"),
                ActaForm::Json => ("application/jose", "jws"),
            };
            file(kind, &format!("acta-{}-{user}.{ending}", actor.camara), Body::from(bytes))
        }
        Err(error) => refuse(&error),
    }
}

fn to_login() -> Response {
    Redirect::to("/consola/ingresar?motivo=sesion").into_response()
}

fn file(kind: &str, name: &str, body: Body) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition)], body).into_response()
}

fn refuse(error: &ServiceError) -> Response {
    let status = match error {
        ServiceError::NotFound => StatusCode::NOT_FOUND,
        ServiceError::Forbidden | ServiceError::ConfirmPassword => StatusCode::FORBIDDEN,
        ServiceError::Invalid { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        ServiceError::Unexpected { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::CONFLICT,
    };
    (status, app::text::service_error(error)).into_response()
}
