//! The funnel, from grouped counts.

use std::collections::BTreeMap;

use contract::campaign::{CampaignView, CertificateEnd, PasswordState};
use contract::staff::Permission;
use contract::{ServiceResult, Timestamp, Year};
use domain::certificate::days_left;
use entity::claves_preasignadas::Column;
use entity::{campanas, mreg_est_matriculados as registro};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, Set,
};

use super::{CampaignDesk, list};
use crate::services::fault::unexpected;
use crate::services::registry::freshness;
use crate::services::reminders::ACCEPTED;
use crate::signing::{Signer, SigningFault};

/// States that say by themselves that the mail left; what came back had left.
const SENT: [PasswordState; 3] = [PasswordState::Enviado, PasswordState::Activado, PasswordState::Rebotado];

pub(super) async fn view(desk: &CampaignDesk, year: Year) -> ServiceResult<CampaignView> {
    desk.actor.require(Permission::Read)?;
    let (camara, reader) = (desk.actor.camara, desk.db.reader());
    let registrados = registro::Entity::find()
        .filter(registro::Column::Camara.eq(camara.as_str()))
        .count(reader)
        .await
        .map_err(unexpected)?;
    let qualifying =
        campanas::Entity::find_by_id((camara.to_string(), year.number())).one(reader).await.map_err(unexpected)?;
    let por_estado = by_state(desk, year).await.map_err(unexpected)?;
    let taken = Condition::any()
        .add(Column::EnviadaEn.is_not_null())
        .add(Column::Estado.is_in(SENT.map(PasswordState::as_str)));
    let enviados = list::of_the_year(desk, year).filter(taken).count(reader).await.map_err(unexpected)?;
    let reminded = list::of_the_year(desk, year)
        .filter(Column::RecordadaEn.is_not_null())
        .filter(Column::Recordatorio.eq(ACCEPTED));
    let recordatorios = match desk.chamber.aftermath.reminder_days {
        Some(_) => Some(reminded.count(reader).await.map_err(unexpected)?),
        None => None,
    };
    Ok(CampaignView {
        ano: year.number(),
        registrados,
        cumplen: qualifying.and_then(|row| u64::try_from(row.cumplen).ok()),
        seleccionados: por_estado.values().sum(),
        enviados,
        activados: por_estado.get(&PasswordState::Activado).copied().unwrap_or_default(),
        recordatorios,
        por_estado,
        factor: desk.chamber.factor,
        faltantes: desk.chamber.missing_for_sending(),
        certificado: certificate(desk).await?,
        frescura: freshness(&desk.db, &desk.clock, camara).await?,
    })
}

/// The certificate is read each time: a renewed one is seen without a restart.
async fn certificate(desk: &CampaignDesk) -> ServiceResult<Option<CertificateEnd>> {
    let (chamber, now) = (desk.chamber.clone(), desk.clock.now());
    let reading = tokio::task::spawn_blocking(move || {
        let signing = chamber.signing.as_ref().ok()?;
        match Signer::from_p12(&signing.p12, &signing.password, now) {
            Ok(signer) => Some(signer.not_after()),
            Err(SigningFault::Expired { on }) => Some(on),
            Err(_) => None,
        }
    });
    let ends = reading.await.map_err(unexpected)?;
    Ok(ends.and_then(|vence_en| Some(CertificateEnd { vence_en, dias: days_left(vence_en, now)? })))
}

/// Rows of the year by state, tests left out.
async fn by_state(desk: &CampaignDesk, year: Year) -> Result<BTreeMap<PasswordState, u64>, DbErr> {
    let rows: Vec<(String, i64)> = list::of_the_year(desk, year)
        .select_only()
        .column(Column::Estado)
        .column_as(Column::Id.count(), "filas")
        .group_by(Column::Estado)
        .into_tuple()
        .all(desk.db.reader())
        .await?;
    let known = rows
        .into_iter()
        .filter_map(|(state, rows)| Some((PasswordState::parse(&state)?, u64::try_from(rows).unwrap_or_default())));
    Ok(known.collect())
}

/// Remembers how many merchants qualify, for the funnel.
pub(super) async fn remember<C: ConnectionTrait>(
    txn: &C,
    desk: &CampaignDesk,
    year: Year,
    qualifying: u64,
    now: Timestamp,
) -> Result<(), DbErr> {
    let row = campanas::ActiveModel {
        camara: Set(desk.actor.camara.to_string()),
        ano: Set(year.number()),
        cumplen: Set(i64::try_from(qualifying).unwrap_or(i64::MAX)),
        evaluada_en: Set(now.0),
    };
    let newer = OnConflict::columns([campanas::Column::Camara, campanas::Column::Ano])
        .update_columns([campanas::Column::Cumplen, campanas::Column::EvaluadaEn])
        .to_owned();
    campanas::Entity::insert(row).on_conflict(newer).exec_without_returning(txn).await.map(drop)
}
