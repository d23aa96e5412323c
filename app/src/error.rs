//! The error of every server function: the contract's code, or a fault of the way between.

use std::fmt;

use contract::ServiceError;
use serde::{Deserialize, Serialize};
use server_fn::codec::JsonEncoding;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};

use crate::text;

/// What a page is told when a call fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApiError {
    /// The service refused.
    Service(ServiceError),
    /// The server was not reached.
    Connection,
    /// The call could not be understood by one of both sides (an old page, usually).
    Protocol,
}

impl ApiError {
    /// Whether the password must be typed again before the action is repeated.
    #[must_use]
    pub fn asks_for_password(&self) -> bool {
        matches!(self, Self::Service(ServiceError::ConfirmPassword))
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(error) => f.write_str(&text::service_error(error)),
            Self::Connection => f.write_str(
                "No hay conexión con el servidor. Revise su red; lo que ya se había iniciado continúa en el servidor.",
            ),
            Self::Protocol => {
                f.write_str("Esta página quedó desactualizada. Recárguela e intente de nuevo; no se cambió nada.")
            }
        }
    }
}

impl std::error::Error for ApiError {}

impl From<ServiceError> for ApiError {
    fn from(error: ServiceError) -> Self {
        Self::Service(error)
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        match value {
            ServerFnErrorErr::Request(_) => Self::Connection,
            _ => Self::Protocol,
        }
    }
}
