//! The server's side of every function here: the caller's services in, the HTTP status out.

use contract::console::Console;
use contract::error::{Field, ServiceError};
use contract::{ServiceResult, Year};
use http::StatusCode;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use crate::error::ApiError;

/// The services of this request's staff member.
pub(super) fn console() -> Result<Console, ApiError> {
    answer(use_context::<Console>().ok_or(ServiceError::NoSession))
}

/// A year in process as it was sent.
pub(super) fn year(number: i32) -> Result<Year, ApiError> {
    answer(Year::new(number).ok_or(ServiceError::Invalid { field: Field::Year }))
}

/// What the service said, with the HTTP status that belongs to a refusal.
pub(super) fn answer<T>(result: ServiceResult<T>) -> Result<T, ApiError> {
    result.map_err(|error| {
        if let Some(response) = use_context::<ResponseOptions>() {
            response.set_status(status(&error));
        }
        ApiError::Service(error)
    })
}

const fn status(error: &ServiceError) -> StatusCode {
    match error {
        ServiceError::NoSession | ServiceError::WrongLogin => StatusCode::UNAUTHORIZED,
        ServiceError::Forbidden | ServiceError::ConfirmPassword => StatusCode::FORBIDDEN,
        ServiceError::NotFound => StatusCode::NOT_FOUND,
        ServiceError::TooManyTries { .. } | ServiceError::TooSoon { .. } => StatusCode::TOO_MANY_REQUESTS,
        ServiceError::Invalid { .. } | ServiceError::Extract { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        ServiceError::Unexpected { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::CONFLICT,
    }
}
