//! What pages without a session show. They only read, and the mailbox exists only where the demo put it
//! into the context. Only what the console's login shows as well is a server function: the other pages
//! are drawn by the server alone.

// The macro makes a public struct of each function's arguments; they are named after what they hold.
#![allow(missing_docs)]

use contract::console::PublicSite;
#[cfg(feature = "ssr")]
use contract::mailbox::{CapturedMail, CapturedMailBody, CapturedSms};
use leptos::prelude::*;

use crate::error::ApiError;

/// What the demo's mailbox holds, newest first.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Mailbox {
    /// Captured mails.
    pub correos: Vec<CapturedMail>,
    /// Captured SMS.
    pub mensajes: Vec<CapturedSms>,
}

/// The chambers of this installation.
#[server(prefix = "/api/publico", endpoint = "sitio")]
pub async fn sitio() -> Result<PublicSite, ApiError> {
    Ok(use_context::<PublicSite>().unwrap_or_default())
}

/// The demo's mailbox.
///
/// # Errors
/// [`contract::ServiceError::NotFound`] where there is none.
#[cfg(feature = "ssr")]
pub async fn buzon() -> Result<Mailbox, ApiError> {
    let read = async {
        let mailbox = open_mailbox()?;
        Ok(Mailbox { correos: mailbox.mails().await?, mensajes: mailbox.sms().await? })
    };
    read.await.map_err(page_status)
}

/// One captured mail.
///
/// # Errors
/// [`contract::ServiceError::NotFound`] when it is not there.
#[cfg(feature = "ssr")]
pub async fn correo(id: String) -> Result<CapturedMailBody, ApiError> {
    use contract::ServiceError;

    let read = async {
        let id = id.parse().map_err(|_| ServiceError::NotFound)?;
        open_mailbox()?.mail(id).await
    };
    read.await.map_err(page_status)
}

/// The document that bears a code.
///
/// # Errors
/// When the database fails.
#[cfg(feature = "ssr")]
pub async fn verify_code(typed: &str) -> Result<contract::verification::CodeAnswer, ApiError> {
    use contract::ServiceError;
    use contract::verification::VerificationService;

    let asking = async {
        let service = use_context::<std::sync::Arc<dyn VerificationService>>().ok_or(ServiceError::NotFound)?;
        service.by_code(typed).await
    };
    asking.await.map_err(page_status)
}

#[cfg(feature = "ssr")]
fn open_mailbox() -> contract::ServiceResult<std::sync::Arc<dyn contract::mailbox::MailboxService>> {
    use_context().ok_or(contract::ServiceError::NotFound)
}

/// Gives the page the status that its error means to a browser or a robot: 404 for what is not
/// there, 500 for a fault.
#[cfg(feature = "ssr")]
pub(crate) fn page_status(error: contract::ServiceError) -> ApiError {
    use contract::ServiceError;
    use http::StatusCode;

    let status = match &error {
        ServiceError::NotFound => StatusCode::NOT_FOUND,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(status);
    }
    error.into()
}
