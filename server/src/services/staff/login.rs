//! The log-in: one answer for an unknown user and a wrong password, the same work, growing delays.

use std::net::IpAddr;

use contract::{ChamberCode, ServiceError, ServiceResult, Timestamp};
use domain::limits::Refusal;
use entity::{funcionarios, segundos_factores, sesiones};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use zeroize::Zeroizing;

use super::session::{Stage, open_session, purge, token_hash};
use super::{StaffDoor, factor, user_name};
use crate::db::Db;
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

/// What a right password opens: everything, or the way to the second step only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// For the cookie.
    pub token: SessionToken,
    /// How far it goes.
    pub stage: Stage,
}

impl StaffDoor {
    /// Logs a staff member of this chamber in, with a new session that counts as just confirmed; the
    /// session that the browser had before, if any, ends.
    ///
    /// Failures are counted by user name, existing or not, so that delays tell nobody which names exist.
    ///
    /// # Errors
    /// [`ServiceError::WrongLogin`]; [`ServiceError::TooManyTries`], the same with the right password.
    pub async fn login(
        &self,
        camara: ChamberCode,
        usuario: &str,
        password: Zeroizing<String>,
        address: IpAddr,
        former: Option<&str>,
    ) -> ServiceResult<Entry> {
        let rules = self.rules.get(&camara).copied().ok_or(ServiceError::WrongLogin)?;
        let usuario = user_name(usuario);
        let user = Subject::new(&self.mac, camara, Class::Login, &usuario);
        let network = Subject::network(&self.mac, camara, Class::LoginNetwork, address);
        count(&self.db, camara, &[&user, &network], self.clock.now()).await?;

        let row = funcionarios::Entity::find()
            .filter(funcionarios::Column::Camara.eq(camara.as_str()))
            .filter(funcionarios::Column::Usuario.eq(&usuario))
            .filter(funcionarios::Column::Activo.eq(true))
            .one(self.db.reader())
            .await
            .map_err(unexpected)?;
        let hash = row.as_ref().map(|row| row.clave_hash.clone());
        let right = compare(vec![hash], password).await? == [true];

        let now = self.clock.now();
        let txn = self.db.write().await.map_err(unexpected)?;
        let Some(row) = row.filter(|_| right) else {
            // The name typed stays out of the trail: it may be a password in the wrong field.
            let detail = format!("usuario={}", user.short());
            record(&txn, camara, now, "sistema", Action::IngresoFallido, detail).await.map_err(unexpected)?;
            txn.commit().await.map_err(unexpected)?;
            return Err(ServiceError::WrongLogin);
        };
        let known = segundos_factores::Entity::find_by_id(row.id).one(&txn).await.map_err(unexpected)?;
        let stage = match known {
            Some(known) if known.confirmado_en.is_some() => Stage::Codigo,
            _ if rules.second_factor => Stage::Inscripcion,
            _ => Stage::Plena,
        };
        if stage == Stage::Inscripcion {
            factor::begin(&txn, &self.vault, camara, row.id, now).await?;
        }
        if stage == Stage::Codigo {
            // Wrong codes must go on counting, however often the password is typed in between.
            limits::take_back(&txn, camara, &user).await?;
        } else {
            limits::forget(&txn, camara, &user).await?;
        }
        limits::take_back(&txn, camara, &network).await?;
        purge(&txn, camara, &rules, now).await?;
        if let Some(former) = former {
            sesiones::Entity::delete_by_id(token_hash(former)).exec(&txn).await.map_err(unexpected)?;
        }
        let token = open_session(&txn, camara, row.id, stage, now).await?;
        if stage == Stage::Plena {
            record(&txn, camara, now, &row.usuario, Action::Ingreso, String::new()).await.map_err(unexpected)?;
        }
        txn.commit().await.map_err(unexpected)?;
        Ok(Entry { token, stage })
    }
}

/// Counts a try of every subject before anything is compared.
pub(super) async fn count(db: &Db, camara: ChamberCode, subjects: &[&Subject], now: Timestamp) -> ServiceResult<()> {
    let txn = db.write().await.map_err(unexpected)?;
    match limits::attempt(&txn, camara, subjects, now).await? {
        Ok(_) => txn.commit().await.map_err(unexpected),
        Err(Refusal::Wait { until }) => Err(ServiceError::TooManyTries { retry_at: until }),
        Err(Refusal::Locked) => Err(ServiceError::TooManyTries { retry_at: now.plus_seconds(3600) }),
    }
}
