//! The mail that tells a merchant of the activation (manual, section 10), with the way to say that it
//! was somebody else.

use contract::{Email, Timestamp};
use minijinja::context;

use super::single::send_single;
use super::{MailFault, Template};
use crate::config::Chamber;

/// Sends the confirmation over the chamber's own server and waits for its answer. `disown_code` is
/// what the «no fui yo» link ends in.
///
/// # Errors
/// When the chamber has no server, or the mail cannot be made or is not taken.
pub async fn send_confirmation(
    chamber: &Chamber,
    public_url: &str,
    to: &Email,
    name: &str,
    at: Timestamp,
    disown_code: &str,
) -> Result<(), MailFault> {
    let values = context! {
        camara => chamber.nombre,
        telefono => chamber.telefono,
        direccion => chamber.direccion,
        enlace_renovar => chamber.enlace_renovar,
        enlace_menu => chamber.enlace_menu,
        enlace => format!("{public_url}/activacion/{}", chamber.code),
        enlace_no_fui_yo => format!("{public_url}/no-fui-yo/{}/{disown_code}", chamber.code),
        no_fui_yo_vence => at.plus_seconds(chamber.aftermath.disown_days * 86_400).long_date(),
        nombre => super::short_name(name),
        activada => at.date_time(),
    };
    send_single(chamber, Template::Confirmation, &values, to.as_str(), name, at).await
}
