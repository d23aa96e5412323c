//! An operator's SMSC over SMPP 3.4.

mod link;
mod session;
mod wire;

use std::str::FromStr;
use std::time::Instant;

use async_trait::async_trait;
use contract::{ChamberCode, ColombianMobile};
use rusmpp::pdus::{SubmitSm, SubmitSmResp};
use rusmpp::types::{COctetString, OctetString};
use rusmpp::values::{DataCoding, EsmClass, Npi, Ton};
use rusmpp::{Command, CommandId, CommandStatus};
use rusmppc::error::Error;
use tokio::time::timeout;

use super::{Provider, Receipt, SmsError, SmsSetupError, SmsText, TIMEOUT};
use crate::config::SmppSms;
use link::Link;

/// An SMSC, with the one connection that every request of this process shares.
pub struct SmppGateway {
    settings: SmppSms,
    link: Link,
}

impl SmppGateway {
    /// Prepares the connection; it is made when the first SMS asks for it.
    ///
    /// # Errors
    /// When `SMS_SMPP_CA` is no certificate.
    pub fn new(settings: &SmppSms) -> Result<Self, SmsSetupError> {
        let tls = settings
            .tls
            .as_ref()
            .map(|trust| wire::connector(trust).ok_or_else(|| SmsSetupError(format!("{}SMPP_CA", settings.prefix))));
        Ok(Self { link: Link::new(settings.clone(), tls.transpose()?), settings: settings.clone() })
    }

    /// `None` only if number or text did not fit, which their types rule out.
    fn submit(&self, to: &ColombianMobile, text: &SmsText) -> Option<SubmitSm> {
        let destination = COctetString::from_str(&format!("57{}", to.as_str())).ok()?;
        Some(
            SubmitSm::builder()
                .source_addr_ton(self.settings.source_ton)
                .source_addr_npi(self.settings.source_npi)
                .source_addr(self.settings.source.clone())
                .dest_addr_ton(Ton::International)
                .dest_addr_npi(Npi::Isdn)
                .destination_addr(destination)
                // The library's default is a delivery acknowledgement; this is an ordinary message.
                .esm_class(EsmClass::from(0))
                .data_coding(DataCoding::McSpecific)
                .short_message(OctetString::from_slice(text.septets()).ok()?)
                .build(),
        )
    }
}

#[async_trait]
impl Provider for SmppGateway {
    async fn send(&self, camara: ChamberCode, to: &ColombianMobile, text: &SmsText) -> Result<Receipt, SmsError> {
        let begun = Instant::now();
        let submit = self.submit(to, text).ok_or(SmsError::Template)?;
        // Nothing has left until there is a session: running out of time here is a definite no.
        let session = timeout(TIMEOUT, self.link.session(camara)).await.map_err(|_| SmsError::Unreachable)??;
        let patience = self.settings.patience.min(TIMEOUT.saturating_sub(begun.elapsed()));
        match timeout(patience, session.submit(submit)).await {
            Err(_) => Err(SmsError::TimedOut),
            Ok(answer) => receipt(answer, to),
        }
    }
}

fn receipt(answer: Result<SubmitSmResp, Error>, to: &ColombianMobile) -> Result<Receipt, SmsError> {
    match answer {
        Ok(taken) => Ok(Receipt::new(taken.message_id().as_str(), to)),
        Err(Error::UnexpectedResponse { response }) => refusal(&response),
        // What could not be written as a PDU never left.
        Err(Error::Encode(_)) => Err(SmsError::Template),
        Err(_) => Err(SmsError::Lost),
    }
}

fn refusal(response: &Command) -> Result<Receipt, SmsError> {
    match response.status() {
        // Some SMSC leave the body out even when they take the SMS.
        CommandStatus::EsmeRok if response.id() == CommandId::SubmitSmResp => Ok(Receipt::default()),
        CommandStatus::EsmeRok => Err(SmsError::Lost),
        busy @ (CommandStatus::EsmeRthrottled | CommandStatus::EsmeRmsgqful) => Err(SmsError::Busy(busy.into())),
        other => Err(SmsError::Refused(other.into())),
    }
}
