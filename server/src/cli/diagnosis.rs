//! `probar-correo`: the chamber's mail server, step by step, without sending anything.

use contract::ServiceError;
use contract::diagnosis::{Diagnosis, DiagnosisService};

use super::args::ProbeArgs;
use super::{CliError, CliResult, open_chamber, output};

pub(super) async fn try_mail(options: ProbeArgs) -> CliResult {
    let (app, actor) = open_chamber(&options.camara).await?;
    let desk = app.diagnosis_desk(&actor).ok_or(ServiceError::NotFound)?;
    let diagnosis = desk.try_connection().await?;
    if options.json {
        output::json(&diagnosis);
    } else {
        print(&diagnosis);
    }
    let failed = diagnosis.pasos.iter().find_map(|step| step.falla.map(|fault| (step.paso, fault)));
    match failed {
        None => Ok(()),
        Some((step, fault)) => Err(CliError::Message(format!(
            "falló el paso «{}». {}",
            app::text::step_name(step),
            app::text::step_fault(fault)
        ))),
    }
}

fn print(diagnosis: &Diagnosis) {
    output::line(&format!("Servidor {} · dominio del remitente {}", diagnosis.servidor, diagnosis.dominio));
    for step in &diagnosis.pasos {
        let outcome = if step.falla.is_none() { "bien " } else { "FALLA" };
        let line =
            format!("{outcome}  {:<22} {:>6} ms  {}", app::text::step_name(step.paso), step.milisegundos, step.detalle);
        output::line(line.trim_end());
    }
    for hint in &diagnosis.dns {
        output::line(app::text::dns_hint(*hint));
    }
}
