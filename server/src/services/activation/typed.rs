//! The four fields, read but not yet compared.

use contract::activation::{Credentials, Draft, FormField};
use contract::value::clean;
use contract::{ColombianMobile, Email, NationalId};
use zeroize::Zeroizing;

/// The longest text kept to be shown again.
const LONGEST_DRAFT: usize = 254;

/// The longest password worth comparing; ours have ten letters.
const LONGEST_PASSWORD: usize = 128;

/// Four fields that have the right form.
pub(super) struct Typed {
    pub(super) id: NationalId,
    pub(super) email: Email,
    pub(super) mobile: ColombianMobile,
    pub(super) password: Zeroizing<String>,
}

impl Typed {
    /// Reads the fields, or names those that are empty or without form. Nothing is compared: this
    /// tells nobody anything but his own typing.
    pub(super) fn parse(credentials: &Credentials) -> Result<Self, Vec<FormField>> {
        let id = NationalId::parse(&credentials.identificacion);
        let email = Email::parse(&credentials.correo);
        let mobile = ColombianMobile::parse(&credentials.celular);
        // A password pasted from a PDF may bring blanks along; ours hold none.
        let password: String = clean(&credentials.clave).chars().filter(|c| !c.is_whitespace()).collect();
        let password = (!password.is_empty() && password.len() <= LONGEST_PASSWORD).then(|| Zeroizing::new(password));
        match (id, email, mobile, password) {
            (Some(id), Some(email), Some(mobile), Some(password)) => Ok(Self { id, email, mobile, password }),
            (id, email, mobile, password) => Err([
                (FormField::Identificacion, id.is_none()),
                (FormField::Correo, email.is_none()),
                (FormField::Celular, mobile.is_none()),
                (FormField::Clave, password.is_none()),
            ]
            .into_iter()
            .filter_map(|(field, wrong)| wrong.then_some(field))
            .collect()),
        }
    }
}

/// What may be shown again: never the password.
pub(super) fn draft_of(credentials: &Credentials) -> Draft {
    let short = |text: &str| text.chars().take(LONGEST_DRAFT).collect();
    Draft {
        identificacion: short(&credentials.identificacion),
        correo: short(&credentials.correo),
        celular: short(&credentials.celular),
    }
}
