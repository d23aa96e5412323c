//! `POST /consola/carga`: the extract's bytes, streamed into the registry as they come. Nothing is
//! written to a temporary file.

use axum::Json;
use axum::body::Body;
use axum::extract::{Extension, Query, State};
use axum::response::{IntoResponse, Response};
use contract::{ServiceError, registry::SyncCounts};
use futures::TryStreamExt;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use tokio_util::io::StreamReader;

use super::context::Caller;
use crate::registry::sync::{Source, synchronise};
use crate::startup::App;

/// What the page says about the file.
#[derive(Deserialize)]
pub struct UploadQuery {
    #[serde(default)]
    archivo: String,
    #[serde(default)]
    parcial: u8,
}

#[derive(Serialize)]
#[serde(untagged)]
enum UploadAnswer {
    Done {
        ok: bool,
        #[serde(flatten)]
        counts: SyncCounts,
    },
    Refused {
        ok: bool,
        mensaje: String,
    },
}

/// Synchronises from the request's body.
pub async fn upload(
    State(app): State<App>,
    caller: Option<Extension<Caller>>,
    Query(query): Query<UploadQuery>,
    body: Body,
) -> Response {
    let Some(Extension(Caller(actor))) = caller else {
        return refuse(StatusCode::UNAUTHORIZED, &ServiceError::NoSession);
    };
    let reader = StreamReader::new(body.into_data_stream().map_err(std::io::Error::other));
    let source =
        Source { file_name: query.archivo, reader, encoding: None, delimiter: None, partial: query.parcial == 1 };
    match synchronise(&app.db, &app.clock, &actor, source, &mut |_| {}).await {
        Ok(outcome) => Json(UploadAnswer::Done { ok: true, counts: outcome.counts }).into_response(),
        Err(error @ ServiceError::Forbidden) => refuse(StatusCode::FORBIDDEN, &error),
        Err(error @ ServiceError::Unexpected { .. }) => refuse(StatusCode::INTERNAL_SERVER_ERROR, &error),
        Err(error) => refuse(StatusCode::UNPROCESSABLE_ENTITY, &error),
    }
}

fn refuse(status: StatusCode, error: &ServiceError) -> Response {
    (status, Json(UploadAnswer::Refused { ok: false, mensaje: app::text::service_error(error) })).into_response()
}
