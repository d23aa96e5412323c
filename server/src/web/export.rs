//! `POST /consola/exportar`: the workbook of one year.

use axum::Form;
use axum::extract::{Extension, State};
use axum::response::{IntoResponse, Redirect, Response};
use contract::{ServiceError, Year};
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Deserialize;

use super::context::Caller;
use crate::services::campaign::export;
use crate::startup::App;

/// Office Open XML's media type for a workbook.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The year asked for.
#[derive(Deserialize)]
pub struct ExportForm {
    #[serde(default)]
    ano: String,
}

/// The workbook as a download.
pub async fn download(
    State(app): State<App>,
    caller: Option<Extension<Caller>>,
    Form(form): Form<ExportForm>,
) -> Response {
    let Some(Extension(Caller(actor))) = caller else {
        return Redirect::to("/consola/ingresar?motivo=sesion").into_response();
    };
    let Some(year) = Year::parse(&form.ano) else {
        return refuse(
            StatusCode::UNPROCESSABLE_ENTITY,
            &ServiceError::Invalid { field: contract::error::Field::Year },
        );
    };
    let Some(desk) = app.campaign_desk(&actor) else {
        return refuse(StatusCode::NOT_FOUND, &ServiceError::NotFound);
    };
    match export(&desk, year).await {
        Ok(workbook) => {
            let name = format!("attachment; filename=\"claves-preasignadas-{}-{year}.xlsx\"", actor.camara);
            ([(CONTENT_TYPE, XLSX.to_owned()), (CONTENT_DISPOSITION, name)], workbook).into_response()
        }
        Err(error @ (ServiceError::Forbidden | ServiceError::ConfirmPassword)) => refuse(StatusCode::FORBIDDEN, &error),
        Err(error) => refuse(StatusCode::INTERNAL_SERVER_ERROR, &error),
    }
}

fn refuse(status: StatusCode, error: &ServiceError) -> Response {
    (status, app::text::service_error(error)).into_response()
}
