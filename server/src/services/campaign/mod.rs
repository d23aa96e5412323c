//! The campaign: funnel, selection, list, deletion, export (manual, sections 2 and 6).

mod deletion;
mod export;
mod figures;
mod list;
mod select;

use std::sync::Arc;

use async_trait::async_trait;
use contract::campaign::{CampaignService, CampaignView, Deletion, DeletionReport, PreassignedRow, SelectionReport};
use contract::page::{ListQuery, Page};
use contract::{ServiceResult, Year};

pub use export::export;
pub(super) use list::contains;

use super::actor::Actor;
use crate::clock::Clock;
use crate::config::Chamber;
use crate::db::Db;
use crate::secrets::Vault;

/// The campaign, bound to one staff member.
pub struct CampaignDesk {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Who acts.
    pub actor: Actor,
    /// Seals the passwords drawn.
    pub vault: Vault,
    /// The chamber's parameters.
    pub chamber: Arc<Chamber>,
    /// Whether selecting on data older than 36 hours asks for a reason (the console does; on the
    /// command line staleness only warns).
    pub stale_needs_reason: bool,
}

/// What a sealed password is bound to: it opens only for this chamber, identification, year and
/// generation, so that no copy of it serves in another row. The send worker opens with the same.
#[must_use]
pub fn seal_binding(camara: &str, identificacion: &str, ano: i32, generacion: i64) -> String {
    format!("{camara}/{identificacion}/{ano}/{generacion}")
}

#[async_trait]
impl CampaignService for CampaignDesk {
    async fn current_year(&self) -> ServiceResult<Year> {
        Ok(self.clock.current_year())
    }

    async fn view(&self, year: Year) -> ServiceResult<CampaignView> {
        figures::view(self, year).await
    }

    async fn simulate(&self, year: Year) -> ServiceResult<SelectionReport> {
        select::simulate(self, year).await
    }

    async fn select(&self, year: Year, stale_reason: Option<String>) -> ServiceResult<SelectionReport> {
        select::select(self, year, stale_reason).await
    }

    async fn list(&self, year: Year, query: ListQuery) -> ServiceResult<Page<PreassignedRow>> {
        list::list(self, year, query).await
    }

    async fn preview_deletion(&self, year: Year, kind: Deletion) -> ServiceResult<DeletionReport> {
        deletion::preview(self, year, kind).await
    }

    async fn delete(&self, year: Year, kind: Deletion, typed_year: String) -> ServiceResult<DeletionReport> {
        deletion::delete(self, year, kind, &typed_year).await
    }
}
