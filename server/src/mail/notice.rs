//! What the chamber itself is told by mail.

use contract::Timestamp;
use contract::verified::TO_REVIEW;
use minijinja::context;

use super::single::{send_single, server_of};
use super::{MailFault, Template};
use crate::config::Chamber;

/// Tells the chamber (`MASIVOS_SMTP_CORREO_ADMIN`) that a verified user was frozen by its owner. The
/// mail names the user's number and nobody's data: the rest stands in the console.
///
/// # Errors
/// When the chamber has no server, or the mail cannot be made or is not taken.
pub async fn send_disown_notice(
    chamber: &Chamber,
    public_url: &str,
    user_id: i64,
    at: Timestamp,
) -> Result<(), MailFault> {
    let smtp = server_of(chamber)?;
    let values = context! {
        camara => chamber.nombre,
        telefono => chamber.telefono,
        direccion => chamber.direccion,
        usuario => user_id,
        suspendido => at.date_time(),
        enlace => format!("{public_url}/consola/usuarios-verificados?estado={TO_REVIEW}"),
    };
    let to = smtp.from_address.as_str();
    send_single(chamber, Template::DisownNotice, &values, to, &smtp.from_name, at).await
}
