//! Who gets a password (manual, section 2): natural persons with an active registration whose last
//! renewed year is the one before, with a valid e-mail and a valid mobile, not verified before and
//! not selected yet this year. Pure: the row is borrowed, what is already known comes as sets.

pub mod contact;
mod name;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use contract::campaign::{ExclusionReason, Origin};
use contract::{ColombianMobile, Email, NationalId, Year};

pub use name::PersonName;

/// One registration as the registry has it: texts as they came, empty when there is none.
#[derive(Clone, Copy, Default)]
#[allow(missing_docs)] // the columns are SII's own
pub struct RegistryRow<'a> {
    pub organizacion: &'a str,
    pub estmatricula: &'a str,
    pub ultanoren: &'a str,
    pub fecmatricula: &'a str,
    pub razonsocial: &'a str,
    pub apellido1: &'a str,
    pub apellido2: &'a str,
    pub nombre1: &'a str,
    pub nombre2: &'a str,
    pub numid: &'a str,
    pub nit: &'a str,
    pub emailnot: &'a str,
    pub emailcom: &'a str,
    pub celnot: &'a str,
    pub telnot: &'a str,
    pub telnot2: &'a str,
    pub celcom: &'a str,
    pub telcom1: &'a str,
    pub telcom2: &'a str,
}

/// Identifications, normalised by [`NationalId`], that a selection must leave alone.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Verified users that are no tests, in VE or IN.
    pub verified: HashSet<String>,
    /// Those that have a pre-assigned password this year.
    pub selected: HashSet<String>,
}

/// A merchant who qualifies, with the data to be mailed and compared at activation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The identification.
    pub identificacion: NationalId,
    /// The name.
    pub nombre: PersonName,
    /// The e-mail.
    pub correo: Email,
    /// Where it was taken from.
    pub correo_origen: Origin,
    /// The mobile.
    pub celular: ColombianMobile,
    /// Where it was taken from.
    pub celular_origen: Origin,
}

/// Natural persons (`sii-facts.md`). A spreadsheet on the way may have eaten the zero.
const NATURAL_PERSON: [&str; 2] = ["01", "1"];

/// Registrations in force (`sii-facts.md`).
const ACTIVE: [&str; 4] = ["MA", "MI", "IA", "II"];

/// Judges one registration.
///
/// # Errors
/// The first reason that applies, in the order of [`ExclusionReason`].
pub fn evaluate(row: &RegistryRow<'_>, year: Year, known: &Known) -> Result<Candidate, ExclusionReason> {
    if !NATURAL_PERSON.contains(&row.organizacion.trim()) {
        return Err(ExclusionReason::NoEsPersonaNatural);
    }
    if !ACTIVE.iter().any(|state| state.eq_ignore_ascii_case(row.estmatricula.trim())) {
        return Err(ExclusionReason::MatriculaNoVigente);
    }
    if last_renewed_year(row) != Some(year.required_renewal()) {
        return Err(ExclusionReason::NoRenovoAnoAnterior);
    }
    let (correo, correo_origen) = contact::email(row).ok_or(ExclusionReason::SinCorreo)?;
    let (celular, celular_origen) = contact::mobile(row).ok_or(ExclusionReason::SinCelular)?;
    let identificacion = identification(row).ok_or(ExclusionReason::SinIdentificacion)?;
    if known.verified.contains(identificacion.as_str()) {
        return Err(ExclusionReason::YaVerificado);
    }
    if known.selected.contains(identificacion.as_str()) {
        return Err(ExclusionReason::YaSeleccionado);
    }
    let nombre = PersonName::of(row);
    Ok(Candidate { identificacion, nombre, correo, correo_origen, celular, celular_origen })
}

/// `ultanoren`, or the year of `fecmatricula` (`YYYYMMDD`) when that is empty, as SII does. A
/// number of zeros is how some extracts write «empty».
fn last_renewed_year(row: &RegistryRow<'_>) -> Option<i32> {
    let renewed = row.ultanoren.trim();
    if !renewed.trim_start_matches('0').is_empty() {
        return renewed.parse().ok();
    }
    row.fecmatricula.trim().get(..4)?.parse().ok()
}

/// `numid`, or else `nit` without its check digit. Whatever its form, it counts; only the manual's
/// test identification is nobody's.
fn identification(row: &RegistryRow<'_>) -> Option<NationalId> {
    let own = NationalId::parse(row.numid).or_else(|| {
        let nit = NationalId::parse(row.nit)?;
        let (last, _) = nit.as_str().char_indices().next_back()?;
        NationalId::parse(&nit.as_str()[..last])
    });
    own.filter(|id| !id.is_test())
}
