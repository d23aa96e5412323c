//! What is unexpected: the log gets the cause, the user a reference to it.

use std::any::Any;
use std::fmt::Display;

use contract::ServiceError;
use sea_orm::{DbErr, RuntimeErr};

use crate::observe::log::RequestId;

/// SQLite's result code for a full disk (SQLITE_FULL).
const SQLITE_FULL: &str = "13";

/// PostgreSQL's SQLSTATE for a full disk (disk_full).
const POSTGRES_DISK_FULL: &str = "53100";

/// Turns any cause into [`ServiceError::Unexpected`], logging it under the request's name, or a fresh
/// reference where there is none; a full disk has an error of its own. Database errors of sea-orm carry no bound values, so that no personal
/// data reach the log.
pub fn unexpected(cause: impl Display + 'static) -> ServiceError {
    let reference = RequestId::current().unwrap_or_else(RequestId::fresh).as_str().to_owned();
    tracing::error!(%reference, %cause, "unexpected fault");
    match (&cause as &dyn Any).downcast_ref::<DbErr>() {
        Some(error) if is_disk_full(error) => ServiceError::DiskFull,
        _ => ServiceError::Unexpected { reference },
    }
}

/// Whether a database error says that its disk is full.
#[must_use]
pub fn is_disk_full(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause))
    | DbErr::Query(RuntimeErr::SqlxError(cause))
    | DbErr::Conn(RuntimeErr::SqlxError(cause))) = error
    else {
        return false;
    };
    let code = cause.as_database_error().and_then(|error| error.code());
    matches!(code.as_deref(), Some(SQLITE_FULL | POSTGRES_DISK_FULL))
}
