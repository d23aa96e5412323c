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

/// A registration as it comes from the database: one JSON array of texts, which costs it a fraction of
/// as many columns, and is taken apart where it is judged.
pub(super) struct Packed {
    /// Its sort key.
    pub orden: String,
    json: String,
}

/// A registration taken apart.
pub(super) struct Registration<'a> {
    pub matricula: Cow<'a, str>,
    pub idclase: Cow<'a, str>,
    pub municipio: Cow<'a, str>,
    pub sincronizacion_id: i64,
    fields: [Cow<'a, str>; 19],
}

impl Packed {
    pub fn unpack(&self) -> Result<Registration<'_>, serde_json::Error> {
        let Borrowed(all) = serde_json::from_str(&self.json)?;
        let [matricula, idclase, munnot, muncom, sincronizacion, fields @ ..] = all;
        let municipio = if munnot.is_empty() { muncom } else { munnot };
        let sincronizacion_id = sincronizacion.parse().unwrap_or_default();
        Ok(Registration { matricula, idclase, municipio, sincronizacion_id, fields })
    }
}

/// Borrowed from the JSON wherever no escape stands in the way.
struct Borrowed<'a>([Cow<'a, str>; 24]);

impl<'de: 'a, 'a> serde::Deserialize<'de> for Borrowed<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        struct Text<'a>(#[serde(borrow)] Cow<'a, str>);
        let texts = <[Text<'a>; 24]>::deserialize(deserializer)?;
        Ok(Self(texts.map(|Text(text)| text)))
    }
}

impl Registration<'_> {
    pub fn row(&self) -> RegistryRow<'_> {
        let [
            organizacion,
            estmatricula,
            ultanoren,
            fecmatricula,
            razonsocial,
            apellido1,
            apellido2,
            nombre1,
            nombre2,
            numid,
            nit,
            emailnot,
            emailcom,
            celnot,
            telnot,
            telnot2,
            celcom,
            telcom1,
            telcom2,
        ] = &self.fields;
        RegistryRow {
            organizacion,
            estmatricula,
            ultanoren,
            fecmatricula,
            razonsocial,
            apellido1,
            apellido2,
            nombre1,
            nombre2,
            numid,
            nit,
            emailnot,
            emailcom,
            celnot,
            telnot,
            telnot2,
            celcom,
            telcom1,
            telcom2,
        }
    }
}

/// The registrations after this sort key, lowest first; empty at the end.
pub(super) async fn next(desk: &CampaignDesk, after: &str) -> Result<Vec<Packed>, DbErr> {
    let (pack, text) = match desk.db.backend() {
        DbBackend::Postgres => ("json_build_array", "::text"),
        _ => ("json_array", ""),
    };
    let columns = COLUMNS.map(|column| format!("CAST({column} AS TEXT)")).join(", ");
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
