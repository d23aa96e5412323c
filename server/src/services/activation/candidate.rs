//! Which pre-assigned password the four fields could belong to, and whether they do.

use contract::campaign::{Factor, PasswordState};
use contract::{ChamberCode, ColombianMobile, Email, ServiceResult, Timestamp};
use domain::activation::Proven;
use domain::eligibility::contact;
use entity::claves_preasignadas::{Column, Entity, Model};
use entity::{mreg_est_matriculados, usuarios_verificados};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::typed::Typed;
use crate::config::Chamber;
use crate::db::Db;
use crate::services::compare::compare;
use crate::services::fault::unexpected;
use crate::services::registry::registry_row;

/// States in which the mail may have reached the merchant (`sending.md`).
pub(super) const ACTIVATABLE: [&str; 3] =
    [PasswordState::Transmitiendo.as_str(), PasswordState::Incierto.as_str(), PasswordState::Enviado.as_str()];

/// Verified users that stand in the way of another one; AN and EL do not.
pub(super) const VERIFIED: [&str; 2] = ["VE", "IN"];

/// Passwords compared for the test identity: the newest of its e-mail, four because two go out
/// with each test send. Always as many, however many there are, so that time tells nothing.
const TEST_PLACES: u64 = 4;

/// The pre-assigned password whose four fields were typed.
pub(super) struct Match {
    pub(super) row: Model,
    /// Where the confirmation goes.
    pub(super) email: Email,
    /// Where the PIN goes: the registered mobile, or for a test the one typed.
    pub(super) mobile: ColombianMobile,
}

impl Match {
    /// What the four right fields prove.
    pub(super) fn proven(&self) -> Proven {
        Proven {
            password_id: self.row.id,
            generation: self.row.generacion,
            email: self.email.clone(),
            mobile: self.mobile.clone(),
        }
    }

    /// The factor: fixed at dispatch; the chamber's present one can only tighten it.
    pub(super) fn factor(&self, present: Factor) -> Factor {
        match (self.row.factor.as_deref().and_then(Factor::parse), present) {
            (Some(Factor::SoloClave), Factor::SoloClave) => Factor::SoloClave,
            _ => Factor::Doble,
        }
    }
}

/// Compares the four fields, with the same work whatever is wrong: one argon2 for a merchant,
/// [`TEST_PLACES`] for the test identity.
pub(super) async fn compare_all(
    db: &Db,
    chamber: &Chamber,
    typed: Typed,
    now: Timestamp,
) -> ServiceResult<Option<Match>> {
    let (rows, places) = if typed.id.is_test() {
        (test_rows(db, chamber, &typed, now).await?, TEST_PLACES as usize)
    } else {
        (merchant_rows(db, chamber, &typed, now).await?, 1)
    };
    let hashes = (0..places).map(|place| rows.get(place).and_then(|row| row.hash.clone())).collect();
    let results = compare(hashes, typed.password.clone()).await?;
    let matching = rows.into_iter().zip(results).find(|(row, same)| same_contact(row, &typed) & same);
    Ok(matching.map(|(row, _)| Match { row, email: typed.email, mobile: typed.mobile }))
}

/// The newest password in force of this identification; none when it is already verified. A newer
/// one takes the older one's place.
async fn merchant_rows(db: &Db, chamber: &Chamber, typed: &Typed, now: Timestamp) -> ServiceResult<Vec<Model>> {
    let verified = already_verified(db.reader(), chamber.code, typed.id.as_str()).await?;
    let newest = Entity::find()
        .filter(Column::Camara.eq(chamber.code.as_str()))
        .filter(Column::Identificacion.eq(typed.id.as_str()))
        .filter(Column::EsPrueba.eq(false))
        .filter(Column::Estado.is_in(ACTIVATABLE))
        .order_by_desc(Column::Ano)
        .order_by_desc(Column::Id)
        .limit(1)
        .all(db.reader())
        .await
        .map_err(unexpected)?;
    let in_force = |row: &Model| now < expiry(row, chamber) && !verified;
    Ok(newest.into_iter().filter(in_force).collect())
}

/// Test passwords of the very e-mail typed, sent in the last `PRUEBA_HORAS`.
async fn test_rows(db: &Db, chamber: &Chamber, typed: &Typed, now: Timestamp) -> ServiceResult<Vec<Model>> {
    let newest = Entity::find()
        .filter(Column::Camara.eq(chamber.code.as_str()))
        .filter(Column::EsPrueba.eq(true))
        .filter(Column::Correo.eq(typed.email.as_str()))
        .filter(Column::Estado.is_in(ACTIVATABLE))
        .filter(Column::TransmitidaEn.gt(now.plus_seconds(-chamber.limits.test_hours * 3600).0))
        .order_by_desc(Column::Id)
        .limit(TEST_PLACES)
        .all(db.reader())
        .await
        .map_err(unexpected)?;
    Ok(if chamber.limits.test_identity { newest } else { Vec::new() })
}

/// Whether a verified user, not a test, bears this identification.
pub(super) async fn already_verified<C: sea_orm::ConnectionTrait>(
    conn: &C,
    camara: ChamberCode,
    identificacion: &str,
) -> ServiceResult<bool> {
    let count = usuarios_verificados::Entity::find()
        .filter(usuarios_verificados::Column::Camara.eq(camara.as_str()))
        .filter(usuarios_verificados::Column::Identificacion.eq(identificacion))
        .filter(usuarios_verificados::Column::EsPrueba.eq(false))
        .filter(usuarios_verificados::Column::Estado.is_in(VERIFIED))
        .count(conn)
        .await
        .map_err(unexpected)?;
    Ok(count > 0)
}

/// When the password's time runs out; a row without that date has the life its dispatch gives it.
fn expiry(row: &Model, chamber: &Chamber) -> Timestamp {
    let from_dispatch = row.transmitida_en.map(|at| at + chamber.limits.password_days * 86_400_000);
    Timestamp(row.vence_en.or(from_dispatch).unwrap_or_default())
}

/// E-mail and mobile as mailed; the test identity takes any valid mobile.
fn same_contact(row: &Model, typed: &Typed) -> bool {
    let same_email = Email::parse(&row.correo).as_ref() == Some(&typed.email);
    let same_mobile = ColombianMobile::parse(&row.celular).as_ref() == Some(&typed.mobile);
    same_email & (same_mobile | row.es_prueba)
}

/// Whether the registry now says another e-mail or mobile than the one mailed. Tests bear invented
/// merchants' data, of which the registry knows nothing.
pub(super) async fn registry_changed(db: &Db, camara: ChamberCode, found: &Match) -> ServiceResult<bool> {
    if found.row.es_prueba {
        return Ok(false);
    }
    let key = (camara.to_string(), found.row.matricula.clone());
    let registered = mreg_est_matriculados::Entity::find_by_id(key).one(db.reader()).await.map_err(unexpected)?;
    let Some(now) = registered else { return Ok(false) };
    let now = registry_row(&now);
    let same_email = contact::email(&now).is_some_and(|(email, _)| email == found.email);
    let same_mobile = contact::mobile(&now).is_some_and(|(mobile, _)| mobile == found.mobile);
    Ok(!(same_email && same_mobile))
}
