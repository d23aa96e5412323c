//! Sessions: 15 minutes idle, 8 hours at most, known by the SHA-256 of a 256-bit token.

use async_trait::async_trait;
use contract::staff::{Role, SessionService, StaffView};
use contract::{ChamberCode, ServiceError, ServiceResult, Timestamp};
use entity::{funcionarios, sesiones};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter};
use zeroize::Zeroizing;

use super::login::count;
use crate::clock::Clock;
use crate::db::Db;
use crate::secrets::{MacKey, sha256_hex};
use crate::services::actor::{Actor, CONFIRMATION_SECONDS};
use crate::services::audit::{Action, record};
use crate::services::compare::compare;
use crate::services::fault::unexpected;
use crate::services::limits::{self, Class, Subject};

/// A session unused for so long is over.
const IDLE_SECONDS: i64 = 15 * 60;

/// A session this old is over, used or not.
const ABSOLUTE_SECONDS: i64 = 8 * 3600;

/// Use is written down at most this often.
const TOUCH_SECONDS: i64 = 60;

/// A session in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffSession {
    /// The staff member's row.
    pub funcionario_id: i64,
    /// The user name.
    pub usuario: String,
    /// The person's name.
    pub nombre: String,
    /// When it began.
    pub creada_en: Timestamp,
    /// When it was last used, as written down.
    pub usada_en: Timestamp,
    /// The session's key in the table: no secret.
    pub token_hash: String,
}

pub(super) fn token_hash(token: &str) -> String {
    sha256_hex(token.as_bytes())
}

/// Who a cookie's token stands for; `None` when the session is over, unknown, or its owner deactivated.
/// Counts as use of the session.
///
/// # Errors
/// When the database fails.
pub async fn resolve(db: &Db, clock: &Clock, token: &str) -> ServiceResult<Option<(Actor, StaffSession)>> {
    let Some((actor, session)) = peek(db, clock, token).await? else { return Ok(None) };
    let now = clock.now();
    if now.seconds_since(session.usada_en) >= TOUCH_SECONDS {
        touch(db, &session.token_hash, now).await?;
    }
    Ok(Some((actor, session)))
}

/// The same without counting as use: for what a page does by itself.
///
/// # Errors
/// When the database fails.
pub async fn peek(db: &Db, clock: &Clock, token: &str) -> ServiceResult<Option<(Actor, StaffSession)>> {
    let now = clock.now();
    let session = sesiones::Entity::find_by_id(token_hash(token)).one(db.reader()).await.map_err(unexpected)?;
    let Some(session) = session.filter(|s| in_force(s, now)) else { return Ok(None) };
    let owner = funcionarios::Entity::find_by_id(session.funcionario_id)
        .filter(funcionarios::Column::Camara.eq(&session.camara))
        .filter(funcionarios::Column::Activo.eq(true))
        .one(db.reader())
        .await
        .map_err(unexpected)?;
    let Some(owner) = owner else { return Ok(None) };
    let Some((camara, role)) = ChamberCode::parse(&session.camara).zip(Role::parse(&owner.rol)) else {
        return Ok(None);
    };
    let actor = Actor {
        camara,
        name: owner.usuario.clone(),
        role,
        confirmed_at: Some(Timestamp(session.confirmada_en)),
        must_confirm: true,
    };
    let session = StaffSession {
        funcionario_id: owner.id,
        usuario: owner.usuario,
        nombre: owner.nombre,
        creada_en: Timestamp(session.creada_en),
        usada_en: Timestamp(session.usada_en),
        token_hash: session.token_hash,
    };
    Ok(Some((actor, session)))
}

fn in_force(session: &sesiones::Model, now: Timestamp) -> bool {
    now.seconds_since(Timestamp(session.usada_en)) < IDLE_SECONDS
        && now.seconds_since(Timestamp(session.creada_en)) < ABSOLUTE_SECONDS
}

async fn touch(db: &Db, token_hash: &str, now: Timestamp) -> ServiceResult<()> {
    let txn = db.write().await.map_err(unexpected)?;
    sesiones::Entity::update_many()
        .col_expr(sesiones::Column::UsadaEn, Expr::value(now.0))
        .filter(sesiones::Column::TokenHash.eq(token_hash))
        .exec(&txn)
        .await
        .map_err(unexpected)?;
    txn.commit().await.map_err(unexpected)
}

/// Ends a session. A token that nobody knows ends nothing.
///
/// # Errors
/// When the database fails.
pub async fn logout(db: &Db, clock: &Clock, token: &str) -> ServiceResult<()> {
    let Some((actor, session)) = resolve(db, clock, token).await? else { return Ok(()) };
    let txn = db.write().await.map_err(unexpected)?;
    sesiones::Entity::delete_by_id(session.token_hash).exec(&txn).await.map_err(unexpected)?;
    record(&txn, actor.camara, clock.now(), &actor.name, Action::Salida, String::new()).await.map_err(unexpected)?;
    txn.commit().await.map_err(unexpected)
}

/// Removes the chamber's sessions that are over.
pub(super) async fn purge(txn: &DatabaseTransaction, camara: ChamberCode, now: Timestamp) -> ServiceResult<()> {
    let over = Condition::any()
        .add(sesiones::Column::UsadaEn.lte(now.plus_seconds(-IDLE_SECONDS).0))
        .add(sesiones::Column::CreadaEn.lte(now.plus_seconds(-ABSOLUTE_SECONDS).0));
    let own = sesiones::Column::Camara.eq(camara.as_str());
    sesiones::Entity::delete_many().filter(own).filter(over).exec(txn).await.map_err(unexpected)?;
    Ok(())
}

/// The session's own doings, for the staff member who holds it.
pub struct StaffSessionDesk {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Keys the digest under which wrong passwords are counted.
    pub mac: std::sync::Arc<MacKey>,
    /// Who.
    pub actor: Actor,
    /// Their session.
    pub session: StaffSession,
    /// The chamber's name.
    pub camara_nombre: String,
}

#[async_trait]
impl SessionService for StaffSessionDesk {
    async fn me(&self) -> ServiceResult<StaffView> {
        let until = self.actor.confirmed_at.map(|at| at.plus_seconds(CONFIRMATION_SECONDS));
        Ok(StaffView {
            usuario: self.session.usuario.clone(),
            nombre: self.session.nombre.clone(),
            rol: self.actor.role,
            camara: self.actor.camara,
            camara_nombre: self.camara_nombre.clone(),
            confirmado_hasta: until.filter(|until| self.clock.now() < *until),
        })
    }

    /// Counted with the wrong log-ins: a session left open is no place to guess either.
    async fn confirm_password(&self, password: String) -> ServiceResult<()> {
        let password = Zeroizing::new(password);
        let camara = self.actor.camara;
        let user = Subject::new(&self.mac, camara, Class::Login, &self.session.usuario);
        count(&self.db, camara, &[&user], self.clock.now()).await?;
        let owner = funcionarios::Entity::find_by_id(self.session.funcionario_id)
            .filter(funcionarios::Column::Camara.eq(camara.as_str()))
            .one(self.db.reader())
            .await
            .map_err(unexpected)?;
        let right = compare(vec![owner.map(|owner| owner.clave_hash)], password).await? == [true];
        let now = self.clock.now();
        let txn = self.db.write().await.map_err(unexpected)?;
        let action = if right { Action::ClaveConfirmada } else { Action::IngresoFallido };
        record(&txn, camara, now, &self.actor.name, action, String::new()).await.map_err(unexpected)?;
        if right {
            limits::forget(&txn, camara, &user).await?;
            sesiones::Entity::update_many()
                .col_expr(sesiones::Column::ConfirmadaEn, Expr::value(now.0))
                .filter(sesiones::Column::TokenHash.eq(&self.session.token_hash))
                .exec(&txn)
                .await
                .map_err(unexpected)?;
        }
        txn.commit().await.map_err(unexpected)?;
        if right { Ok(()) } else { Err(ServiceError::WrongLogin) }
    }
}
