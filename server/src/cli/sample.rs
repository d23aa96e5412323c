//! `documento-muestra`: the document that merchants get, to look at.

use contract::ServiceError;
use contract::campaign::Factor;

use super::args::SampleArgs;
use super::{CliError, CliResult, chamber_code, output};
use crate::clock::Clock;
use crate::config::{Settings, Variables};
use crate::services::sample::sample;

/// Needs the configuration only, no database: conditions and logo can be tried before anything else is there.
pub(super) fn write(options: &SampleArgs) -> CliResult {
    let code = chamber_code(&options.camara)?;
    let (settings, faults) = Settings::load(&Variables::from_process());
    let chamber = settings.chambers.get(&code).ok_or(ServiceError::NotFound)?;
    let of_documents = ["PLANTILLAS", "LOGO", "COLOR"];
    let file = format!("common{code}.env");
    for fault in faults.iter().filter(|fault| fault.file == file && of_documents.contains(&fault.variable.as_str())) {
        output::message(&fault.to_string());
    }
    let factor = match options.factor.as_deref() {
        None => chamber.factor,
        Some("doble") => Factor::Doble,
        Some("solo-clave") => Factor::SoloClave,
        Some(_) => return Err(CliError::Message("escriba --factor doble o --factor solo-clave".to_owned())),
    };
    let pdf = sample(chamber, settings.globals.public_url.as_str(), factor, Clock::default().now())?;
    std::fs::write(&options.salida, pdf).map_err(|error| {
        CliError::Message(format!("no se pudo escribir {}: {}", options.salida.display(), output::cause(&error)))
    })?;
    output::line(&format!("Se escribió {}", options.salida.display()));
    Ok(())
}
