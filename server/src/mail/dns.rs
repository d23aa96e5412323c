//! What DNS says about mail of the sender's domain: hints, never a reason not to send.

use std::net::SocketAddr;
use std::time::Duration;

use contract::diagnosis::DnsHint;
use futures::future::join_all;
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{NameServerConfig, ResolverConfig, ResolverOpts};
use hickory_resolver::name_server::TokioConnectionProvider;
use hickory_resolver::proto::rr::{RData, RecordType};
use hickory_resolver::proto::xfer::Protocol;

/// How long all of it may take.
const LIMIT: Duration = Duration::from_secs(3);

/// Where the common mail services put a domain's DKIM key. Only the mail itself names the right one.
const SELECTORS: [&str; 8] = ["default", "selector1", "selector2", "google", "k1", "s1", "dkim", "mail"];

/// Which DNS is asked.
#[derive(Clone, Copy, Debug, Default)]
pub enum MailDns {
    /// This machine's own.
    #[default]
    System,
    /// The server at this address.
    At(SocketAddr),
}

/// What came of one question.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Answer {
    Records(Vec<String>),
    Mute,
}

impl Answer {
    fn records(&self) -> Option<&[String]> {
        match self {
            Self::Records(records) => Some(records),
            Self::Mute => None,
        }
    }
}

impl MailDns {
    /// Asks for SPF, DMARC, DKIM and MX of `domain`, in at most 3 seconds.
    pub async fn hints(self, domain: &str) -> Vec<DnsHint> {
        let Some(resolver) = self.resolver() else { return vec![DnsHint::NoAnswer] };
        let asking = ask_everything(&resolver, domain);
        tokio::time::timeout(LIMIT, asking).await.unwrap_or_else(|_| vec![DnsHint::NoAnswer])
    }

    /// A new one each time: whoever has just corrected a record must not be shown a cached one.
    fn resolver(self) -> Option<TokioResolver> {
        let mut builder = match self {
            Self::System => TokioResolver::builder_tokio().ok()?,
            Self::At(address) => {
                let mut config = ResolverConfig::new();
                config.add_name_server(NameServerConfig::new(address, Protocol::Udp));
                TokioResolver::builder_with_config(config, TokioConnectionProvider::default())
            }
        };
        let options: &mut ResolverOpts = builder.options_mut();
        options.timeout = Duration::from_millis(1200);
        options.attempts = 2;
        Some(builder.build())
    }
}

async fn ask_everything(resolver: &TokioResolver, domain: &str) -> Vec<DnsHint> {
    let keys = SELECTORS.map(|selector| format!("{selector}._domainkey.{domain}"));
    let (spf, mx, dmarc, dkim) = tokio::join!(
        ask(resolver, domain, RecordType::TXT),
        ask(resolver, domain, RecordType::MX),
        dmarc(resolver, domain),
        join_all(keys.iter().map(|name| ask(resolver, name, RecordType::TXT))),
    );
    let mut hints = Vec::new();
    let spf_count = spf.records().map(|records| records.iter().filter(|text| is_spf(text)).count());
    hints.extend(spf_count.map(|count| match count {
        0 => DnsHint::SpfMissing,
        1 => DnsHint::SpfFound,
        _ => DnsHint::SpfTwice,
    }));
    let has_key = |answer: &Answer| answer.records().is_some_and(|records| records.iter().any(|text| is_key(text)));
    if dkim.iter().any(has_key) {
        hints.push(DnsHint::DkimFound);
    } else if dkim.iter().any(|answer| answer.records().is_some()) {
        hints.push(DnsHint::DkimUnknown);
    }
    hints.extend(dmarc.map(|found| if found { DnsHint::DmarcFound } else { DnsHint::DmarcMissing }));
    if mx.records().is_some_and(<[String]>::is_empty) {
        hints.push(DnsHint::MxMissing);
    }
    if [spf, mx].contains(&Answer::Mute) || dmarc.is_none() {
        hints.push(DnsHint::NoAnswer);
    }
    hints
}

/// Whether the domain, or one above it up to its last two labels, has a DMARC policy: subdomains
/// are covered by their organization's. `None` when DNS does not answer.
async fn dmarc(resolver: &TokioResolver, domain: &str) -> Option<bool> {
    let mut part = domain;
    loop {
        let answer = ask(resolver, &format!("_dmarc.{part}"), RecordType::TXT).await;
        if answer.records()?.iter().any(|text| text.starts_with("v=DMARC1")) {
            return Some(true);
        }
        match part.split_once('.') {
            Some((_, above)) if above.contains('.') => part = above,
            _ => return Some(false),
        }
    }
}

async fn ask(resolver: &TokioResolver, name: &str, kind: RecordType) -> Answer {
    // The dot at the end keeps the machine's search list out.
    match resolver.lookup(format!("{name}."), kind).await {
        Ok(found) => Answer::Records(found.iter().filter_map(text).collect()),
        Err(error) if error.is_no_records_found() || error.is_nx_domain() => Answer::Records(Vec::new()),
        Err(_) => Answer::Mute,
    }
}

/// A record's text; an MX of `.` says that the domain takes no mail (RFC 7505).
fn text(record: &RData) -> Option<String> {
    match record {
        RData::TXT(txt) => Some(txt.iter().map(|part| String::from_utf8_lossy(part)).collect()),
        RData::MX(mx) => (!mx.exchange().is_root()).then(|| mx.exchange().to_string()),
        _ => None,
    }
}

fn is_spf(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    text == "v=spf1" || text.starts_with("v=spf1 ")
}

/// A DKIM key; an empty `p=` revokes one (RFC 6376 §3.6.1).
fn is_key(text: &str) -> bool {
    let tags = text.split(';').filter_map(|tag| tag.trim().split_once('='));
    tags.into_iter().any(|(name, value)| name.trim() == "p" && !value.trim().is_empty())
}
