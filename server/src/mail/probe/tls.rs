//! The TLS of a trial: the same trust as when mails are sent, but with the reason of a no.

use std::net::SocketAddr;

use contract::diagnosis::StepFault;
use native_tls::{Certificate, Protocol, TlsConnector};
use openssl::nid::Nid;
use openssl::x509::X509;
use tokio::net::TcpStream;
use tokio_native_tls::TlsStream;

use super::talk::{Stream, Talk};
use super::{Seen, Stop};
use crate::config::{Encryption, Smtp};
use crate::signing::instant;

/// TLS over a stream, the certificate checked for the server's name; whose it is.
pub(super) async fn secure<S: Stream + 'static>(smtp: &Smtp, stream: S) -> Result<(Box<dyn Stream>, String), Stop> {
    let connector = connector(smtp)?;
    let secured = tokio_native_tls::TlsConnector::from(connector).connect(&smtp.server, stream).await;
    let stream = secured.map_err(|error| refused(&error))?;
    let words = certificate_words(&stream).unwrap_or_default();
    Ok((Box::new(stream), words))
}

/// STARTTLS, and EHLO again under it.
pub(super) async fn upgrade(smtp: &Smtp, talk: Talk) -> Seen<Talk> {
    let (stream, words) = secure(smtp, start(talk).await?).await?;
    Ok((Talk::begin_again(stream).await?, words))
}

async fn start(mut talk: Talk) -> Result<Box<dyn Stream>, Stop> {
    if !talk.offers_starttls() {
        talk.quit().await;
        return Err(Stop::new(StepFault::NoStartTls, ""));
    }
    let answer = talk.ask("STARTTLS").await?;
    match answer.code {
        220 => talk.into_stream().ok_or_else(|| Stop::new(StepFault::Handshake, "")),
        400..=499 => Err(answer.stop(StepFault::Throttled)),
        _ => Err(answer.stop(StepFault::NoStartTls)),
    }
}

/// Whose certificate the server shows when it is not trusted: a connection on which nothing is said.
pub(super) async fn shown(smtp: &Smtp, address: SocketAddr) -> Option<String> {
    let tcp = TcpStream::connect(address).await.ok()?;
    let stream: Box<dyn Stream> = match smtp.encryption {
        Encryption::StartTls => start(Talk::begin(Box::new(tcp)).await.ok()?.0).await.ok()?,
        _ => Box::new(tcp),
    };
    certificate_words(&look(&smtp.server, stream).await?)
}

/// Whether the other side of a silent connection speaks TLS.
pub(super) async fn speaks_tls(stream: TcpStream) -> bool {
    look("localhost", Box::new(stream)).await.is_some()
}

/// A handshake that trusts anything, only to see what is there.
async fn look(name: &str, stream: Box<dyn Stream>) -> Option<TlsStream<Box<dyn Stream>>> {
    let mut builder = TlsConnector::builder();
    builder.danger_accept_invalid_certs(true).danger_accept_invalid_hostnames(true);
    tokio_native_tls::TlsConnector::from(builder.build().ok()?).connect(name, stream).await.ok()
}

fn connector(smtp: &Smtp) -> Result<TlsConnector, Stop> {
    let unreadable =
        || Stop::new(StepFault::Certificate, "El archivo de MASIVOS_SMTP_CA no es un certificado legible.");
    let mut builder = TlsConnector::builder();
    builder.min_protocol_version(Some(Protocol::Tlsv12));
    if let Some(path) = &smtp.extra_ca {
        let pem = std::fs::read(path).map_err(|_| unreadable())?;
        builder.add_root_certificate(Certificate::from_pem(&pem).map_err(|_| unreadable())?);
    }
    builder.build().map_err(|error| Stop::new(StepFault::Handshake, error.to_string()))
}

/// native-tls has one error for both; OpenSSL's verdict on the certificate stands in its text, in
/// brackets at the end.
fn refused(error: &native_tls::Error) -> Stop {
    let words = error.to_string();
    if !words.contains("certificate verify failed") {
        return Stop::new(StepFault::Handshake, words);
    }
    let verdict = words.rsplit_once('(').map_or(words.as_str(), |(_, verdict)| verdict.trim_end_matches(')'));
    Stop::new(StepFault::Certificate, verdict)
}

fn certificate_words<S: Stream>(stream: &TlsStream<S>) -> Option<String> {
    let der = stream.get_ref().peer_certificate().ok()??.to_der().ok()?;
    let certificate = X509::from_der(&der).ok()?;
    let mut names: Vec<String> = certificate
        .subject_alt_names()
        .map(|names| names.iter().filter_map(|name| name.dnsname().map(str::to_owned)).take(3).collect())
        .unwrap_or_default();
    if names.is_empty() {
        let common = certificate.subject_name().entries_by_nid(Nid::COMMONNAME).next();
        names.extend(common.and_then(|entry| entry.data().to_string().ok()));
    }
    let until = instant(certificate.not_after())?.date();
    Some(format!("certificado de {}, vence el {until}", names.join(" ")))
}
