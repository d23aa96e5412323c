//! «Probar conexión»: the chamber's mail server, step by step, without sending anything.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::ServiceResult;

/// What is tried, in this order; a failed step ends the trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The server's name has an address.
    Nombre,
    /// Something listens at its port and greets.
    Conexion,
    /// TLS is offered and its certificate is trusted.
    Cifrado,
    /// Account and password are taken.
    Autenticacion,
    /// The sender is taken (MAIL FROM, then RSET).
    Remitente,
}

/// Why a step failed; the interface says which variable to change and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepFault {
    /// The name has no address.
    UnknownName,
    /// Nobody listens at the port, or a firewall says no.
    Refused,
    /// No answer in time.
    TimedOut,
    /// What answers does not greet as a mail server: often TLS from the first byte, or the other way round.
    NotSmtp,
    /// The server greets with a refusal.
    GreetingRefused,
    /// STARTTLS is not offered.
    NoStartTls,
    /// The TLS handshake failed: port of the other kind of encryption, or old protocol.
    Handshake,
    /// The certificate is not trusted, expired, or of another name.
    Certificate,
    /// No kind of authentication that we know is offered, or none before TLS.
    NoMechanism,
    /// Account or password are wrong.
    WrongAccount,
    /// The server wants authentication and none is set.
    AuthenticationRequired,
    /// The sender's address is refused.
    SenderRefused,
    /// The server says to come back later.
    Throttled,
    /// The connection broke.
    Broken,
}

/// How one step went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepReport {
    /// Which.
    pub paso: Step,
    /// Why it failed; `None` when it went well.
    pub falla: Option<StepFault>,
    /// What was seen: addresses, the server's own words, the certificate's name. No personal data.
    pub detalle: String,
    /// How long it took.
    pub milisegundos: u64,
}

/// What DNS says about mail of the sender's domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DnsHint {
    /// An SPF record exists.
    SpfFound,
    /// None does: many servers will distrust the mails.
    SpfMissing,
    /// More than one: receivers treat that as an error (RFC 7208 §4.5).
    SpfTwice,
    /// A DMARC policy exists.
    DmarcFound,
    /// None does.
    DmarcMissing,
    /// A DKIM key was found at a usual selector.
    DkimFound,
    /// None at the usual selectors: only the mail's administrator knows the right one.
    DkimUnknown,
    /// The domain has no MX: bounces cannot come back.
    MxMissing,
    /// DNS does not answer from this machine.
    NoAnswer,
}

/// The whole trial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnosis {
    /// `server:port` that was tried.
    pub servidor: String,
    /// The sender's domain.
    pub dominio: String,
    /// The steps made.
    pub pasos: Vec<StepReport>,
    /// What DNS says.
    pub dns: Vec<DnsHint>,
}

impl Diagnosis {
    /// Whether mail could leave.
    #[must_use]
    pub fn is_well(&self) -> bool {
        !self.pasos.is_empty() && self.pasos.iter().all(|step| step.falla.is_none())
    }
}

/// «Probar conexión», for the staff member to whom it is bound.
#[async_trait]
pub trait DiagnosisService: Send + Sync {
    /// Tries the chamber's mail server.
    async fn try_connection(&self) -> ServiceResult<Diagnosis>;
}
