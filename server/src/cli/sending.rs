//! `enviar`: a batch sent by this very process, with or without a server running.

use contract::sending::{BatchView, SendTarget, SendingService};
use contract::{ServiceError, error::Field};
use serde::Serialize;

use super::args::SendArgs;
use super::campaign::year;
use super::{CliError, CliResult, open_chamber, output};
use crate::secrets::random_token;
use crate::services::fault::unexpected;

/// What scripts read.
#[derive(Default, Serialize)]
struct SendReport {
    lote: Option<i64>,
    solicitados: u64,
    enviados: u64,
    rechazados: u64,
    reintento: u64,
    inciertos: u64,
}

pub(super) async fn send(options: SendArgs) -> CliResult {
    let (app, actor) = open_chamber(&options.camara).await?;
    let year = year(&app, options.ano.as_deref())?;
    let typed = options.prueba.as_deref().or(options.cantidad.as_deref()).unwrap_or_default();
    let target =
        SendTarget::parse(typed).filter(|target| matches!(target, SendTarget::Test(_)) == options.prueba.is_some());
    let target = target.ok_or(ServiceError::Invalid { field: Field::SendTarget })?;

    let desk = app.sending_desk(&actor).ok_or(ServiceError::NotFound)?;
    let ordered = desk.order(year, target, &random_token()).await?;
    app.send_worker().drain(actor.camara, ordered.as_ref().map(|batch| batch.id)).await.map_err(unexpected)?;
    let ended = match ordered {
        Some(batch) => Some(desk.batch(batch.id).await?),
        None => None,
    };
    let report = ended.as_ref().map_or_else(SendReport::default, summary);
    if options.json {
        output::json(&report);
    } else {
        print(&report);
    }
    ended.map_or(Ok(()), |batch| all_settled(&batch))
}

/// Done means that every row got an outcome, a refusal or a retry included.
fn all_settled(batch: &BatchView) -> CliResult {
    if batch.pendientes == 0 {
        return Ok(());
    }
    let why = batch.pausa.as_ref().map_or("El envío está en pausa.", app::text::pause_reason);
    Err(CliError::Message(format!(
        "{} de {} correos siguen pendientes; no se perdió ninguno. {why}",
        batch.pendientes, batch.solicitados
    )))
}

fn summary(batch: &BatchView) -> SendReport {
    SendReport {
        lote: Some(batch.id),
        solicitados: batch.solicitados,
        enviados: batch.enviados,
        rechazados: batch.rechazados,
        reintento: batch.reintento,
        inciertos: batch.inciertos,
    }
}

fn print(report: &SendReport) {
    if report.solicitados == 0 {
        output::line("No hay contraseñas pendientes de envío.");
        return;
    }
    output::line(&format!(
        "Solicitados: {} · enviados: {} · rechazados: {} · para reintentar: {} · inciertos: {}",
        report.solicitados, report.enviados, report.rechazados, report.reintento, report.inciertos
    ));
}
