//! One mail by itself: a conversation of its own with the chamber's server.

use contract::Timestamp;
use minijinja::Value;

use super::smtp::{Connection, TimeOuts};
use super::{MailFault, Template, Templates, compose, new_message_id};
use crate::config::{Chamber, Smtp};

/// The chamber's complete mail server.
///
/// # Errors
/// [`MailFault::NotConfigured`] with the names of what is missing.
pub(super) fn server_of(chamber: &Chamber) -> Result<&Smtp, MailFault> {
    chamber.smtp.as_ref().map_err(|missing| MailFault::NotConfigured(missing.clone()))
}

/// Sends a mail over the chamber's own server and waits for its answer.
pub(super) async fn send_single(
    chamber: &Chamber,
    template: Template,
    values: &Value,
    to: &str,
    name: &str,
    at: Timestamp,
) -> Result<(), MailFault> {
    let smtp = server_of(chamber)?;
    let mail = Templates::load(chamber.templates.as_deref())?.render(template, values)?;
    let message_id = new_message_id(&smtp.from_address);
    let (envelope, message) = compose(smtp, to, name, &message_id, at, mail, None)?;
    let mut connection = Connection::open(smtp, TimeOuts::default()).await?;
    connection.begin(&envelope).await?;
    connection.finish(&message).await?;
    connection.quit().await;
    Ok(())
}
