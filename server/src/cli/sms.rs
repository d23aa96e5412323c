//! `probar-sms`: a harmless text by every provider of the chamber, and what to change where it failed.

use app::text::{SMS_TAKEN, number, sms_fault};
use contract::ServiceError;
use contract::sms::{SmsReport, SmsTrialService};

use super::args::SmsProbeArgs;
use super::{CliError, CliResult, open_chamber, output};
use crate::sms::setup_fault;

pub(super) async fn try_providers(options: SmsProbeArgs) -> CliResult {
    let (app, actor) = open_chamber(&options.camara).await?;
    let chamber = app.chambers.get(&actor.camara).ok_or(ServiceError::NotFound)?;
    if let Some(fault) = chamber.sms.as_ref().ok().and_then(setup_fault) {
        return Err(CliError::Message(format!("{}: {} (common{}.env)", fault.0, fault.remedy(), actor.camara)));
    }
    let trial = app.sms_trial(&actor).ok_or(ServiceError::NotFound)?;
    let reports = trial.try_sms(&options.celular).await.map_err(|error| match error {
        ServiceError::SmsBudget => CliError::Message(
            "no se envió nada: ese celular (SMS_POR_COMERCIANTE) o la cámara (SMS_POR_DIA) ya gastaron los SMS de 24 \
             horas; use otro celular o espere"
                .to_owned(),
        ),
        other => other.into(),
    })?;
    if options.json {
        output::json(&reports);
    } else {
        reports.iter().for_each(print);
    }
    match reports.iter().filter(|report| report.falla.is_some()).count() {
        0 => Ok(()),
        1 if reports.len() > 1 => {
            Err(CliError::Message("un proveedor no recibió el SMS; vea arriba qué revisar".to_owned()))
        }
        _ => Err(CliError::Message("el SMS no se entregó; vea arriba qué revisar".to_owned())),
    }
}

fn print(report: &SmsReport) {
    let outcome = if report.falla.is_none() { "bien " } else { "FALLA" };
    let head = format!("{outcome}  {:<18} {:>6} ms", report.proveedor, number(report.milisegundos));
    match report.falla.map(|fault| sms_fault(fault, &report.variables)) {
        None => {
            let id = report.id.as_ref().map(|id| format!(" [identificador {id}]")).unwrap_or_default();
            output::line(&format!("{head}  {SMS_TAKEN}{id}"));
        }
        Some((what, remedy)) => {
            output::line(&format!("{head}  {what}"));
            output::line(&format!("       Qué hacer: {remedy}"));
        }
    }
}
