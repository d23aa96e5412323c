//! The log: lines of text for people, or of JSON for machines (`LOG_FORMATO=json`). What is written
//! holds requests, batches, rows and chambers by their numbers: never anything of a person.

use std::io::IsTerminal;

use rand::Rng;
use rand::distr::Alphanumeric;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

tokio::task_local! {
    static REQUEST: RequestId;
}

/// A request's name: in its log lines, in its answer (`X-Request-Id`), and the reference that a user is
/// shown when something unexpected happens. Always our own: one from outside could carry anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// A fresh one.
    #[must_use]
    pub fn fresh() -> Self {
        Self(rand::rng().sample_iter(Alphanumeric).take(12).map(char::from).collect())
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Runs a request's work under its name.
    pub async fn scope<F: Future>(self, work: F) -> F::Output {
        REQUEST.scope(self, work).await
    }

    /// The name of the request whose work this is; `None` outside of one.
    #[must_use]
    pub fn current() -> Option<Self> {
        REQUEST.try_with(Clone::clone).ok()
    }
}

/// The two ways to write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Format {
    /// `LOG_FORMATO`: `json`, or anything else (a fault of the configuration) for text.
    #[must_use]
    pub fn parse(value: Option<&str>) -> Self {
        if value == Some("json") { Self::Json } else { Self::Text }
    }
}

/// Begins the log of this process; a second beginning changes nothing.
pub fn begin<W>(format: Format, filter: EnvFilter, writer: W)
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer);
    let _ = match format {
        Format::Text => lines.with_ansi(std::io::stderr().is_terminal()).try_init(),
        Format::Json => lines.json().flatten_event(true).with_span_list(false).try_init(),
    };
}

/// What those libraries log below their errors holds whole commands: a bounce mailbox's password, the
/// SMSC's, a PIN. Named to the end, so that no `RUST_LOG` is more specific.
const SILENT: [&str; 5] =
    ["async_imap=off", "rusmpp=off", "rusmppc=off", "rusmpp::codec::encode=off", "rusmpp::codec::decode=off"];

/// What is logged: `RUST_LOG`, or this.
#[must_use]
pub fn filter(otherwise: &str) -> EnvFilter {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| otherwise.into());
    SILENT.iter().filter_map(|silent| silent.parse().ok()).fold(filter, EnvFilter::add_directive)
}
