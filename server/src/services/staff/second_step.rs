//! The second step of a log-in: a code of the moment, or a recovery code, each good for once.

use std::net::IpAddr;

use contract::{ServiceError, ServiceResult, Timestamp};
use entity::{codigos_recuperacion, segundos_factores, sesiones};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter};
use zeroize::Zeroizing;

use super::StaffDoor;
use super::code::{self, TypedCode};
use super::factor::{factor_binding, fingerprint};
use super::login::{SessionToken, count};
use super::session::{Insider, Stage, open_session};
use crate::services::audit::{Action, record};
use crate::services::fault::unexpected;
use crate::services::limits::{self, Class, Subject};

/// The factor of whoever holds the session, in force or not yet.
pub(super) async fn factor_of<C: ConnectionTrait>(
    conn: &C,
    who: &Insider,
) -> ServiceResult<Option<segundos_factores::Model>> {
    segundos_factores::Entity::find_by_id(who.funcionario_id)
        .filter(segundos_factores::Column::Camara.eq(who.camara.as_str()))
        .one(conn)
        .await
        .map_err(unexpected)
}

impl StaffDoor {
    /// Makes a half session whole, under a new token. Failures count with the wrong passwords.
    ///
    /// # Errors
    /// [`ServiceError::NoSession`] when no code is awaited; [`ServiceError::WrongLogin`],
    /// [`ServiceError::TooManyTries`].
    pub async fn second_step(&self, who: &Insider, typed: &str, address: IpAddr) -> ServiceResult<SessionToken> {
        if who.stage != Stage::Codigo {
            return Err(ServiceError::NoSession);
        }
        let user = Subject::new(&self.mac, who.camara, Class::Login, &who.usuario);
        let network = Subject::network(&self.mac, who.camara, Class::LoginNetwork, address);
        count(&self.db, who.camara, &[&user, &network], self.clock.now()).await?;

        let now = self.clock.now();
        let txn = self.db.write().await.map_err(unexpected)?;
        let Some(spent) = self.spend_code(&txn, who, typed, now).await? else {
            let action = Action::SegundoFactorErrado;
            record(&txn, who.camara, now, &who.usuario, action, String::new()).await.map_err(unexpected)?;
            txn.commit().await.map_err(unexpected)?;
            return Err(ServiceError::WrongLogin);
        };
        // Of two at once with two codes, one finds its half session gone.
        let half = sesiones::Entity::delete_by_id(who.token_hash.clone()).exec(&txn).await.map_err(unexpected)?;
        if half.rows_affected == 0 {
            return Err(ServiceError::NoSession);
        }
        limits::forget(&txn, who.camara, &user).await?;
        limits::take_back(&txn, who.camara, &network).await?;
        let token = open_session(&txn, who.camara, who.funcionario_id, Stage::Plena, now).await?;
        if let Spent::Recovery { left } = spent {
            let action = Action::CodigoRecuperacionUsado;
            record(&txn, who.camara, now, &who.usuario, action, format!("quedan={left}")).await.map_err(unexpected)?;
        }
        record(&txn, who.camara, now, &who.usuario, Action::Ingreso, String::new()).await.map_err(unexpected)?;
        txn.commit().await.map_err(unexpected)?;
        Ok(token)
    }

    /// Uses a code up; `None` when it is none of this person's.
    pub(super) async fn spend_code(
        &self,
        txn: &DatabaseTransaction,
        who: &Insider,
        typed: &str,
        now: Timestamp,
    ) -> ServiceResult<Option<Spent>> {
        let row = factor_of(txn, who).await?.filter(|row| row.confirmado_en.is_some());
        let Some((row, code)) = row.zip(TypedCode::parse(typed)) else { return Ok(None) };
        match code {
            TypedCode::Moment(code) => {
                let secret = self.open_factor(&row)?;
                let Some(step) = code::accepted_step(&secret, &code, now, row.ultimo_paso) else { return Ok(None) };
                // Of two at once with the same code, one finds its step used.
                let moved = segundos_factores::Entity::update_many()
                    .col_expr(segundos_factores::Column::UltimoPaso, Expr::value(step))
                    .filter(segundos_factores::Column::FuncionarioId.eq(who.funcionario_id))
                    .filter(segundos_factores::Column::UltimoPaso.lt(step))
                    .exec(txn)
                    .await
                    .map_err(unexpected)?;
                Ok((moved.rows_affected == 1).then_some(Spent::Moment))
            }
            TypedCode::Recovery(code) => {
                let huella = fingerprint(&self.mac, who.camara, who.funcionario_id, &code);
                let own = codigos_recuperacion::Column::Camara
                    .eq(who.camara.as_str())
                    .and(codigos_recuperacion::Column::FuncionarioId.eq(who.funcionario_id));
                let used = codigos_recuperacion::Entity::delete_many()
                    .filter(own.clone())
                    .filter(codigos_recuperacion::Column::Huella.eq(huella))
                    .exec(txn)
                    .await
                    .map_err(unexpected)?;
                if used.rows_affected == 0 {
                    return Ok(None);
                }
                let left = codigos_recuperacion::Entity::find().filter(own).count(txn).await.map_err(unexpected)?;
                Ok(Some(Spent::Recovery { left }))
            }
        }
    }

    pub(super) fn open_factor(&self, row: &segundos_factores::Model) -> ServiceResult<Zeroizing<Vec<u8>>> {
        let binding = factor_binding(&row.camara, row.funcionario_id);
        self.vault.open(&row.llave, &row.sellado, &binding).map_err(unexpected)
    }
}

/// Which code was used up.
pub(super) enum Spent {
    /// One of the moment.
    Moment,
    /// A recovery code.
    Recovery {
        /// How many are left.
        left: u64,
    },
}
