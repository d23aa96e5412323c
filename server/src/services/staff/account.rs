//! The session's own doings, for the staff member who holds it.

use async_trait::async_trait;
use contract::staff::{AccountView, OwnSession, SessionService, StaffView};
use contract::{ServiceResult, Timestamp};
use entity::{codigos_recuperacion, sesiones};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use zeroize::Zeroizing;

use super::StaffDoor;
use super::second_step::factor_of;
use super::session::{Insider, StaffSession, Stage};
use crate::services::actor::Actor;
use crate::services::audit::{Action, record};
use crate::services::fault::unexpected;
use crate::services::limits;

/// One session and who holds it.
pub struct StaffSessionDesk {
    /// What all of them share.
    pub door: StaffDoor,
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
        Ok(StaffView {
            usuario: self.session.insider.usuario.clone(),
            nombre: self.session.nombre.clone(),
            rol: self.actor.role,
            camara: self.actor.camara,
            camara_nombre: self.camara_nombre.clone(),
            confirmado_hasta: self.actor.confirmed_until.filter(|until| self.door.clock.now() < *until),
        })
    }

    async fn confirm_password(&self, password: String) -> ServiceResult<()> {
        let who = &self.session.insider;
        let user = self.door.prove(who, Zeroizing::new(password)).await?;
        let now = self.door.clock.now();
        let txn = self.door.db.write().await.map_err(unexpected)?;
        limits::forget(&txn, who.camara, &user).await?;
        sesiones::Entity::update_many()
            .col_expr(sesiones::Column::ConfirmadaEn, Expr::value(now.0))
            .filter(sesiones::Column::TokenHash.eq(&who.token_hash))
            .exec(&txn)
            .await
            .map_err(unexpected)?;
        record(&txn, who.camara, now, &who.usuario, Action::ClaveConfirmada, String::new())
            .await
            .map_err(unexpected)?;
        txn.commit().await.map_err(unexpected)
    }

    async fn account(&self) -> ServiceResult<AccountView> {
        let who = &self.session.insider;
        let (rules, now) = (self.door.rules_of(who.camara)?, self.door.clock.now());
        let reader = self.door.db.reader();
        let factor = factor_of(reader, who).await?.and_then(|row| row.confirmado_en);
        let codes = codigos_recuperacion::Entity::find()
            .filter(codigos_recuperacion::Column::Camara.eq(who.camara.as_str()))
            .filter(codigos_recuperacion::Column::FuncionarioId.eq(who.funcionario_id))
            .count(reader)
            .await
            .map_err(unexpected)?;
        let sessions = own(who)
            .filter(sesiones::Column::Etapa.eq("plena"))
            .filter(sesiones::Column::UsadaEn.gt(now.plus_seconds(-rules.idle_seconds).0))
            .filter(sesiones::Column::CreadaEn.gt(now.plus_seconds(-rules.absolute_seconds).0))
            .order_by_desc(sesiones::Column::UsadaEn)
            .all(reader)
            .await
            .map_err(unexpected)?;
        Ok(AccountView {
            segundo_factor_desde: factor.map(Timestamp),
            codigos_de_recuperacion: codes,
            segundo_factor_exigido: rules.second_factor,
            sesiones: sessions
                .into_iter()
                .map(|row| OwnSession {
                    desde: Timestamp(row.creada_en),
                    ultimo_uso: Timestamp(row.usada_en),
                    esta: row.token_hash == who.token_hash,
                })
                .collect(),
        })
    }
}

impl StaffDoor {
    /// Ends every other session of whoever holds this one, after the password; how many.
    ///
    /// # Errors
    /// [`contract::ServiceError::WrongLogin`], [`contract::ServiceError::TooManyTries`].
    pub async fn end_other_sessions(&self, who: &Insider, password: Zeroizing<String>) -> ServiceResult<u64> {
        if who.stage != Stage::Plena {
            return Err(contract::ServiceError::NoSession);
        }
        let user = self.prove(who, password).await?;
        let now = self.clock.now();
        let txn = self.db.write().await.map_err(unexpected)?;
        let others = sesiones::Entity::delete_many()
            .filter(sesiones::Column::Camara.eq(who.camara.as_str()))
            .filter(sesiones::Column::FuncionarioId.eq(who.funcionario_id))
            .filter(sesiones::Column::TokenHash.ne(&who.token_hash))
            .exec(&txn)
            .await
            .map_err(unexpected)?;
        limits::forget(&txn, who.camara, &user).await?;
        let detail = format!("cantidad={}", others.rows_affected);
        record(&txn, who.camara, now, &who.usuario, Action::SesionesCerradas, detail).await.map_err(unexpected)?;
        txn.commit().await.map_err(unexpected)?;
        Ok(others.rows_affected)
    }
}

fn own(who: &Insider) -> sea_orm::Select<sesiones::Entity> {
    sesiones::Entity::find()
        .filter(sesiones::Column::Camara.eq(who.camara.as_str()))
        .filter(sesiones::Column::FuncionarioId.eq(who.funcionario_id))
}
