//! The mail that tells a merchant of the activation (manual, section 10).

use contract::{Email, Timestamp};
use minijinja::context;

use super::smtp::{Connection, TimeOuts};
use super::{MailFault, Template, Templates, compose, new_message_id};
use crate::config::Chamber;

/// Sends the confirmation over the chamber's own server and waits for its answer.
///
/// # Errors
/// When the chamber has no server, or the mail cannot be made or is not taken.
pub async fn send_confirmation(
    chamber: &Chamber,
    public_url: &str,
    to: &Email,
    name: &str,
    at: Timestamp,
) -> Result<(), MailFault> {
    let smtp = chamber.smtp.as_ref().map_err(|missing| MailFault::NotConfigured(missing.clone()))?;
    let values = context! {
        camara => chamber.nombre,
        telefono => chamber.telefono,
        direccion => chamber.direccion,
        enlace_renovar => chamber.enlace_renovar,
        enlace_menu => chamber.enlace_menu,
        enlace => format!("{public_url}/activacion/{}", chamber.code),
        nombre => super::short_name(name),
        activada => at.date_time(),
    };
    let mail = Templates::load(chamber.templates.as_deref())?.render(Template::Confirmation, &values)?;
    let message_id = new_message_id(&smtp.from_address);
    let (envelope, message) = compose(smtp, to.as_str(), name, &message_id, at, mail, None)?;
    let mut connection = Connection::open(smtp, TimeOuts::default()).await?;
    connection.begin(&envelope).await?;
    connection.finish(&message).await?;
    connection.quit().await;
    Ok(())
}
