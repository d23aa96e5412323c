//! Server functions for pages without a session. They only read, and the mailbox exists only where
//! the demo put it into the context.

// The macro makes a public struct of each function's arguments; they are named after what they hold.
#![allow(missing_docs)]

use contract::console::PublicSite;
use contract::mailbox::{CapturedMail, CapturedMailBody, CapturedSms};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::ApiError;

/// What the demo's mailbox holds, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[server(prefix = "/api/publico", endpoint = "buzon")]
pub async fn buzon() -> Result<Mailbox, ApiError> {
    let read = async {
        let mailbox = open_mailbox()?;
        Ok(Mailbox { correos: mailbox.mails().await?, mensajes: mailbox.sms().await? })
    };
    read.await.map_err(page_status)
}

/// One captured mail.
#[server(prefix = "/api/publico", endpoint = "correo")]
pub async fn correo(id: String) -> Result<CapturedMailBody, ApiError> {
    use contract::ServiceError;

    let read = async {
        let id = id.parse().map_err(|_| ServiceError::NotFound)?;
        open_mailbox()?.mail(id).await
    };
    read.await.map_err(page_status)
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
