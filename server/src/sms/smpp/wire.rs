//! The bytes under SMPP: TCP, and TLS where it is asked for.

use native_tls::{Certificate, Protocol, TlsConnector};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use crate::config::{SmppSms, TlsTrust};
use crate::sms::SmsError;

/// A connection, plain or not.
pub(super) trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Wire for S {}

/// `None` when the certificate to trust cannot be read.
pub(super) fn connector(trust: &TlsTrust) -> Option<TlsConnector> {
    let mut builder = TlsConnector::builder();
    builder.min_protocol_version(Some(Protocol::Tlsv12));
    if let Some(path) = &trust.extra_ca {
        builder.add_root_certificate(Certificate::from_pem(&std::fs::read(path).ok()?).ok()?);
    }
    builder.build().ok()
}

/// Connects to any of the name's addresses.
pub(super) async fn connect(settings: &SmppSms, tls: Option<&TlsConnector>) -> Result<Box<dyn Wire>, SmsError> {
    let address = (settings.host.as_str(), settings.port);
    let stream = TcpStream::connect(address).await.map_err(|_| SmsError::Unreachable)?;
    // One PDU is one packet that nobody should wait with.
    stream.set_nodelay(true).map_err(|_| SmsError::Unreachable)?;
    let Some(tls) = tls else { return Ok(Box::new(stream)) };
    let tls = tokio_native_tls::TlsConnector::from(tls.clone());
    let stream = tls.connect(&settings.host, stream).await.map_err(|_| SmsError::Tls)?;
    Ok(Box::new(stream))
}
