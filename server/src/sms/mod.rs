//! SMS: a gateway over HTTP, an SMSC over SMPP, the demo's mailbox; and a contingency provider for
//! when the first one cannot.

mod circuit;
mod fault;
mod http;
mod mailbox;
mod route;
mod smpp;
mod template;
mod text;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
pub use contract::sms::{INVALID_DESTINATION, SmsError, TextFault};
use contract::{ChamberCode, ColombianMobile};

pub use circuit::Circuit;
pub use fault::SmsSetupError;
pub use http::HttpGateway;
pub use mailbox::MailboxGateway;
pub use route::{Route, Seat};
pub use smpp::SmppGateway;
pub use text::SmsText;

use crate::clock::Clock;
use crate::config::{CONTINGENCY, FIRST, SmsProvider, SmsSettings};
use crate::db::Db;

/// How long a provider may take, connecting and its answer included: with a contingency provider a
/// merchant waits at most twice as long.
pub const TIMEOUT: Duration = Duration::from_secs(8);

/// The longest identifier of a provider that is kept.
const LONGEST_ID: usize = 64;

/// A provider took an SMS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// The provider's own identifier, to ask after the SMS by.
    pub id: Option<String>,
}

impl Receipt {
    /// Keeps a provider's identifier: one short word, and never with the number in it (some have it).
    #[must_use]
    pub fn new(id: &str, to: &ColombianMobile) -> Self {
        let masked = id.replace(to.as_str(), &to.masked());
        let id: String =
            masked.chars().filter(|c| c.is_alphanumeric() || "-_.:•*".contains(*c)).take(LONGEST_ID).collect();
        Self { id: (!id.is_empty()).then_some(id) }
    }
}

/// One provider asked to take one SMS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The provider's name in tables and figures.
    pub provider: &'static str,
    /// How long it took.
    pub took: Duration,
    /// What came of it.
    pub result: Result<Receipt, SmsError>,
}

impl Attempt {
    /// How the variables of this provider begin.
    #[must_use]
    pub fn variables(&self) -> &'static str {
        if self.provider.ends_with(CONTINGENCY_LABEL) { CONTINGENCY } else { FIRST }
    }
}

const CONTINGENCY_LABEL: &str = "-contingencia";

/// Something that takes SMS.
#[async_trait]
pub trait Provider: Send + Sync {
    /// Hands one SMS over, within [`TIMEOUT`].
    async fn send(&self, camara: ChamberCode, to: &ColombianMobile, text: &SmsText) -> Result<Receipt, SmsError>;
}

/// A chamber's way to its merchants' telephones.
#[async_trait]
pub trait SmsGateway: Send + Sync {
    /// Hands one SMS over; says which providers were asked, in their order.
    async fn send(&self, camara: ChamberCode, to: &ColombianMobile, text: &SmsText) -> Vec<Attempt>;

    /// Sends the same by every provider, to try them.
    async fn try_each(&self, camara: ChamberCode, to: &ColombianMobile, text: &SmsText) -> Vec<Attempt> {
        self.send(camara, to, text).await
    }
}

/// The gateway of a chamber's `SMS_*`. A contingency provider that cannot be set up leaves the first one
/// at work; [`setup_fault`] names it.
///
/// # Errors
/// When a template, a header or a certificate of the first provider cannot be used.
pub fn gateway(settings: &SmsSettings, db: &Db, clock: &Clock) -> Result<Arc<dyn SmsGateway>, SmsSetupError> {
    let first = Seat { label: label(&settings.first, false), provider: provider(&settings.first, db, clock)? };
    let second = |second: &SmsProvider| {
        let fault = |fault: &SmsSetupError| tracing::error!(%fault, "no contingency for SMS");
        let provider = provider(second, db, clock).inspect_err(fault).ok()?;
        Some(Seat { label: label(second, true), provider })
    };
    let contingency = settings.contingency.as_ref().and_then(second);
    Ok(Arc::new(Route::new(first, contingency, clock.clone())))
}

/// What keeps the gateway from being set up, for `revisar-config`.
#[must_use]
pub fn setup_fault(settings: &SmsSettings) -> Option<SmsSetupError> {
    let fault = |provider: &SmsProvider| match provider {
        SmsProvider::Http(http) => HttpGateway::new(http, TIMEOUT).err(),
        SmsProvider::Smpp(smpp) => SmppGateway::new(smpp).err(),
        SmsProvider::Mailbox => None,
    };
    fault(&settings.first).or_else(|| settings.contingency.as_ref().and_then(fault))
}

fn provider(settings: &SmsProvider, db: &Db, clock: &Clock) -> Result<Arc<dyn Provider>, SmsSetupError> {
    Ok(match settings {
        SmsProvider::Http(http) => Arc::new(HttpGateway::new(http, TIMEOUT)?),
        SmsProvider::Smpp(smpp) => Arc::new(SmppGateway::new(smpp)?),
        SmsProvider::Mailbox => Arc::new(MailboxGateway { db: db.clone(), clock: clock.clone() }),
    })
}

const fn label(settings: &SmsProvider, contingency: bool) -> &'static str {
    match (settings, contingency) {
        (SmsProvider::Http(_), false) => "http",
        (SmsProvider::Http(_), true) => "http-contingencia",
        (SmsProvider::Smpp(_), false) => "smpp",
        (SmsProvider::Smpp(_), true) => "smpp-contingencia",
        (SmsProvider::Mailbox, _) => "buzon",
    }
}
