//! The e-mail and the mobile: those of notification first, else the commercial ones (manual, section 2 b).

use contract::campaign::Origin;
use contract::{ColombianMobile, Email};

use super::RegistryRow;

/// The first valid e-mail.
#[must_use]
pub fn email(row: &RegistryRow<'_>) -> Option<(Email, Origin)> {
    [(row.emailnot, Origin::Notificacion), (row.emailcom, Origin::Comercial)]
        .into_iter()
        .find_map(|(text, origin)| Some((Email::parse(text)?, origin)))
}

/// The first valid mobile. Data entry puts them in any telephone column, so that all are looked at.
#[must_use]
pub fn mobile(row: &RegistryRow<'_>) -> Option<(ColombianMobile, Origin)> {
    [
        (row.celnot, Origin::Notificacion),
        (row.telnot, Origin::Notificacion),
        (row.telnot2, Origin::Notificacion),
        (row.celcom, Origin::Comercial),
        (row.telcom1, Origin::Comercial),
        (row.telcom2, Origin::Comercial),
    ]
    .into_iter()
    .find_map(|(text, origin)| Some((ColombianMobile::parse(text)?, origin)))
}
