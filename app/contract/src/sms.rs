//! SMS: why one was not handed over, and trying the chamber's providers.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::ServiceResult;

/// Why a provider did not take an SMS. Carries nothing of the SMS's text, its number or the provider's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum SmsError {
    /// The text is not one SMS.
    #[error("not one SMS: {0}")]
    Text(#[from] TextFault),
    /// The provider cannot be reached.
    #[error("the SMS provider cannot be reached")]
    Unreachable,
    /// TLS with the provider failed.
    #[error("TLS with the SMS provider failed")]
    Tls,
    /// It did not answer in time: nobody knows whether the SMS is on its way.
    #[error("the SMS provider did not answer in time")]
    TimedOut,
    /// The connection broke after the SMS left: nobody knows whether it is on its way.
    #[error("the connection to the SMS provider broke before it answered")]
    Lost,
    /// The gateway answered with another status than 2xx.
    #[error("the SMS gateway answered with status {0}")]
    Status(u16),
    /// It answered 2xx without the text that means success (`SMS_HTTP_EXITO`).
    #[error("the SMS gateway's answer does not mean success")]
    NotAccepted,
    /// It answered 2xx with a text that means failure (`SMS_HTTP_ERROR`).
    #[error("the SMS gateway's answer means failure")]
    Declined,
    /// The request could not be built from the templates.
    #[error("the SMS gateway's templates cannot be filled in")]
    Template,
    /// The SMSC refused the bind, with this command_status.
    #[error("the SMSC refused the bind with status 0x{0:08X}")]
    Bind(u32),
    /// The SMSC takes no more for now: throttled, or its queue is full.
    #[error("the SMSC takes no more SMS for now (status 0x{0:08X})")]
    Busy(u32),
    /// The SMSC refused the SMS, with this command_status.
    #[error("the SMSC refused the SMS with status 0x{0:08X}")]
    Refused(u32),
    /// The mailbox's table failed.
    #[error("the SMS mailbox failed")]
    Mailbox,
    /// The chamber has no provider.
    #[error("no SMS provider is configured")]
    NoProvider,
}

/// ESME_RINVDSTADR: the destination's number is not one that the SMSC serves.
pub const INVALID_DESTINATION: u32 = 0x0B;

impl SmsError {
    /// Whether the SMS may have left in spite of this, so that it counts against the budget.
    #[must_use]
    pub const fn may_have_left(self) -> bool {
        matches!(self, Self::TimedOut | Self::Lost)
    }

    /// Whether it says something of the provider, not of this one SMS.
    #[must_use]
    pub const fn blames_provider(self) -> bool {
        !matches!(self, Self::Text(_) | Self::Refused(INVALID_DESTINATION))
    }

    /// The word for it in `sms_intentos`.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::Text(TextFault::Letter) => "texto_fuera_de_gsm".to_owned(),
            Self::Text(TextFault::TooLong { .. }) => "texto_largo".to_owned(),
            Self::Unreachable => "sin_conexion".to_owned(),
            Self::Tls => "tls_fallido".to_owned(),
            Self::TimedOut => "sin_respuesta".to_owned(),
            Self::Lost => "conexion_perdida".to_owned(),
            Self::Status(status) => format!("http_{status}"),
            Self::NotAccepted => "sin_texto_de_exito".to_owned(),
            Self::Declined => "texto_de_error".to_owned(),
            Self::Template => "plantilla_errada".to_owned(),
            Self::Bind(status) => format!("enlace_rechazado_{status:08x}"),
            Self::Busy(status) => format!("smsc_ocupado_{status:08x}"),
            Self::Refused(INVALID_DESTINATION) => "numero_no_valido".to_owned(),
            Self::Refused(status) => format!("rechazado_{status:08x}"),
            Self::Mailbox => "buzon_fallido".to_owned(),
            Self::NoProvider => "sin_proveedor".to_owned(),
        }
    }
}

/// Why a text is not one SMS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum TextFault {
    /// It has a letter that GSM 03.38 does not have.
    #[error("a letter outside of GSM 03.38")]
    Letter,
    /// It takes more septets than one SMS has.
    #[error("{septets} septets")]
    TooLong {
        /// How many it takes.
        septets: usize,
    },
}

/// What one provider did with a trial SMS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SmsReport {
    /// The provider's name in tables and figures: `http`, `smpp-contingencia`.
    pub proveedor: String,
    /// How its variables begin: `SMS_`, `SMS_CONTINGENCIA_`.
    pub variables: String,
    /// Why it did not take the SMS; `None` when it did.
    pub falla: Option<SmsError>,
    /// The provider's own identifier of the SMS.
    pub id: Option<String>,
    /// How long it took.
    pub milisegundos: u64,
}

/// «Probar SMS», for the staff member to whom it is bound.
#[async_trait]
pub trait SmsTrialService: Send + Sync {
    /// Sends a harmless text to this mobile by every provider of the chamber.
    async fn try_sms(&self, celular: &str) -> ServiceResult<Vec<SmsReport>>;
}
