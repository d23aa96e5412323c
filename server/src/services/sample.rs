//! A sample of the document that merchants get: with the chamber's name, logo, colour and conditions, an
//! invented merchant and no validity. Nothing is signed and nothing is entered.

use contract::ServiceError;
use contract::Timestamp;
use contract::campaign::Factor;
use domain::document_code::DocumentCode;

use crate::config::Chamber;
use crate::pdf::{Conditions, Kind, Letter};
use crate::signing::SignatureNote;

/// What the signature says of its reason, in samples and in real letters.
pub const REASON: &str = "Clave preasignada de usuario verificado";

/// The sample as a PDF, dated `now`.
///
/// # Errors
/// `Configuration` when the chamber's conditions cannot be printed.
pub fn sample(chamber: &Chamber, public_url: &str, factor: Factor, now: Timestamp) -> Result<Vec<u8>, ServiceError> {
    let unusable = || ServiceError::Configuration { missing: vec!["PLANTILLAS".to_owned()] };
    let conditions = Conditions::of(chamber, factor).map_err(|_| unusable())?;
    let stationery = chamber.stationery(public_url, factor, &conditions).map_err(|_| unusable())?;
    let letter = Letter {
        date: now,
        name: "MARÍA FERNANDA ÑÁÑEZ GÜIZA",
        identification: "1000000000",
        email: "comerciante@correo.example",
        mobile: "3000000000",
        password: "Muestra234",
        valid_until: now.plus_seconds(chamber.limits.life_hours(factor) * 3600),
        code: DocumentCode::ZERO,
        kind: Kind::Sample,
    };
    let note = SignatureNote { name: &chamber.nombre, reason: REASON, location: &chamber.ciudad };
    stationery.render(&letter, Some(note)).map_err(|_| unusable())
}
