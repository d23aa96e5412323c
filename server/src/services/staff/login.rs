//! The log-in: one answer for an unknown user and a wrong password, the same work, growing delays.

use std::net::IpAddr;

use contract::{ChamberCode, ServiceError, ServiceResult, Timestamp};
use domain::limits::Refusal;
use entity::{funcionarios, sesiones};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set};
use zeroize::Zeroizing;

use super::session::{purge, token_hash};
use super::user_name;
use crate::clock::Clock;
use crate::db::Db;
use crate::secrets::{MacKey, random_token};
use crate::services::audit::{Action, record};
use crate::services::compare::compare;
use crate::services::fault::unexpected;
use crate::services::limits::{self, Class, Subject};

/// A session's token in the clear, for the cookie. The database knows only its SHA-256.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(pub String);

impl std::fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionToken(…)")
    }
}

/// Logs a staff member of this chamber in, with a new session that counts as just confirmed.
///
/// Failures are counted by user name, existing or not, so that delays tell nobody which names exist.
///
/// # Errors
/// [`ServiceError::WrongLogin`]; [`ServiceError::TooManyTries`], the same with the right password.
pub async fn login(
    db: &Db,
    clock: &Clock,
    mac: &MacKey,
    camara: ChamberCode,
    usuario: &str,
    password: Zeroizing<String>,
    address: IpAddr,
) -> ServiceResult<SessionToken> {
    let usuario = user_name(usuario);
    let user = Subject::new(mac, camara, Class::Login, &usuario);
    let network = Subject::network(mac, camara, Class::LoginNetwork, address);
    count(db, camara, &[&user, &network], clock.now()).await?;

    let row = funcionarios::Entity::find()
        .filter(funcionarios::Column::Camara.eq(camara.as_str()))
        .filter(funcionarios::Column::Usuario.eq(&usuario))
        .filter(funcionarios::Column::Activo.eq(true))
        .one(db.reader())
        .await
        .map_err(unexpected)?;
    let hash = row.as_ref().map(|row| row.clave_hash.clone());
    let right = compare(vec![hash], password).await? == [true];

    let now = clock.now();
    let txn = db.write().await.map_err(unexpected)?;
    let Some(row) = row.filter(|_| right) else {
        // The name typed stays out of the trail: it may be a password in the wrong field.
        let detail = format!("usuario={}", user.short());
        record(&txn, camara, now, "sistema", Action::IngresoFallido, detail).await.map_err(unexpected)?;
        txn.commit().await.map_err(unexpected)?;
        return Err(ServiceError::WrongLogin);
    };
    limits::forget(&txn, camara, &user).await?;
    limits::take_back(&txn, camara, &network).await?;
    purge(&txn, camara, now).await?;
    let token = random_token();
    sesiones::ActiveModel {
        token_hash: Set(token_hash(&token)),
        camara: Set(camara.to_string()),
        funcionario_id: Set(row.id),
        creada_en: Set(now.0),
        usada_en: Set(now.0),
        confirmada_en: Set(now.0),
    }
    .insert(&txn)
    .await
    .map_err(unexpected)?;
    record(&txn, camara, now, &row.usuario, Action::Ingreso, String::new()).await.map_err(unexpected)?;
    txn.commit().await.map_err(unexpected)?;
    Ok(SessionToken(token))
}

/// Counts a try of every subject before the password is compared.
pub(super) async fn count(db: &Db, camara: ChamberCode, subjects: &[&Subject], now: Timestamp) -> ServiceResult<()> {
    let txn = db.write().await.map_err(unexpected)?;
    match limits::attempt(&txn, camara, subjects, now).await? {
        Ok(_) => txn.commit().await.map_err(unexpected),
        Err(Refusal::Wait { until }) => Err(ServiceError::TooManyTries { retry_at: until }),
        Err(Refusal::Locked) => Err(ServiceError::TooManyTries { retry_at: now.plus_seconds(3600) }),
    }
}
