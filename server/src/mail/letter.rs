//! What the mail with the password and its reminder say alike.

use contract::campaign::Factor;
use contract::{ColombianMobile, Timestamp};
use entity::claves_preasignadas::Model;
use minijinja::{Value, context};

use super::{MailFault, Rendered, Template, Templates};
use crate::config::Chamber;

/// The values of the mail with the password.
#[must_use]
pub fn letter_values(
    chamber: &Chamber,
    public_url: &str,
    row: &Model,
    factor: Factor,
    valid_until: Timestamp,
) -> Value {
    let masked = ColombianMobile::parse(&row.celular).map_or_else(|| "el registrado".to_owned(), |m| m.masked());
    context! {
        camara => chamber.nombre,
        telefono => chamber.telefono,
        direccion => chamber.direccion,
        enlace => format!("{public_url}/activacion/{}", chamber.code),
        enlace_renovar => chamber.enlace_renovar,
        enlace_menu => chamber.enlace_menu,
        nombre => super::short_name(&row.nombre),
        celular_enmascarado => masked,
        vence => valid_until.long_date(),
        con_pin => factor == Factor::Doble,
        prueba => row.es_prueba,
    }
}

/// The reminder to somebody who has not activated. It never holds the password, only how to find the
/// mail that does: its subject and the day it came.
///
/// # Errors
/// When a template names something that is not there.
pub fn reminder(
    templates: &Templates,
    chamber: &Chamber,
    public_url: &str,
    row: &Model,
) -> Result<Rendered, MailFault> {
    let dispatched = row.factor.as_deref().and_then(Factor::parse);
    let factor = if chamber.factor == Factor::Doble { Factor::Doble } else { dispatched.unwrap_or(Factor::Doble) };
    let valid_until = Timestamp(row.vence_en.unwrap_or_default());
    let letter = letter_values(chamber, public_url, row, factor, valid_until);
    let subject = templates.render(Template::Preassignment, &letter)?.subject;
    let sent = Timestamp(row.transmitida_en.or(row.enviada_en).unwrap_or_default());
    let values = context! { asunto => subject, enviado => sent.long_date(), ..letter };
    Ok(templates.render(Template::Reminder, &values)?)
}
