//! The campaign of a year: everything its page shows, selection, list, deletions.

use contract::campaign::{CampaignView, Deletion, DeletionReport, PreassignedRow, SelectionReport};
use contract::page::Page;
use contract::sending::{Progress, TroubledRow};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::ApiError;

/// The campaign's page in one answer, so that its figures are of one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignData {
    /// The current year in Bogotá.
    pub current_year: i32,
    /// Funnel and state of the year shown.
    pub view: CampaignView,
    /// Its batches and the pace.
    pub progress: Progress,
    /// Rows that need a person's eye.
    pub troubled: Vec<TroubledRow>,
}

/// One page of the list of pre-assigned passwords.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordList {
    /// The current year in Bogotá.
    pub current_year: i32,
    /// The year shown.
    pub year: i32,
    /// The rows.
    pub page: Page<PreassignedRow>,
}

/// Everything the campaign's page shows; without a year, the current one.
#[server(prefix = "/api/consola", endpoint = "campana")]
pub async fn campaign(ano: Option<i32>) -> Result<CampaignData, ApiError> {
    whole_campaign(ano).await
}

/// The same when the page asks by itself, because something moved: no use of the session.
#[server(prefix = "/api/consola", endpoint = "campana-al-dia")]
pub async fn campaign_again(ano: Option<i32>) -> Result<CampaignData, ApiError> {
    whole_campaign(ano).await
}

#[cfg(feature = "ssr")]
async fn whole_campaign(ano: Option<i32>) -> Result<CampaignData, ApiError> {
    use super::gate::{answer, console, year};

    let console = console()?;
    let current = answer(console.campaign.current_year().await)?;
    let shown = ano.map_or(Ok(current), year)?;
    Ok(CampaignData {
        current_year: current.number(),
        view: answer(console.campaign.view(shown).await)?,
        progress: answer(console.sending.progress(shown).await)?,
        troubled: answer(console.sending.troubled(shown).await)?,
    })
}

/// The list of pre-assigned passwords.
#[server(prefix = "/api/consola", endpoint = "contrasenas")]
pub async fn passwords(
    ano: Option<i32>,
    estado: String,
    buscar: String,
    pagina: u64,
) -> Result<PasswordList, ApiError> {
    use super::gate::{answer, console, year};
    use contract::page::ListQuery;

    let console = console()?;
    let current = answer(console.campaign.current_year().await)?;
    let shown = ano.map_or(Ok(current), year)?;
    let query = ListQuery { search: buscar, state: estado, page: pagina };
    let page = answer(console.campaign.list(shown, query).await)?;
    Ok(PasswordList { current_year: current.number(), year: shown.number(), page })
}

/// What «Seleccionar» would do.
#[server(prefix = "/api/consola", endpoint = "simular")]
pub async fn simulate(ano: i32) -> Result<SelectionReport, ApiError> {
    use super::gate::{answer, console, year};
    answer(console()?.campaign.simulate(year(ano)?).await)
}

/// «Seleccionar»; on stale data with a reason.
#[server(prefix = "/api/consola", endpoint = "seleccionar")]
pub async fn select(ano: i32, motivo: String) -> Result<SelectionReport, ApiError> {
    use super::gate::{answer, console, year};
    let reason = Some(motivo.trim().to_owned()).filter(|text| !text.is_empty());
    answer(console()?.campaign.select(year(ano)?, reason).await)
}

/// What «Blanquear» or «Borrar No Activados» would take away and leave.
#[server(prefix = "/api/consola", endpoint = "previsualizar-borrado")]
pub async fn preview_deletion(ano: i32, tipo: Deletion) -> Result<DeletionReport, ApiError> {
    use super::gate::{answer, console, year};
    answer(console()?.campaign.preview_deletion(year(ano)?, tipo).await)
}

/// «Blanquear» or «Borrar No Activados».
#[server(prefix = "/api/consola", endpoint = "borrar")]
pub async fn delete(ano: i32, tipo: Deletion, ano_digitado: String) -> Result<DeletionReport, ApiError> {
    use super::gate::{answer, console, year};
    answer(console()?.campaign.delete(year(ano)?, tipo, ano_digitado).await)
}
