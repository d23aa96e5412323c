//! `seleccionar`, `exportar`, `blanquear` and `borrar-no-activados`.

use contract::campaign::{CampaignService, Deletion, SelectionReport};
use contract::error::Field;
use contract::registry::RegistryService;
use contract::{ServiceError, Year};

use super::args::{DeleteArgs, ExportArgs, SelectArgs};
use super::{CliError, CliResult, open_chamber, output};
use crate::services::actor::Actor;
use crate::services::campaign::{CampaignDesk, export};
use crate::services::registry::RegistryDesk;
use crate::startup::App;

pub(super) async fn select(options: SelectArgs) -> CliResult {
    let (app, actor) = open_chamber(&options.camara).await?;
    let year = year(&app, options.ano.as_deref())?;
    warn_when_stale(&app, &actor).await?;
    let desk = desk(&app, &actor)?;
    let report = if options.simular { desk.simulate(year).await? } else { desk.select(year, None).await? };
    if options.json {
        output::json(&report);
    } else {
        print_report(&report, options.simular);
    }
    Ok(())
}

pub(super) async fn export_file(options: ExportArgs) -> CliResult {
    let (app, actor) = open_chamber(&options.camara).await?;
    let year = year(&app, options.ano.as_deref())?;
    let workbook = export(&desk(&app, &actor)?, year).await?;
    tokio::fs::write(&options.salida, &workbook).await.map_err(|error| {
        CliError::Message(format!("no se pudo escribir {}: {}", options.salida.display(), output::cause(&error)))
    })?;
    if options.json {
        output::json(&serde_json::json!({ "salida": options.salida, "bytes": workbook.len() }));
    } else {
        output::line(&format!("Se escribió {}", options.salida.display()));
    }
    Ok(())
}

pub(super) async fn delete(options: DeleteArgs, kind: Deletion) -> CliResult {
    let (app, actor) = open_chamber(&options.camara).await?;
    let year = year(&app, Some(&options.ano))?;
    let report = desk(&app, &actor)?.delete(year, kind, options.confirmar).await?;
    if options.json {
        output::json(&report);
    } else {
        output::line(&format!(
            "Registros eliminados: {} · conservados: {}",
            output::number(report.eliminados),
            output::number(report.conservados)
        ));
    }
    Ok(())
}

/// The year typed, or the current one in Bogotá.
pub(super) fn year(app: &App, typed: Option<&str>) -> Result<Year, CliError> {
    match typed {
        None => Ok(app.clock.current_year()),
        Some(text) => Ok(Year::parse(text).ok_or(ServiceError::Invalid { field: Field::Year })?),
    }
}

fn desk(app: &App, actor: &Actor) -> Result<CampaignDesk, CliError> {
    Ok(app.campaign_desk(actor).ok_or(ServiceError::NotFound)?)
}

async fn warn_when_stale(app: &App, actor: &Actor) -> CliResult {
    let registry = RegistryDesk { db: app.db.clone(), clock: app.clock.clone(), actor: actor.clone() };
    let freshness = registry.freshness().await?;
    if let (true, Some(hours)) = (freshness.stale, freshness.hours) {
        output::message(&format!("Aviso: la última sincronización del registro tiene {hours} horas"));
    }
    Ok(())
}

fn print_report(report: &SelectionReport, simulated: bool) {
    let verb = if simulated { "Se seleccionarían" } else { "Seleccionados" };
    output::line(&format!("Año {} · evaluados: {}", report.ano, output::number(report.evaluados)));
    output::line(&format!("{verb}: {}", output::number(report.seleccionados)));
    for (reason, count) in &report.excluidos {
        output::line(&format!("  {:>9}  {}", output::number(*count), app::text::exclusion_reason(*reason)));
    }
}
