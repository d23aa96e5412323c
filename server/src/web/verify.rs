//! `POST /verificar`: the file that somebody wants to know about, examined in memory and kept nowhere.

use app::activation_shell;
use app::pages::public::verification::PATH;
use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::response::Response;
use contract::verification::{FileAnswer, MAX_FILE};
use http::StatusCode;
use leptos::prelude::provide_context;

use super::context;
use super::router::leptos_options;
use crate::startup::App;

/// The route.
pub const VERIFY: &str = PATH;

/// The form's one field.
const FIELD: &str = "archivo";

/// Answers with the page that says what the file is.
pub async fn verify(State(app): State<App>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let page = Request::from_parts(parts.clone(), Body::empty());
    let file = file(Request::from_parts(parts, body)).await;
    let answer = match file {
        Some(file) => app.verification().by_file(file).await,
        None => Ok(FileAnswer::Missing),
    };
    let failed = answer.is_err();
    let options = leptos_options(&app, "activacion");
    let provide = move || {
        context::provide();
        if let Ok(answer) = &answer {
            provide_context(answer.clone());
        }
    };
    let render = leptos_axum::render_app_async_with_context(provide, move || activation_shell(options.clone()));
    let mut response = render(page).await;
    if failed {
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    }
    response
}

/// The field's bytes, and one more than [`MAX_FILE`] of a file that is too large. What is no form holds
/// no file.
async fn file(request: Request) -> Option<Vec<u8>> {
    let mut form = Multipart::from_request(request, &()).await.ok()?;
    while let Some(mut field) = form.next_field().await.ok()? {
        if field.name() != Some(FIELD) {
            continue;
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.ok()? {
            let room = (MAX_FILE + 1).saturating_sub(bytes.len());
            bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
        }
        return Some(bytes);
    }
    None
}
