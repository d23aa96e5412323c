//! SMS: the HTTP gateway of the chamber's operator, and the demo's mailbox.

mod http;
mod mailbox;
mod template;

use std::sync::Arc;

use async_trait::async_trait;
use contract::{ChamberCode, ColombianMobile};

pub use http::{HttpGateway, TIMEOUT};
pub use mailbox::MailboxGateway;

use crate::clock::Clock;
use crate::config::SmsProvider;
use crate::db::Db;

/// Why an SMS was not handed over. Carries nothing of its text, its number or the gateway's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmsError {
    /// The gateway cannot be reached.
    #[error("the SMS gateway cannot be reached")]
    Unreachable,
    /// It did not answer in time: nobody knows whether the SMS is on its way.
    #[error("the SMS gateway did not answer in time")]
    TimedOut,
    /// It answered with another status than 2xx.
    #[error("the SMS gateway answered with status {0}")]
    Status(u16),
    /// It answered 2xx without the text that means success (`SMS_HTTP_EXITO`).
    #[error("the SMS gateway's answer does not mean success")]
    NotAccepted,
    /// The request could not be built from the templates.
    #[error("the SMS gateway's templates cannot be filled in")]
    Template,
    /// The mailbox's table failed.
    #[error("the SMS mailbox failed")]
    Mailbox,
}

impl SmsError {
    /// Whether the SMS may have left in spite of this, so that it counts against the budget.
    #[must_use]
    pub const fn may_have_left(self) -> bool {
        matches!(self, Self::TimedOut)
    }
}

/// Why a gateway cannot be set up: the variables at fault, for `revisar-config`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("SMS gateway: wrong {0}")]
pub struct SmsSetupError(pub &'static str);

/// Something that delivers an SMS.
#[async_trait]
pub trait SmsGateway: Send + Sync {
    /// The provider's name in `sms_enviados`.
    fn name(&self) -> &'static str;
    /// Hands one SMS over.
    async fn send(&self, camara: ChamberCode, to: &ColombianMobile, text: &str) -> Result<(), SmsError>;
}

/// The gateway of a chamber's `SMS_PROVEEDOR`.
///
/// # Errors
/// When a template or a header of `SMS_HTTP_*` is wrong.
pub fn gateway(provider: &SmsProvider, db: &Db, clock: &Clock) -> Result<Arc<dyn SmsGateway>, SmsSetupError> {
    Ok(match provider {
        SmsProvider::Http(settings) => Arc::new(HttpGateway::new(settings, TIMEOUT)?),
        SmsProvider::Mailbox => Arc::new(MailboxGateway { db: db.clone(), clock: clock.clone() }),
    })
}
