//! Setting a second factor up and taking it away.

use std::net::IpAddr;

use contract::{ChamberCode, ServiceError, ServiceResult, Timestamp};
use entity::{codigos_recuperacion, segundos_factores};
use rand::RngCore;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, Set};
use zeroize::Zeroizing;

use super::code::{self, SECRET_BYTES, TypedCode};
use super::login::{SessionToken, count};
use super::qr::QrCode;
use super::session::{Insider, Stage, end_sessions, open_session};
use super::{StaffDoor, second_step};
use crate::secrets::{MacKey, Vault};
use crate::services::audit::{Action, record};
use crate::services::fault::unexpected;
use crate::services::limits::{self, Class, Subject};

/// The name under which an application lists the account.
const ISSUER: &str = "Clave Segura";

/// What is shown once, to set an application up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolment {
    /// To be photographed.
    pub qr: QrCode,
    /// To be typed, in groups of four.
    pub secret: Zeroizing<String>,
}

/// What a sealed secret is bound to.
pub(crate) fn factor_binding(camara: &str, funcionario_id: i64) -> String {
    format!("segundo_factor/{camara}/{funcionario_id}")
}

/// How a recovery code is known.
pub(super) fn fingerprint(mac: &MacKey, camara: ChamberCode, funcionario_id: i64, code: &str) -> String {
    let id = funcionario_id.to_string();
    mac.mac_hex("staff-recovery-v1", &[camara.as_str().as_bytes(), id.as_bytes(), code.as_bytes()])
}

/// A fresh secret that waits for its first code; a factor already in force stays as it is.
pub(super) async fn begin(
    txn: &DatabaseTransaction,
    vault: &Vault,
    camara: ChamberCode,
    funcionario_id: i64,
    now: Timestamp,
) -> ServiceResult<()> {
    let mut secret = Zeroizing::new([0_u8; SECRET_BYTES]);
    rand::rng().fill_bytes(secret.as_mut());
    let sealed = vault.seal(&*secret, &factor_binding(camara.as_str(), funcionario_id)).map_err(unexpected)?;
    segundos_factores::Entity::delete_many()
        .filter(segundos_factores::Column::FuncionarioId.eq(funcionario_id))
        .filter(segundos_factores::Column::ConfirmadoEn.is_null())
        .exec(txn)
        .await
        .map_err(unexpected)?;
    let row = segundos_factores::ActiveModel {
        funcionario_id: Set(funcionario_id),
        camara: Set(camara.to_string()),
        sellado: Set(sealed.bytes),
        llave: Set(sealed.key_id),
        creado_en: Set(now.0),
        confirmado_en: Set(None),
        ultimo_paso: Set(0),
    };
    segundos_factores::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(txn)
        .await
        .map_err(unexpected)?;
    Ok(())
}

/// Takes the factor and its recovery codes away; whether there was one.
pub(super) async fn remove(txn: &DatabaseTransaction, camara: ChamberCode, funcionario_id: i64) -> ServiceResult<bool> {
    codigos_recuperacion::Entity::delete_many()
        .filter(codigos_recuperacion::Column::Camara.eq(camara.as_str()))
        .filter(codigos_recuperacion::Column::FuncionarioId.eq(funcionario_id))
        .exec(txn)
        .await
        .map_err(unexpected)?;
    let gone = segundos_factores::Entity::delete_many()
        .filter(segundos_factores::Column::Camara.eq(camara.as_str()))
        .filter(segundos_factores::Column::FuncionarioId.eq(funcionario_id))
        .exec(txn)
        .await
        .map_err(unexpected)?;
    Ok(gone.rows_affected > 0)
}

impl StaffDoor {
    /// Begins to set a second factor up, in a whole session and after the password.
    ///
    /// # Errors
    /// [`ServiceError::WrongLogin`], [`ServiceError::TooManyTries`]; [`ServiceError::StateChanged`] when
    /// there is a factor in force.
    pub async fn begin_factor(&self, who: &Insider, password: Zeroizing<String>) -> ServiceResult<()> {
        let user = self.prove(who, password).await?;
        let now = self.clock.now();
        let txn = self.db.write().await.map_err(unexpected)?;
        if second_step::factor_of(&txn, who).await?.is_some_and(|known| known.confirmado_en.is_some()) {
            return Err(ServiceError::StateChanged);
        }
        begin(&txn, &self.vault, who.camara, who.funcionario_id, now).await?;
        limits::forget(&txn, who.camara, &user).await?;
        txn.commit().await.map_err(unexpected)
    }

    /// What the application is set up with; `None` when none is being set up.
    ///
    /// # Errors
    /// When the database fails or the secret cannot be opened.
    pub async fn enrolment(&self, who: &Insider) -> ServiceResult<Option<Enrolment>> {
        let found = second_step::factor_of(self.db.reader(), who).await?;
        let Some(row) = found.filter(|row| row.confirmado_en.is_none() && who.stage != Stage::Codigo) else {
            return Ok(None);
        };
        let secret = self.open_factor(&row)?;
        let account = format!("{} ({})", who.usuario, who.camara);
        let made = code::address(&secret, &account, ISSUER);
        let (qr, typed) = made
            .and_then(|(url, typed)| Some((QrCode::of(&Zeroizing::new(url))?, Zeroizing::new(typed))))
            .ok_or_else(|| unexpected("a second factor's secret cannot be shown"))?;
        let groups: Vec<&str> =
            typed.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
        Ok(Some(Enrolment { qr, secret: Zeroizing::new(groups.join(" ")) }))
    }

    /// Puts the factor in force with its first code. Every other session ends; the answer is a whole
    /// session and the recovery codes, which nobody can show again.
    ///
    /// # Errors
    /// [`ServiceError::WrongLogin`] for a wrong code, [`ServiceError::TooManyTries`];
    /// [`ServiceError::StateChanged`] when none is being set up.
    pub async fn confirm_factor(
        &self,
        who: &Insider,
        typed: &str,
        address: IpAddr,
    ) -> ServiceResult<(SessionToken, Vec<Zeroizing<String>>)> {
        if who.stage == Stage::Codigo {
            return Err(ServiceError::StateChanged);
        }
        let user = Subject::new(&self.mac, who.camara, Class::Login, &who.usuario);
        let network = Subject::network(&self.mac, who.camara, Class::LoginNetwork, address);
        count(&self.db, who.camara, &[&user, &network], self.clock.now()).await?;

        let now = self.clock.now();
        let txn = self.db.write().await.map_err(unexpected)?;
        let found = second_step::factor_of(&txn, who).await?.filter(|row| row.confirmado_en.is_none());
        let row = found.ok_or(ServiceError::StateChanged)?;
        let secret = self.open_factor(&row)?;
        let step = match TypedCode::parse(typed) {
            Some(TypedCode::Moment(code)) => code::accepted_step(&secret, &code, now, row.ultimo_paso),
            _ => None,
        };
        let Some(step) = step else {
            let action = Action::SegundoFactorErrado;
            record(&txn, who.camara, now, &who.usuario, action, String::new()).await.map_err(unexpected)?;
            txn.commit().await.map_err(unexpected)?;
            return Err(ServiceError::WrongLogin);
        };
        let confirmed = segundos_factores::Entity::update_many()
            .col_expr(segundos_factores::Column::ConfirmadoEn, Expr::value(now.0))
            .col_expr(segundos_factores::Column::UltimoPaso, Expr::value(step))
            .filter(segundos_factores::Column::FuncionarioId.eq(who.funcionario_id))
            .filter(segundos_factores::Column::ConfirmadoEn.is_null())
            .filter(segundos_factores::Column::Sellado.eq(row.sellado))
            .exec(&txn)
            .await
            .map_err(unexpected)?;
        if confirmed.rows_affected == 0 {
            return Err(ServiceError::StateChanged);
        }
        let codes = code::recovery_codes();
        let rows = codes.iter().map(|code| codigos_recuperacion::ActiveModel {
            camara: Set(who.camara.to_string()),
            funcionario_id: Set(who.funcionario_id),
            huella: Set(fingerprint(&self.mac, who.camara, who.funcionario_id, code)),
            ..Default::default()
        });
        codigos_recuperacion::Entity::insert_many(rows).exec_without_returning(&txn).await.map_err(unexpected)?;
        end_sessions(&txn, who.camara, who.funcionario_id).await?;
        let token = open_session(&txn, who.camara, who.funcionario_id, Stage::Plena, now).await?;
        limits::forget(&txn, who.camara, &user).await?;
        limits::take_back(&txn, who.camara, &network).await?;
        if who.stage == Stage::Inscripcion {
            record(&txn, who.camara, now, &who.usuario, Action::Ingreso, String::new()).await.map_err(unexpected)?;
        }
        let action = Action::SegundoFactorActivado;
        record(&txn, who.camara, now, &who.usuario, action, String::new()).await.map_err(unexpected)?;
        txn.commit().await.map_err(unexpected)?;
        Ok((token, codes.iter().map(|code| Zeroizing::new(code::shown(code))).collect()))
    }

    /// Takes the factor away: with the password and a code, and only where the chamber does not ask for
    /// one. Every other session ends.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`] where it is required; [`ServiceError::WrongLogin`],
    /// [`ServiceError::TooManyTries`].
    pub async fn remove_factor(
        &self,
        who: &Insider,
        password: Zeroizing<String>,
        typed: &str,
    ) -> ServiceResult<SessionToken> {
        if self.rules_of(who.camara)?.second_factor {
            return Err(ServiceError::Forbidden);
        }
        let user = self.prove(who, password).await?;
        let now = self.clock.now();
        let txn = self.db.write().await.map_err(unexpected)?;
        if self.spend_code(&txn, who, typed, now).await?.is_none() {
            let action = Action::SegundoFactorErrado;
            record(&txn, who.camara, now, &who.usuario, action, String::new()).await.map_err(unexpected)?;
            txn.commit().await.map_err(unexpected)?;
            return Err(ServiceError::WrongLogin);
        }
        remove(&txn, who.camara, who.funcionario_id).await?;
        end_sessions(&txn, who.camara, who.funcionario_id).await?;
        let token = open_session(&txn, who.camara, who.funcionario_id, Stage::Plena, now).await?;
        limits::forget(&txn, who.camara, &user).await?;
        let action = Action::SegundoFactorRetirado;
        record(&txn, who.camara, now, &who.usuario, action, String::new()).await.map_err(unexpected)?;
        txn.commit().await.map_err(unexpected)?;
        Ok(token)
    }
}
