//! Sessions, known by the SHA-256 of a 256-bit token; the chamber's rules say how long they last.

use contract::staff::Role;
use contract::{ChamberCode, ServiceResult, Timestamp};
use entity::sesiones;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, Set};

use super::login::SessionToken;
use super::{StaffDoor, active};
use crate::config::StaffRules;
use crate::secrets::{random_token, sha256_hex};
use crate::services::actor::Actor;
use crate::services::audit::{Action, record};
use crate::services::fault::unexpected;

/// Use is written down at most this often.
const TOUCH_SECONDS: i64 = 60;

/// How far a session has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Everything that the role allows.
    Plena,
    /// The password was right; the code of the second factor is awaited.
    Codigo,
    /// The password was right; the chamber asks for a second factor that is still to be set up.
    Inscripcion,
}

impl Stage {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Plena => "plena",
            Self::Codigo => "codigo",
            Self::Inscripcion => "inscripcion",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Self::Plena, Self::Codigo, Self::Inscripcion].into_iter().find(|stage| stage.as_str() == name)
    }

    /// How long one that is not whole may wait for its second step.
    const fn patience(self) -> i64 {
        match self {
            Self::Plena | Self::Codigo => 5 * 60,
            // An application has to be found and set up first.
            Self::Inscripcion => 15 * 60,
        }
    }
}

/// Whoever holds a session, whole or not: enough for the second step and for one's own account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insider {
    /// The chamber.
    pub camara: ChamberCode,
    /// The staff member's row.
    pub funcionario_id: i64,
    /// The user name.
    pub usuario: String,
    /// The session's key in the table: no secret.
    pub token_hash: String,
    /// How far the session has come.
    pub stage: Stage,
}

/// A whole session in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffSession {
    /// Whose, and which.
    pub insider: Insider,
    /// The person's name.
    pub nombre: String,
    /// When it was last used, as written down.
    pub usada_en: Timestamp,
}

pub(super) fn token_hash(token: &str) -> String {
    sha256_hex(token.as_bytes())
}

impl StaffDoor {
    /// Who a cookie's token stands for; `None` when the session is over, unknown, not whole yet, or its
    /// owner deactivated. Counts as use of the session.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn resolve(&self, token: &str) -> ServiceResult<Option<(Actor, StaffSession)>> {
        let Some((actor, session)) = self.peek(token).await? else { return Ok(None) };
        let now = self.clock.now();
        if now.seconds_since(session.usada_en) >= TOUCH_SECONDS {
            self.touch(&session.insider.token_hash, now).await?;
        }
        Ok(Some((actor, session)))
    }

    /// The same without counting as use: for what a page does by itself.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn peek(&self, token: &str) -> ServiceResult<Option<(Actor, StaffSession)>> {
        let Some((session, insider, owner, rules)) = self.find(token).await? else { return Ok(None) };
        let Some(role) = Role::parse(&owner.rol).filter(|_| insider.stage == Stage::Plena) else { return Ok(None) };
        let actor = Actor {
            camara: insider.camara,
            name: owner.usuario,
            role,
            confirmed_until: Some(Timestamp(session.confirmada_en).plus_seconds(rules.confirmation_seconds)),
            must_confirm: true,
        };
        Ok(Some((actor, StaffSession { insider, nombre: owner.nombre, usada_en: Timestamp(session.usada_en) })))
    }

    /// Whoever holds this token, whole session or not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn insider(&self, token: &str) -> ServiceResult<Option<Insider>> {
        Ok(self.find(token).await?.map(|(_, insider, _, _)| insider))
    }

    async fn find(
        &self,
        token: &str,
    ) -> ServiceResult<Option<(sesiones::Model, Insider, entity::funcionarios::Model, StaffRules)>> {
        let now = self.clock.now();
        let session =
            sesiones::Entity::find_by_id(token_hash(token)).one(self.db.reader()).await.map_err(unexpected)?;
        let Some(session) = session else { return Ok(None) };
        let Some((camara, stage)) = ChamberCode::parse(&session.camara).zip(Stage::parse(&session.etapa)) else {
            return Ok(None);
        };
        let Some(rules) = self.rules.get(&camara).filter(|rules| in_force(&session, stage, rules, now)) else {
            return Ok(None);
        };
        let Some(owner) = active(self.db.reader(), camara, session.funcionario_id).await? else { return Ok(None) };
        let insider = Insider {
            camara,
            funcionario_id: owner.id,
            usuario: owner.usuario.clone(),
            token_hash: session.token_hash.clone(),
            stage,
        };
        Ok(Some((session, insider, owner, *rules)))
    }

    async fn touch(&self, token_hash: &str, now: Timestamp) -> ServiceResult<()> {
        let txn = self.db.write().await.map_err(unexpected)?;
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
    pub async fn logout(&self, token: &str) -> ServiceResult<()> {
        let Some(insider) = self.insider(token).await? else { return Ok(()) };
        let txn = self.db.write().await.map_err(unexpected)?;
        sesiones::Entity::delete_by_id(insider.token_hash).exec(&txn).await.map_err(unexpected)?;
        let now = self.clock.now();
        record(&txn, insider.camara, now, &insider.usuario, Action::Salida, String::new()).await.map_err(unexpected)?;
        txn.commit().await.map_err(unexpected)
    }
}

fn in_force(session: &sesiones::Model, stage: Stage, rules: &StaffRules, now: Timestamp) -> bool {
    let age = now.seconds_since(Timestamp(session.creada_en));
    match stage {
        Stage::Plena => {
            now.seconds_since(Timestamp(session.usada_en)) < rules.idle_seconds && age < rules.absolute_seconds
        }
        Stage::Codigo | Stage::Inscripcion => age < stage.patience(),
    }
}

/// A new session that counts as just confirmed.
pub(super) async fn open_session(
    txn: &DatabaseTransaction,
    camara: ChamberCode,
    funcionario_id: i64,
    stage: Stage,
    now: Timestamp,
) -> ServiceResult<SessionToken> {
    let token = random_token();
    sesiones::ActiveModel {
        token_hash: Set(token_hash(&token)),
        camara: Set(camara.to_string()),
        funcionario_id: Set(funcionario_id),
        creada_en: Set(now.0),
        usada_en: Set(now.0),
        confirmada_en: Set(now.0),
        etapa: Set(stage.as_str().to_owned()),
    }
    .insert(txn)
    .await
    .map_err(unexpected)?;
    Ok(SessionToken(token))
}

/// Ends every session of a staff member; how many.
pub(super) async fn end_sessions(
    txn: &DatabaseTransaction,
    camara: ChamberCode,
    funcionario_id: i64,
) -> ServiceResult<u64> {
    let own = sesiones::Entity::delete_many()
        .filter(sesiones::Column::Camara.eq(camara.as_str()))
        .filter(sesiones::Column::FuncionarioId.eq(funcionario_id));
    Ok(own.exec(txn).await.map_err(unexpected)?.rows_affected)
}

/// Removes the chamber's sessions that are over.
pub(super) async fn purge(
    txn: &DatabaseTransaction,
    camara: ChamberCode,
    rules: &StaffRules,
    now: Timestamp,
) -> ServiceResult<()> {
    let over = Condition::any()
        .add(sesiones::Column::UsadaEn.lte(now.plus_seconds(-rules.idle_seconds).0))
        .add(sesiones::Column::CreadaEn.lte(now.plus_seconds(-rules.absolute_seconds).0));
    let own = sesiones::Column::Camara.eq(camara.as_str());
    sesiones::Entity::delete_many().filter(own).filter(over).exec(txn).await.map_err(unexpected)?;
    Ok(())
}
