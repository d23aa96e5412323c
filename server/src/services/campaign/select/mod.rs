//! «Seleccionar»: who qualifies gets a password (manual, sections 2 and 6). Rules, passwords and
//! seals are worked out page by page beforehand; the writer's lock is held for the inserts only.

mod evaluator;
mod pages;
mod preassign;

use contract::campaign::{ExclusionReason, SelectionReport};
use contract::error::Field;
use contract::staff::Permission;
use contract::{ServiceError, ServiceResult, Year};
use domain::eligibility::Known;

use super::{CampaignDesk, figures};
use crate::services::audit::{Action, record};
use crate::services::fault::unexpected;
use crate::services::registry::freshness;
use evaluator::Evaluator;

/// Letters of the shortest reason for selecting on stale data.
const MIN_REASON: usize = 5;

/// Letters of a reason that the trail keeps.
const MAX_REASON: usize = 200;

pub(super) async fn simulate(desk: &CampaignDesk, year: Year) -> ServiceResult<SelectionReport> {
    desk.actor.require(Permission::Read)?;
    if freshness(&desk.db, &desk.clock, desk.actor.camara).await?.last_success.is_none() {
        return Err(ServiceError::NoRegistryData);
    }
    let evaluated = evaluate(desk, year, false).await?;
    let now = desk.clock.now();
    let txn = desk.db.write().await.map_err(unexpected)?;
    figures::remember(&txn, desk, year, evaluated.qualifying(), now).await.map_err(unexpected)?;
    let detail = summary(&evaluated.report);
    record(&txn, desk.actor.camara, now, &desk.actor.name, Action::Simulacion, detail).await.map_err(unexpected)?;
    txn.commit().await.map_err(unexpected)?;
    Ok(evaluated.report)
}

pub(super) async fn select(
    desk: &CampaignDesk,
    year: Year,
    stale_reason: Option<String>,
) -> ServiceResult<SelectionReport> {
    desk.actor.require(Permission::Operate)?;
    let reason = stale_registry_reason(desk, stale_reason).await?;
    let mut evaluated = evaluate(desk, year, true).await?;
    let qualifying = evaluated.qualifying();
    let candidates = std::mem::take(&mut evaluated.passwords);
    let now = desk.clock.now();

    let txn = desk.db.write().await.map_err(unexpected)?;
    let inserted = preassign::insert(&txn, desk, year, now, candidates).await.map_err(unexpected)?;
    let mut report = evaluated.report;
    // Whoever another selection took in the meantime is left as that one made it.
    let taken_meanwhile = report.seleccionados.saturating_sub(inserted);
    if taken_meanwhile > 0 {
        report.seleccionados = inserted;
        *report.excluidos.entry(ExclusionReason::YaSeleccionado).or_default() += taken_meanwhile;
    }
    figures::remember(&txn, desk, year, qualifying, now).await.map_err(unexpected)?;
    let detail = format!("{}{reason}", summary(&report));
    record(&txn, desk.actor.camara, now, &desk.actor.name, Action::Seleccion, detail).await.map_err(unexpected)?;
    txn.commit().await.map_err(unexpected)?;
    Ok(report)
}

/// What the trail says about the registry's age: nothing when it is fresh.
async fn stale_registry_reason(desk: &CampaignDesk, reason: Option<String>) -> ServiceResult<String> {
    let age = freshness(&desk.db, &desk.clock, desk.actor.camara).await?;
    let Some(hours) = age.hours else { return Err(ServiceError::NoRegistryData) };
    if !age.stale {
        return Ok(String::new());
    }
    let reason: String =
        contract::value::clean(&reason.unwrap_or_default()).split_whitespace().collect::<Vec<_>>().join(" ");
    if desk.stale_needs_reason && reason.is_empty() {
        return Err(ServiceError::StaleRegistry { hours });
    }
    if desk.stale_needs_reason && reason.chars().count() < MIN_REASON {
        return Err(ServiceError::Invalid { field: Field::Reason });
    }
    let kept: String = reason.chars().take(MAX_REASON).collect();
    Ok(format!(" horas_sin_sincronizar={hours} motivo=«{kept}»"))
}

/// Judges every registration of the chamber, lowest matrícula first.
async fn evaluate(desk: &CampaignDesk, year: Year, with_passwords: bool) -> ServiceResult<Evaluator> {
    let known = Known {
        verified: pages::verified(desk).await.map_err(unexpected)?,
        selected: pages::selected(desk, year).await.map_err(unexpected)?,
    };
    let vault = with_passwords.then(|| desk.vault.clone());
    let mut evaluator = Evaluator::new(desk.actor.camara, year, known, vault);
    let mut page = pages::next(desk, "").await.map_err(unexpected)?;
    while let Some(last) = page.last() {
        let after = last.orden.clone();
        // The next page is read while this one is judged.
        let judging = tokio::task::spawn_blocking(move || evaluator.judge(&page));
        let (judged, read) = tokio::join!(judging, pages::next(desk, &after));
        evaluator = judged.map_err(unexpected)??;
        page = read.map_err(unexpected)?;
    }
    Ok(evaluator)
}

fn summary(report: &SelectionReport) -> String {
    let mut text = format!("ano={} evaluados={} seleccionados={}", report.ano, report.evaluados, report.seleccionados);
    for (reason, count) in &report.excluidos {
        text.push_str(&format!(" {}={count}", reason.as_str()));
    }
    text
}
