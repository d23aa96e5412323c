//! Time-stamps (RFC 3161) over HTTP: a third party's word that the signature existed at a time. A mail never
//! waits long for one: a stamping authority that fails is left alone for a while, and the documents of that
//! while are signed without (B-B).

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use contract::{ChamberCode, Timestamp};
use openssl::cms::{CMSOptions, CmsContentInfo};
use rand::Rng;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, Response, Url};

use super::cms::SHA_256;
use super::der::{Reader, integer, null, octets, oid, sequence, value};
use crate::config::TsaSettings;
use crate::observe::figures;

/// A token with its authority's certificates; PDFs keep as much room.
pub(super) const LONGEST_TOKEN: usize = 8 * 1024;

/// What is read of an answer.
const LONGEST_ANSWER: usize = LONGEST_TOKEN + 1024;

/// From the connection to the last byte.
const TIME_OUT: Duration = Duration::from_secs(5);

/// How long an authority that failed is left alone.
const REST_SECONDS: i64 = 60;

const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const BOOLEAN: u8 = 0x01;

/// Why there is no time-stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TsaFault {
    /// It failed a moment ago.
    #[error("left alone after a failure")]
    Rests,
    /// No connection.
    #[error("cannot be reached")]
    Unreachable,
    /// Nothing within five seconds.
    #[error("does not answer in time")]
    TimedOut,
    /// HTTP says no.
    #[error("HTTP {0}")]
    Status(u16),
    /// `PKIStatus` is neither granted nor granted with modifications.
    #[error("refused the request")]
    Refused,
    /// No answer of RFC 3161, a token that does not verify, or one too long for its room.
    #[error("gave no usable token")]
    Malformed,
    /// The token is over something else or answers another request.
    #[error("stamped something else")]
    Foreign,
}

/// A stamping authority.
pub struct Tsa {
    client: Client,
    url: Url,
    authorization: Option<HeaderValue>,
    /// Until when it is left alone: milliseconds since the epoch.
    rests_until: AtomicI64,
}

impl Tsa {
    /// Ready to stamp; `None` when the settings cannot be used.
    #[must_use]
    pub fn new(settings: &TsaSettings) -> Option<Self> {
        let client = Client::builder()
            .timeout(TIME_OUT)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent("clave-segura")
            .build()
            .ok()?;
        let authorization = match &settings.account {
            Some((user, password)) => Some(crate::config::basic_authorization(user, password)?),
            None => None,
        };
        let url = Url::parse(&settings.url).ok()?;
        Some(Self { client, url, authorization, rests_until: AtomicI64::new(i64::MIN) })
    }

    /// A token over `imprint`, a SHA-256, or the reason why there is none: it is logged and counted, and
    /// the authority rests.
    ///
    /// # Errors
    /// Each way in which it can fail.
    pub async fn stamp(&self, camara: ChamberCode, imprint: &[u8; 32], now: Timestamp) -> Result<Vec<u8>, TsaFault> {
        let stamped = if now.0 < self.rests_until.load(Ordering::Relaxed) {
            Err(TsaFault::Rests)
        } else {
            self.ask(imprint).await
        };
        figures::time_stamp(camara, stamped.is_ok());
        if let Err(fault) = &stamped
            && *fault != TsaFault::Rests
        {
            tracing::warn!(%fault, %camara, "time-stamp authority (FIRMA_TSA_URL); signing without time-stamps for a while");
            self.rests_until.store(now.plus_seconds(REST_SECONDS).0, Ordering::Relaxed);
        }
        stamped
    }

    async fn ask(&self, imprint: &[u8; 32]) -> Result<Vec<u8>, TsaFault> {
        let nonce: [u8; 8] = rand::rng().random();
        let mut asked = self
            .client
            .post(self.url.clone())
            .header(CONTENT_TYPE, "application/timestamp-query")
            .header(ACCEPT, "application/timestamp-reply")
            .body(request(imprint, &nonce));
        if let Some(authorization) = &self.authorization {
            asked = asked.header(AUTHORIZATION, authorization.clone());
        }
        let answer = asked.send().await.map_err(|error| classify(&error))?;
        if !answer.status().is_success() {
            return Err(TsaFault::Status(answer.status().as_u16()));
        }
        token(&body(answer).await?, imprint, &nonce)
    }
}

/// `TimeStampReq`: version 1, the imprint, a nonce, and the wish for the authority's certificates.
fn request(imprint: &[u8; 32], nonce: &[u8]) -> Vec<u8> {
    let algorithm = sequence(&[oid(SHA_256), null()]);
    let wish = value(BOOLEAN, &[0xFF]);
    sequence(&[integer(&[1]), sequence(&[algorithm, octets(imprint)]), integer(nonce), wish])
}

/// The token of a `TimeStampResp`, when it is one for this request and its signature verifies.
fn token(answer: &[u8], imprint: &[u8; 32], nonce: &[u8]) -> Result<Vec<u8>, TsaFault> {
    let mut response = Reader(answer).inside().ok_or(TsaFault::Malformed)?;
    let status = response.inside().and_then(|mut status| status.expect(INTEGER)).ok_or(TsaFault::Malformed)?;
    if !matches!(status, [0 | 1]) {
        return Err(TsaFault::Refused);
    }
    let (_, _, token) = response.next().ok_or(TsaFault::Malformed)?;
    if token.len() > LONGEST_TOKEN {
        return Err(TsaFault::Malformed);
    }
    let mut info = Vec::new();
    // Which authority is to be trusted is the reader's question; that the token is whole is ours.
    let opened = CmsContentInfo::from_der(token)
        .and_then(|mut cms| cms.verify(None, None, None, Some(&mut info), CMSOptions::NO_SIGNER_CERT_VERIFY));
    opened.map_err(|_| TsaFault::Malformed)?;
    match stamped(&info) {
        Some((over, answers)) if over == imprint && answers == Some(nonce_content(nonce).as_slice()) => {
            Ok(token.to_vec())
        }
        Some(_) => Err(TsaFault::Foreign),
        None => Err(TsaFault::Malformed),
    }
}

/// Imprint and nonce of a `TSTInfo`.
fn stamped(info: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    let mut info = Reader(info).inside()?;
    info.expect(INTEGER)?; // version
    info.next()?; // policy
    let mut imprint = info.inside()?;
    let algorithm = imprint.inside()?.next()?.2;
    if algorithm != oid(SHA_256) {
        return None;
    }
    let over = imprint.expect(OCTETS)?;
    info.next()?; // serial number
    info.next()?; // time
    // Accuracy and ordering may stand before the nonce.
    let mut nonce = None;
    while let Some((tag, content, _)) = info.next() {
        if tag == INTEGER {
            nonce = Some(content);
        }
    }
    Some((over, nonce))
}

/// The nonce as DER writes it.
fn nonce_content(nonce: &[u8]) -> Vec<u8> {
    let der = integer(nonce);
    Reader(&der).expect(INTEGER).unwrap_or_default().to_vec()
}

async fn body(mut answer: Response) -> Result<Vec<u8>, TsaFault> {
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| classify(&error))? {
        if bytes.len() + chunk.len() > LONGEST_ANSWER {
            return Err(TsaFault::Malformed);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// reqwest's own text holds the address, and with it perhaps an account: only its kind is kept.
fn classify(error: &reqwest::Error) -> TsaFault {
    if error.is_timeout() { TsaFault::TimedOut } else { TsaFault::Unreachable }
}
