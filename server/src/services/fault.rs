//! What is unexpected: the log gets the cause, the user a reference to it.

use contract::ServiceError;

/// Turns any cause into [`ServiceError::Unexpected`], logging it under a fresh reference.
/// Database errors of sea-orm carry no bound values, so that no personal data reach the log.
pub fn unexpected(cause: impl std::fmt::Display) -> ServiceError {
    let reference =
        crate::secrets::random_token().chars().filter(char::is_ascii_alphanumeric).take(8).collect::<String>();
    tracing::error!(%reference, %cause, "unexpected fault");
    ServiceError::Unexpected { reference }
}
