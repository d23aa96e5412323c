//! What an administrator does for a staff member: another password or role, no second factor. Each ends
//! that person's sessions.

use contract::staff::{Permission, Role};
use contract::{ServiceError, ServiceResult};
use entity::funcionarios;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use zeroize::Zeroizing;

use super::password::hash_new;
use super::session::end_sessions;
use super::{factor, user_name};
use crate::clock::Clock;
use crate::db::Db;
use crate::services::actor::Actor;
use crate::services::audit::{Action, record};
use crate::services::fault::unexpected;

/// Gives a staff member another password.
///
/// # Errors
/// [`ServiceError::Forbidden`]; [`ServiceError::Invalid`]; [`ServiceError::NotFound`] when nobody active
/// bears that name.
pub async fn set_password(
    db: &Db,
    clock: &Clock,
    actor: &Actor,
    usuario: &str,
    password: Zeroizing<String>,
) -> ServiceResult<()> {
    actor.require(Permission::Destroy)?;
    let hash = hash_new(password, &user_name(usuario)).await?;
    let txn = db.write().await.map_err(unexpected)?;
    let row = named(&txn, actor, usuario).await?;
    set(&txn, row.id, funcionarios::Column::ClaveHash, &hash).await?;
    finish(txn, clock, actor, &row, Action::FuncionarioClaveCambiada, String::new()).await
}

/// Gives a staff member another role.
///
/// # Errors
/// [`ServiceError::Forbidden`]; [`ServiceError::NotFound`].
pub async fn set_role(db: &Db, clock: &Clock, actor: &Actor, usuario: &str, rol: Role) -> ServiceResult<()> {
    actor.require(Permission::Destroy)?;
    let txn = db.write().await.map_err(unexpected)?;
    let row = named(&txn, actor, usuario).await?;
    set(&txn, row.id, funcionarios::Column::Rol, rol.as_str()).await?;
    finish(txn, clock, actor, &row, Action::FuncionarioRolCambiado, format!(" rol={}", rol.as_str())).await
}

/// Takes a staff member's second factor away: the telephone and the recovery codes are gone.
///
/// # Errors
/// [`ServiceError::Forbidden`]; [`ServiceError::NotFound`] when nobody active bears that name, or there
/// is no second factor.
pub async fn reset_second_factor(db: &Db, clock: &Clock, actor: &Actor, usuario: &str) -> ServiceResult<()> {
    actor.require(Permission::Destroy)?;
    let txn = db.write().await.map_err(unexpected)?;
    let row = named(&txn, actor, usuario).await?;
    if !factor::remove(&txn, actor.camara, row.id).await? {
        return Err(ServiceError::NotFound);
    }
    finish(txn, clock, actor, &row, Action::SegundoFactorRestablecido, String::new()).await
}

async fn named(txn: &DatabaseTransaction, actor: &Actor, usuario: &str) -> ServiceResult<funcionarios::Model> {
    funcionarios::Entity::find()
        .filter(funcionarios::Column::Camara.eq(actor.camara.as_str()))
        .filter(funcionarios::Column::Usuario.eq(user_name(usuario)))
        .filter(funcionarios::Column::Activo.eq(true))
        .one(txn)
        .await
        .map_err(unexpected)?
        .ok_or(ServiceError::NotFound)
}

async fn set(txn: &DatabaseTransaction, id: i64, column: funcionarios::Column, value: &str) -> ServiceResult<()> {
    funcionarios::Entity::update_many()
        .col_expr(column, Expr::value(value))
        .filter(funcionarios::Column::Id.eq(id))
        .exec(txn)
        .await
        .map_err(unexpected)?;
    Ok(())
}

async fn finish(
    txn: DatabaseTransaction,
    clock: &Clock,
    actor: &Actor,
    row: &funcionarios::Model,
    action: Action,
    more: String,
) -> ServiceResult<()> {
    end_sessions(&txn, actor.camara, row.id).await?;
    let detail = format!("usuario={}{more}", row.usuario);
    record(&txn, actor.camara, clock.now(), &actor.name, action, detail).await.map_err(unexpected)?;
    txn.commit().await.map_err(unexpected)
}
