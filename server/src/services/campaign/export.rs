//! «Exportar a Excel»: the year's pre-assigned passwords without the passwords (manual, section 6).

use contract::campaign::PreassignedRow;
use contract::staff::Permission;
use contract::{ServiceResult, Year};
use entity::claves_preasignadas::Column;
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};

use super::CampaignDesk;
use super::list::{ListedRow, of_the_year, select_columns};
use crate::excel::{MAX_ROWS_PER_SHEET, Workbook};
use crate::services::audit::{Action, record};
use crate::services::fault::unexpected;

/// Rows read at once.
const PAGE: u64 = 2_000;

/// An .xlsx of the year's rows, tests left out, in the order of their selection. In memory only:
/// nothing of it touches a temporary file.
///
/// # Errors
/// [`contract::ServiceError::ConfirmPassword`] or [`contract::ServiceError::Forbidden`]; unexpected
/// ones when database or workbook fail.
pub async fn export(desk: &CampaignDesk, year: Year) -> ServiceResult<Vec<u8>> {
    desk.actor.require_confirmed(Permission::Operate, desk.clock.now())?;
    let mut workbook = Workbook::new(year, MAX_ROWS_PER_SHEET).map_err(unexpected)?;
    let mut after = 0;
    loop {
        let page: Vec<PreassignedRow> = select_columns(of_the_year(desk, year).filter(Column::Id.gt(after)))
            .limit(PAGE)
            .into_model::<ListedRow>()
            .all(desk.db.reader())
            .await
            .map_err(unexpected)?
            .into_iter()
            .map(PreassignedRow::from)
            .collect();
        let Some(last) = page.last() else { break };
        after = last.id;
        workbook = tokio::task::spawn_blocking(move || workbook.append(&page))
            .await
            .map_err(unexpected)?
            .map_err(unexpected)?;
    }
    let rows = workbook.rows();
    let bytes =
        tokio::task::spawn_blocking(move || workbook.finish()).await.map_err(unexpected)?.map_err(unexpected)?;

    let txn = desk.db.write().await.map_err(unexpected)?;
    let detail = format!("ano={year} filas={rows}");
    let now = desk.clock.now();
    record(&txn, desk.actor.camara, now, &desk.actor.name, Action::Exportacion, detail).await.map_err(unexpected)?;
    txn.commit().await.map_err(unexpected)?;
    Ok(bytes)
}
