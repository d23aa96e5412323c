//! `GET /consola/documento-muestra`: a sample of the document that merchants get.

use axum::extract::{Extension, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use contract::ServiceError;
use contract::campaign::Factor;
use contract::staff::Permission;
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Deserialize;

use super::context::Caller;
use crate::services::sample::sample;
use crate::startup::App;

/// Which variant; the one in force when it is not said.
#[derive(Deserialize)]
pub struct SampleQuery {
    #[serde(default)]
    factor: String,
}

/// The sample, to be looked at in the browser.
pub async fn show(
    State(app): State<App>,
    caller: Option<Extension<Caller>>,
    Query(query): Query<SampleQuery>,
) -> Response {
    let Some(Extension(Caller(actor))) = caller else {
        return Redirect::to("/consola/ingresar?motivo=sesion").into_response();
    };
    if let Err(error) = actor.require(Permission::Read) {
        return refuse(StatusCode::FORBIDDEN, &error);
    }
    let Some(chamber) = app.chambers.get(&actor.camara).cloned() else {
        return refuse(StatusCode::NOT_FOUND, &ServiceError::NotFound);
    };
    let factor = Factor::parse(&query.factor).unwrap_or(chamber.factor);
    let (public_url, now) = (app.settings.globals.public_url.as_str().to_owned(), app.clock.now());
    let drawn = tokio::task::spawn_blocking(move || sample(&chamber, &public_url, factor, now)).await;
    match drawn {
        Ok(Ok(pdf)) => {
            let headers = [
                (CONTENT_TYPE, "application/pdf"),
                (CONTENT_DISPOSITION, "inline; filename=\"documento-muestra.pdf\""),
            ];
            (headers, pdf).into_response()
        }
        Ok(Err(error)) => refuse(StatusCode::CONFLICT, &error),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn refuse(status: StatusCode, error: &ServiceError) -> Response {
    (status, app::text::service_error(error)).into_response()
}
