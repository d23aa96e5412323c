//! What a selection reads: the registry page by page, and who is known already.

use std::borrow::Cow;
use std::collections::HashSet;

use contract::verified::VerifiedState;
use contract::{NationalId, Year};
use domain::eligibility::RegistryRow;
use entity::usuarios_verificados as verificados;
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, QueryFilter, QuerySelect};

use super::super::{CampaignDesk, list};
use crate::db::sql;

/// Registrations read at once.
const PAGE: u64 = 2_000;

/// What a selection must know of a registration.
const COLUMNS: [&str; 24] = [
    "matricula",
    "idclase",
    "munnot",
    "muncom",
    "sincronizacion_id",
    "organizacion",
    "estmatricula",
    "ultanoren",
    "fecmatricula",
    "razonsocial",
    "apellido1",
    "apellido2",
    "nombre1",
    "nombre2",
    "numid",
    "nit",
    "emailnot",
    "emailcom",
    "celnot",
    "telnot",
    "telnot2",
    "celcom",
    "telcom1",
    "telcom2",
];

/// A registration as it comes from the database: one JSON array, which costs it a fraction of
/// as many columns, and is taken apart where it is judged.
pub(super) struct Packed {
    /// Its sort key.
    pub orden: String,
    json: String,
}

/// A registration taken apart: an array's values in the order of [`COLUMNS`], borrowed from it wherever
/// no escape stands in the way.
#[derive(serde::Deserialize)]
pub(super) struct Registration<'a> {
    #[serde(borrow)]
    pub matricula: Cow<'a, str>,
    #[serde(borrow)]
    pub idclase: Cow<'a, str>,
    #[serde(borrow)]
    munnot: Cow<'a, str>,
    #[serde(borrow)]
    muncom: Cow<'a, str>,
    pub sincronizacion_id: i64,
    #[serde(borrow)]
    organizacion: Cow<'a, str>,
    #[serde(borrow)]
    estmatricula: Cow<'a, str>,
    #[serde(borrow)]
    ultanoren: Cow<'a, str>,
    #[serde(borrow)]
    fecmatricula: Cow<'a, str>,
    #[serde(borrow)]
    razonsocial: Cow<'a, str>,
    #[serde(borrow)]
    apellido1: Cow<'a, str>,
    #[serde(borrow)]
    apellido2: Cow<'a, str>,
    #[serde(borrow)]
    nombre1: Cow<'a, str>,
    #[serde(borrow)]
    nombre2: Cow<'a, str>,
    #[serde(borrow)]
    numid: Cow<'a, str>,
    #[serde(borrow)]
    nit: Cow<'a, str>,
    #[serde(borrow)]
    emailnot: Cow<'a, str>,
    #[serde(borrow)]
    emailcom: Cow<'a, str>,
    #[serde(borrow)]
    celnot: Cow<'a, str>,
    #[serde(borrow)]
    telnot: Cow<'a, str>,
    #[serde(borrow)]
    telnot2: Cow<'a, str>,
    #[serde(borrow)]
    celcom: Cow<'a, str>,
    #[serde(borrow)]
    telcom1: Cow<'a, str>,
    #[serde(borrow)]
    telcom2: Cow<'a, str>,
}

impl Packed {
    pub fn unpack(&self) -> Result<Registration<'_>, serde_json::Error> {
        serde_json::from_str(&self.json)
    }
}

impl Registration<'_> {
    /// Where the merchant lives: the municipality of notification, else the commercial one.
    pub fn municipio(&self) -> &str {
        if self.munnot.is_empty() { &self.muncom } else { &self.munnot }
    }

    pub fn row(&self) -> RegistryRow<'_> {
        RegistryRow {
            organizacion: &self.organizacion,
            estmatricula: &self.estmatricula,
            ultanoren: &self.ultanoren,
            fecmatricula: &self.fecmatricula,
            razonsocial: &self.razonsocial,
            apellido1: &self.apellido1,
            apellido2: &self.apellido2,
            nombre1: &self.nombre1,
            nombre2: &self.nombre2,
            numid: &self.numid,
            nit: &self.nit,
            emailnot: &self.emailnot,
            emailcom: &self.emailcom,
            celnot: &self.celnot,
            telnot: &self.telnot,
            telnot2: &self.telnot2,
            celcom: &self.celcom,
            telcom1: &self.telcom1,
            telcom2: &self.telcom2,
        }
    }
}

/// The registrations after this sort key, lowest first; empty at the end.
pub(super) async fn next(desk: &CampaignDesk, after: &str) -> Result<Vec<Packed>, DbErr> {
    let (pack, text) = match desk.db.backend() {
        DbBackend::Postgres => ("json_build_array", "::text"),
        _ => ("json_array", ""),
    };
    let columns = COLUMNS.join(", ");
    let query = format!(
        "SELECT matricula_orden, {pack}({columns}){text} AS datos FROM mreg_est_matriculados \
         WHERE camara = ? AND matricula_orden > ? ORDER BY matricula_orden LIMIT {PAGE}"
    );
    let values = [desk.actor.camara.as_str().into(), after.into()];
    let rows = desk.db.reader().query_all_raw(sql(desk.db.backend(), &query, values)).await?;
    rows.iter()
        .map(|row| Ok(Packed { orden: row.try_get("", "matricula_orden")?, json: row.try_get("", "datos")? }))
        .collect()
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
