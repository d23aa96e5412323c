//! What a selection reads: the registry page by page, and who is known already.

use std::collections::HashSet;

use contract::verified::VerifiedState;
use contract::{NationalId, Year};
use entity::{mreg_est_matriculados as registro, usuarios_verificados as verificados};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::super::{CampaignDesk, list};

/// Registrations read at once.
const PAGE: u64 = 2_000;

/// The registrations after this sort key, lowest first; empty at the end.
pub(super) async fn next(desk: &CampaignDesk, after: &str) -> Result<Vec<registro::Model>, DbErr> {
    registro::Entity::find()
        .filter(registro::Column::Camara.eq(desk.actor.camara.as_str()))
        .filter(registro::Column::MatriculaOrden.gt(after))
        .order_by_asc(registro::Column::MatriculaOrden)
        .limit(PAGE)
        .all(desk.db.reader())
        .await
}

/// Identifications of verified users, tests left out: in force or inactivated. Annulled and deleted
/// ones do not count.
pub(super) async fn verified(desk: &CampaignDesk) -> Result<HashSet<String>, DbErr> {
    let counting = [VerifiedState::Vigente.as_str(), VerifiedState::Inactivado.as_str()];
    let identifications: Vec<String> = verificados::Entity::find()
        .select_only()
        .column(verificados::Column::Identificacion)
        .filter(verificados::Column::Camara.eq(desk.actor.camara.as_str()))
        .filter(verificados::Column::EsPrueba.eq(false))
        .filter(verificados::Column::Estado.is_in(counting))
        .into_tuple()
        .all(desk.db.reader())
        .await?;
    Ok(identifications.iter().filter_map(|id| Some(NationalId::parse(id)?.as_str().to_owned())).collect())
}

/// Identifications that have a password this year, tests left out.
pub(super) async fn selected(desk: &CampaignDesk, year: Year) -> Result<HashSet<String>, DbErr> {
    let identifications: Vec<String> = list::of_the_year(desk, year)
        .select_only()
        .column(entity::claves_preasignadas::Column::Identificacion)
        .into_tuple()
        .all(desk.db.reader())
        .await?;
    Ok(identifications.into_iter().collect())
}
