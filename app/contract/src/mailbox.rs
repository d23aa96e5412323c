//! The demo's mailbox at `/buzon`: what the embedded catcher and the SMS table hold.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{ServiceResult, Timestamp};

/// A captured mail in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapturedMail {
    /// Its number.
    pub id: u64,
    /// When it came.
    pub recibido_en: Timestamp,
    /// Envelope recipient.
    pub para: String,
    /// Subject, decoded.
    pub asunto: String,
    /// The attachments' file names; each is at `/buzon/correo/{id}/adjunto/{index}`.
    pub adjuntos: Vec<String>,
}

/// A captured mail with its body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapturedMailBody {
    /// As in the list.
    pub resumen: CapturedMail,
    /// Sender as in the header.
    pub de: String,
    /// The text part.
    pub texto: String,
}

/// A captured SMS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapturedSms {
    /// When.
    pub enviado_en: Timestamp,
    /// The mobile.
    pub celular: String,
    /// The text.
    pub texto: String,
}

/// The mailbox; provided only in the demo.
#[async_trait]
pub trait MailboxService: Send + Sync {
    /// Mails, newest first, at most 100.
    async fn mails(&self) -> ServiceResult<Vec<CapturedMail>>;
    /// One mail.
    async fn mail(&self, id: u64) -> ServiceResult<CapturedMailBody>;
    /// SMS, newest first, at most 100.
    async fn sms(&self) -> ServiceResult<Vec<CapturedSms>>;
}
