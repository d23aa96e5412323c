//! `GET /buzon/correo/{id}/adjunto/{index}`: an attachment of a captured mail, in the demo only.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

use crate::startup::App;

/// The attachment's bytes, always as a download.
pub async fn attachment(State(app): State<App>, Path((id, index)): Path<(u64, u32)>) -> Response {
    let found = app.mailbox.as_ref().and_then(|mailbox| mailbox.attachment(id, index).ok());
    match found {
        Some(file) => {
            let disposition = format!("attachment; filename=\"{}\"", file.name.replace(['"', '\\', '\r', '\n'], "_"));
            ([(CONTENT_TYPE, file.mime), (CONTENT_DISPOSITION, disposition)], file.bytes).into_response()
        }
        None => (StatusCode::NOT_FOUND, "No existe ese adjunto.").into_response(),
    }
}
