//! The systems that may ask for signatures, each with a key of its own, bound to one chamber.

use contract::error::Field;
use contract::staff::Permission;
use contract::value::clean;
use contract::{ChamberCode, ServiceError, ServiceResult, Timestamp};
use entity::sistemas::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use zeroize::Zeroizing;

use crate::clock::Clock;
use crate::db::Db;
use crate::secrets::{random_token, sha256_hex};
use crate::services::actor::Actor;
use crate::services::audit::{Action, record};
use crate::services::fault::unexpected;

/// How every key begins, so that a scanner of leaked secrets knows one when it sees it.
const KEY_MARK: &str = "csf_";

/// Letters of the key that stay readable, its mark included.
const PREFIX: usize = 10;

/// The longest name, in characters.
const MAX_NAME: usize = 60;

/// A system that showed its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct System {
    /// Its number.
    pub id: i64,
    /// Its chamber: the only one for whose users it may ask.
    pub camara: ChamberCode,
    /// Its name in records and trail.
    pub nombre: String,
}

/// A system as the command line lists it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct SystemRow {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub nombre: String,
    /// How its key begins.
    pub prefijo: String,
    /// Whether its key works.
    pub activo: bool,
    /// Since when there is one.
    pub creado_en: Timestamp,
    /// Since when its key does not work.
    pub desactivado_en: Option<Timestamp>,
}

/// Makes a system of the actor's chamber and gives its key, which is kept nowhere: only its SHA-256
/// is. Names are 3–60 letters, digits, blanks, `.`, `_` and `-`, and unique in the chamber for good.
///
/// # Errors
/// [`ServiceError::Forbidden`]; [`ServiceError::Invalid`] when the name is taken or has no form.
pub async fn create_system(
    db: &Db,
    clock: &Clock,
    actor: &Actor,
    nombre: &str,
) -> ServiceResult<(SystemRow, Zeroizing<String>)> {
    actor.require(Permission::Destroy)?;
    let nombre = clean(nombre);
    let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '.' | '_' | '-');
    if !(3..=MAX_NAME).contains(&nombre.chars().count()) || !nombre.chars().all(plain) {
        return Err(ServiceError::Invalid { field: Field::UserName });
    }
    let key = Zeroizing::new(format!("{KEY_MARK}{}", random_token()));
    let prefijo: String = key.chars().take(PREFIX).collect();
    let now = clock.now();
    let txn = db.write().await.map_err(unexpected)?;
    let row = ActiveModel {
        camara: Set(actor.camara.to_string()),
        nombre: Set(nombre.clone()),
        prefijo: Set(prefijo.clone()),
        clave_hash: Set(sha256_hex(key.as_bytes())),
        activo: Set(true),
        creado_en: Set(now.0),
        ..Default::default()
    };
    let inserted = Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&txn)
        .await
        .map_err(unexpected)?;
    if inserted == 0 {
        return Err(ServiceError::Invalid { field: Field::UserName });
    }
    let row = of_chamber(actor.camara)
        .filter(Column::Nombre.eq(&nombre))
        .one(&txn)
        .await
        .map_err(unexpected)?
        .ok_or_else(|| unexpected("a system just made is not there"))?;
    let detail = format!("sistema={} prefijo={prefijo}", row.id);
    record(&txn, actor.camara, now, &actor.name, Action::SistemaCreado, detail).await.map_err(unexpected)?;
    txn.commit().await.map_err(unexpected)?;
    Ok((listed(row), key))
}

/// The systems of the actor's chamber, the oldest first.
///
/// # Errors
/// [`ServiceError::Forbidden`].
pub async fn list_systems(db: &Db, actor: &Actor) -> ServiceResult<Vec<SystemRow>> {
    actor.require(Permission::Destroy)?;
    let rows = of_chamber(actor.camara).order_by_asc(Column::Id).all(db.reader()).await.map_err(unexpected)?;
    Ok(rows.into_iter().map(listed).collect())
}

/// Takes a system's key out of force, at once and for good.
///
/// # Errors
/// [`ServiceError::Forbidden`]; [`ServiceError::NotFound`] when no active system bears that number.
pub async fn deactivate_system(db: &Db, clock: &Clock, actor: &Actor, id: i64) -> ServiceResult<()> {
    actor.require(Permission::Destroy)?;
    let now = clock.now();
    let txn = db.write().await.map_err(unexpected)?;
    let updated = Entity::update_many()
        .col_expr(Column::Activo, Expr::value(false))
        .col_expr(Column::DesactivadoEn, Expr::value(now.0))
        .filter(Column::Camara.eq(actor.camara.as_str()))
        .filter(Column::Id.eq(id))
        .filter(Column::Activo.eq(true))
        .exec(&txn)
        .await
        .map_err(unexpected)?;
    if updated.rows_affected == 0 {
        return Err(ServiceError::NotFound);
    }
    let detail = format!("sistema={id}");
    record(&txn, actor.camara, now, &actor.name, Action::SistemaDesactivado, detail).await.map_err(unexpected)?;
    txn.commit().await.map_err(unexpected)
}

/// The active system of this key. It is asked of the database each time: a key taken out of force is
/// refused by the next request.
///
/// # Errors
/// When the database fails.
pub async fn authenticate(db: &Db, key: &str) -> ServiceResult<Option<System>> {
    if !key.starts_with(KEY_MARK) {
        return Ok(None);
    }
    let row = Entity::find()
        .filter(Column::ClaveHash.eq(sha256_hex(key.as_bytes())))
        .filter(Column::Activo.eq(true))
        .one(db.reader())
        .await
        .map_err(unexpected)?;
    Ok(row.and_then(|row| Some(System { id: row.id, camara: ChamberCode::parse(&row.camara)?, nombre: row.nombre })))
}

fn of_chamber(camara: ChamberCode) -> sea_orm::Select<Entity> {
    Entity::find().filter(Column::Camara.eq(camara.as_str()))
}

fn listed(row: Model) -> SystemRow {
    SystemRow {
        id: row.id,
        nombre: row.nombre,
        prefijo: row.prefijo,
        activo: row.activo,
        creado_en: Timestamp(row.creado_en),
        desactivado_en: row.desactivado_en.map(Timestamp),
    }
}
