//! Staff members: made, listed and deactivated, never deleted, because the trail names them.

use contract::error::Field;
use contract::staff::{Permission, Role};
use contract::value::clean;
use contract::{ServiceError, ServiceResult, Timestamp};
use entity::funcionarios;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use zeroize::Zeroizing;

use super::password::hash_new;
use super::session::end_sessions;
use super::user_name;
use crate::clock::Clock;
use crate::db::Db;
use crate::services::actor::Actor;
use crate::services::audit::{Action, record};
use crate::services::fault::unexpected;

/// The shortest password of a staff member, in characters.
pub const MIN_PASSWORD: usize = 12;

/// A staff member as the command line lists them.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct StaffRow {
    /// The user name.
    pub usuario: String,
    /// The person's name.
    pub nombre: String,
    /// The role.
    pub rol: Role,
    /// Whether they may log in.
    pub activo: bool,
    /// Since when.
    pub creado_en: Timestamp,
}

/// Makes a staff member of the actor's chamber. User names are 3–40 letters, digits, `.`, `_`, `-`
/// and unique in the chamber; passwords have at least [`MIN_PASSWORD`] characters.
///
/// # Errors
/// [`ServiceError::Forbidden`]; [`ServiceError::Invalid`] naming user name or password.
pub async fn create_user(
    db: &Db,
    clock: &Clock,
    actor: &Actor,
    usuario: &str,
    nombre: &str,
    rol: Role,
    password: Zeroizing<String>,
) -> ServiceResult<()> {
    actor.require(Permission::Destroy)?;
    let usuario = user_name(usuario);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if !(3..=40).contains(&usuario.len()) || !usuario.chars().all(plain) {
        return Err(ServiceError::Invalid { field: Field::UserName });
    }
    let nombre = Some(clean(nombre)).filter(|nombre| !nombre.is_empty()).unwrap_or_else(|| usuario.clone());
    let hash = hash_new(password, &usuario).await?;

    let now = clock.now();
    let txn = db.write().await.map_err(unexpected)?;
    let row = funcionarios::ActiveModel {
        camara: Set(actor.camara.to_string()),
        usuario: Set(usuario.clone()),
        nombre: Set(nombre),
        rol: Set(rol.as_str().to_owned()),
        clave_hash: Set(hash),
        activo: Set(true),
        creado_en: Set(now.0),
        ..Default::default()
    };
    let inserted = funcionarios::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&txn)
        .await
        .map_err(unexpected)?;
    if inserted == 0 {
        return Err(ServiceError::Invalid { field: Field::UserName });
    }
    let detail = format!("usuario={usuario} rol={}", rol.as_str());
    record(&txn, actor.camara, now, &actor.name, Action::FuncionarioCreado, detail).await.map_err(unexpected)?;
    txn.commit().await.map_err(unexpected)
}

/// The staff of the actor's chamber, by user name.
///
/// # Errors
/// [`ServiceError::Forbidden`].
pub async fn list_users(db: &Db, actor: &Actor) -> ServiceResult<Vec<StaffRow>> {
    actor.require(Permission::Destroy)?;
    let rows = funcionarios::Entity::find()
        .filter(funcionarios::Column::Camara.eq(actor.camara.as_str()))
        .order_by_asc(funcionarios::Column::Usuario)
        .all(db.reader())
        .await
        .map_err(unexpected)?;
    let rows = rows.into_iter().filter_map(|row| {
        Some(StaffRow {
            rol: Role::parse(&row.rol)?,
            usuario: row.usuario,
            nombre: row.nombre,
            activo: row.activo,
            creado_en: Timestamp(row.creado_en),
        })
    });
    Ok(rows.collect())
}

/// Deactivates a staff member and ends all their sessions.
///
/// # Errors
/// [`ServiceError::Forbidden`]; [`ServiceError::NotFound`] when nobody active bears that name.
pub async fn deactivate_user(db: &Db, clock: &Clock, actor: &Actor, usuario: &str) -> ServiceResult<()> {
    actor.require(Permission::Destroy)?;
    let usuario = user_name(usuario);
    let txn = db.write().await.map_err(unexpected)?;
    let row = funcionarios::Entity::find()
        .filter(funcionarios::Column::Camara.eq(actor.camara.as_str()))
        .filter(funcionarios::Column::Usuario.eq(&usuario))
        .filter(funcionarios::Column::Activo.eq(true))
        .one(&txn)
        .await
        .map_err(unexpected)?
        .ok_or(ServiceError::NotFound)?;
    funcionarios::Entity::update_many()
        .col_expr(funcionarios::Column::Activo, Expr::value(false))
        .filter(funcionarios::Column::Id.eq(row.id))
        .exec(&txn)
        .await
        .map_err(unexpected)?;
    end_sessions(&txn, actor.camara, row.id).await?;
    let detail = format!("usuario={usuario}");
    let action = Action::FuncionarioDesactivado;
    record(&txn, actor.camara, clock.now(), &actor.name, action, detail).await.map_err(unexpected)?;
    txn.commit().await.map_err(unexpected)
}
