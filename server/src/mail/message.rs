//! A mail's bytes: multipart/alternative (text and HTML) and, beside it, what is attached.

use std::time::{Duration, SystemTime};

use contract::{Email, Timestamp};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment as LettreAttachment, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};

use super::templates::one_line;
use super::{MailFault, Rendered};
use crate::config::Smtp;
use crate::secrets::random_token;

/// A PDF that goes with a mail.
pub struct Attachment<'a> {
    /// The file's name.
    pub name: &'a str,
    /// Its bytes.
    pub pdf: Vec<u8>,
}

/// Sender and recipient as the server is told them.
#[derive(Clone)]
pub struct Envelope {
    /// `MASIVOS_SMTP_CORREO_ADMIN`, or the mail's own bounce address (`REBOTES_DIRECCION`).
    pub from: Address,
    /// The merchant's address.
    pub to: Address,
}

/// A fresh Message-ID in the sender's domain; kept in the row, so that a resend bears the same.
#[must_use]
pub fn new_message_id(from: &Email) -> String {
    let domain = from.as_str().rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    format!("<{}@{domain}>", random_token())
}

/// Puts a mail together.
///
/// # Errors
/// [`MailFault::Address`] when an address that the contract accepts is none for lettre.
pub fn compose(
    smtp: &Smtp,
    to: &str,
    name: &str,
    message_id: &str,
    at: Timestamp,
    mail: Rendered,
    attachment: Option<Attachment<'_>>,
) -> Result<(Envelope, Vec<u8>), MailFault> {
    let sender = address(smtp.from_address.as_str())?;
    let envelope = Envelope { from: bounces_to(smtp, message_id)?.unwrap_or_else(|| sender.clone()), to: address(to)? };
    let display = |name: &str| Some(one_line(name, 80)).filter(|name| !name.is_empty());
    let bodies = MultiPart::alternative_plain_html(mail.text, mail.html);
    let content = match attachment {
        None => bodies,
        Some(attachment) => MultiPart::mixed().multipart(bodies).singlepart(pdf_part(attachment)?),
    };
    let sent = SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(at.0).unwrap_or_default());
    // Given, because lettre would read it back from the headers, where it takes no quoted local part.
    let given = lettre::address::Envelope::new(Some(envelope.from.clone()), vec![envelope.to.clone()]);
    let message = Message::builder()
        .envelope(given.map_err(|_| MailFault::Address)?)
        .from(Mailbox::new(display(&smtp.from_name), sender))
        .to(Mailbox::new(display(name), envelope.to.clone()))
        .subject(mail.subject)
        .date(sent)
        .message_id(Some(message_id.to_owned()))
        // Nobody reads answers to it, and vacation robots must not answer (RFC 3834).
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
        .multipart(content)
        .map_err(|_| MailFault::Address)?;
    Ok((envelope, message.formatted()))
}

/// Where the server is told to send this mail's bounces (VERP). The token is that of the Message-ID:
/// nobody but the recipient and the servers on the way ever saw it.
fn bounces_to(smtp: &Smtp, message_id: &str) -> Result<Option<Address>, MailFault> {
    let token = message_id.trim_start_matches('<').split_once('@').map(|(token, _)| token);
    let own = smtp.bounce_address.as_ref().zip(token).map(|(bounces, token)| bounces.with_token(token));
    own.as_deref().map(address).transpose()
}

fn pdf_part(attachment: Attachment<'_>) -> Result<SinglePart, MailFault> {
    let kind = ContentType::parse("application/pdf").map_err(|_| MailFault::Address)?;
    Ok(LettreAttachment::new(attachment.name.to_owned()).body(attachment.pdf, kind))
}
/// An address as SMTP wants it. The registry's `nombre.@dominio` is deliverable at some servers, but
/// its local part may only be written as a quoted string (RFC 5321 §4.1.2), which means the same.
fn address(text: &str) -> Result<Address, MailFault> {
    let quoted = || {
        let (local, domain) = text.split_once('@')?;
        format!("\"{local}\"@{domain}").parse().ok()
    };
    text.parse().ok().or_else(quoted).ok_or(MailFault::Address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_ends_in_a_dot_is_quoted_and_any_other_stays_as_it_is() {
        assert_eq!(address("ana@example.com").unwrap().to_string(), "ana@example.com");
        assert_eq!(address("ana.@example.com").unwrap().to_string(), "\"ana.\"@example.com");
        assert!(address("ana").is_err());
    }
}
