//! Transactions in `activaciones`: one row a cookie, known by the SHA-256 of its token.

use std::sync::Arc;

use contract::activation::Draft;
use contract::{ChamberCode, ColombianMobile, Email, ServiceResult, Timestamp};
use domain::activation::{Activation, PendingPin, Proven, Transaction};
use domain::pin::IssuedPin;
use entity::activaciones::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, Set,
};

use super::Origin;
use crate::config::Chamber;
use crate::secrets::{Vault, sha256_hex};
use crate::services::evidence::{Act, When};
use crate::services::fault::unexpected;
use crate::services::limits::{self, LOCK_TRIES};

/// The transaction of one cookie at one chamber.
#[derive(Clone)]
pub(super) struct Store {
    camara: ChamberCode,
    cookie_hash: String,
    vault: Vault,
    chamber: Arc<Chamber>,
}

/// A transaction as it stands, and its row.
pub(super) struct Saved {
    pub(super) id: i64,
    pub(super) activation: Activation,
}

impl Store {
    pub(super) fn new(chamber: Arc<Chamber>, token: &str, vault: Vault) -> Self {
        Self { camara: chamber.code, cookie_hash: sha256_hex(token.as_bytes()), vault, chamber }
    }

    /// The transaction as it stands; `None` when the cookie has none yet.
    pub(super) async fn peek<C: ConnectionTrait>(&self, conn: &C) -> ServiceResult<Option<Saved>> {
        let row = self.find().one(conn).await.map_err(unexpected)?;
        Ok(row.map(|row| self.read(row)))
    }

    /// The transaction, locked until `txn` ends; made when the cookie has none yet.
    pub(super) async fn lock(&self, txn: &DatabaseTransaction, now: Timestamp) -> ServiceResult<Saved> {
        let fresh = ActiveModel {
            camara: Set(self.camara.to_string()),
            cookie_hash: Set(self.cookie_hash.clone()),
            paso: Set(step_name(&Transaction::Form).to_owned()),
            pin_fallos: Set(0),
            reenvios: Set(0),
            creada_en: Set(now.0),
            vence_en: Set(now.plus_seconds(self.chamber.limits.transaction_minutes * 60).0),
            ..Default::default()
        };
        // «Begin again» deletes rows: one that goes between the two statements is made again.
        for _ in 0..LOCK_TRIES {
            let inserted = Entity::insert(fresh.clone())
                .on_conflict(OnConflict::new().do_nothing().to_owned())
                .exec_without_returning(txn)
                .await
                .map_err(unexpected)?;
            if inserted > 0 {
                self.purge(txn, now).await?;
            }
            if let Some(row) = self.find().lock_exclusive().one(txn).await.map_err(unexpected)? {
                return Ok(self.read(row));
            }
        }
        Err(unexpected("the row of a transaction vanished"))
    }

    /// Writes the transaction that [`Store::lock`] gave.
    pub(super) async fn save(&self, txn: &DatabaseTransaction, saved: &Saved) -> ServiceResult<()> {
        let activation = &saved.activation;
        let (proven, pending) = match &activation.state {
            Transaction::Pin(pending) => (Some(&pending.proven), Some(pending)),
            Transaction::OwnPassword(proven) => (Some(proven), None),
            _ => (None, None),
        };
        let notice = activation.notice.as_ref().map(serde_json::to_string).transpose().map_err(unexpected)?;
        let draft = (activation.draft != Draft::default()).then(|| self.seal(&activation.draft)).transpose()?;
        ActiveModel {
            id: Set(saved.id),
            paso: Set(step_name(&activation.state).to_owned()),
            aviso: Set(notice),
            borrador: Set(draft),
            clave_preasignada_id: Set(proven.map(|p| p.password_id)),
            clave_generacion: Set(proven.map(|p| p.generation)),
            correo: Set(proven.map(|p| p.email.as_str().to_owned())),
            celular: Set(proven.map(|p| p.mobile.as_str().to_owned())),
            pin_hmac: Set(pending.and_then(|p| p.pin.mac.clone())),
            pin_vence_en: Set(pending.map(|p| p.pin.expires.0)),
            pin_fallos: Set(pending.map_or(0, |p| p.pin.failures)),
            pin_enviado_en: Set(pending.and_then(|p| p.pin.sent_at).map(|at| at.0)),
            reenvios: Set(pending.map_or(0, |p| p.resends)),
            vence_en: Set(activation.expires.0),
            ..Default::default()
        }
        .update(txn)
        .await
        .map_err(unexpected)?;
        Ok(())
    }

    /// Writes down when and from where the right data were accepted.
    pub(super) async fn accepted(
        &self,
        txn: &DatabaseTransaction,
        id: i64,
        origin: &Origin,
        now: Timestamp,
    ) -> ServiceResult<()> {
        let row = ActiveModel {
            id: Set(id),
            aceptada_en: Set(Some(now.0)),
            direccion_red: Set(Some(origin.address.to_string())),
            agente: Set(origin.agent.clone()),
            ..Default::default()
        };
        row.update(txn).await.map_err(unexpected)?;
        Ok(())
    }

    /// What [`Store::accepted`] wrote.
    pub(super) async fn acceptance(&self, txn: &DatabaseTransaction, id: i64) -> ServiceResult<Option<Act>> {
        let row = self.find().filter(Column::Id.eq(id)).one(txn).await.map_err(unexpected)?;
        let act = |row: Model| {
            let en = When(Timestamp(row.aceptada_en?));
            Some(Act { en, direccion_red: row.direccion_red, agente: row.agente })
        };
        Ok(row.and_then(act))
    }

    /// Forgets the transaction.
    pub(super) async fn delete(&self, txn: &DatabaseTransaction) -> ServiceResult<()> {
        Entity::delete_many()
            .filter(Column::Camara.eq(self.camara.as_str()))
            .filter(Column::CookieHash.eq(&self.cookie_hash))
            .exec(txn)
            .await
            .map_err(unexpected)?;
        Ok(())
    }

    fn find(&self) -> sea_orm::Select<Entity> {
        Entity::find().filter(Column::Camara.eq(self.camara.as_str())).filter(Column::CookieHash.eq(&self.cookie_hash))
    }

    async fn purge(&self, txn: &DatabaseTransaction, now: Timestamp) -> ServiceResult<()> {
        let before = now.plus_seconds(-self.chamber.limits.retention_hours * 3600);
        Entity::delete_many()
            .filter(Column::Camara.eq(self.camara.as_str()))
            .filter(Column::VenceEn.lt(before.0))
            .exec(txn)
            .await
            .map_err(unexpected)?;
        limits::purge(txn, self.camara, before).await?;
        limits::purge_subjects(txn, self.camara, now.plus_seconds(-limits::SUBJECT_SECONDS)).await
    }

    fn read(&self, row: Model) -> Saved {
        let draft = row.borrador.as_deref().and_then(|sealed| self.open(sealed)).unwrap_or_default();
        let notice = row.aviso.as_deref().and_then(|json| serde_json::from_str(json).ok());
        let (id, expires) = (row.id, Timestamp(row.vence_en));
        Saved { id, activation: Activation { state: state_of(&row), notice, draft, expires } }
    }

    fn binding(&self) -> String {
        format!("activacion/{}/{}", self.camara, self.cookie_hash)
    }

    fn seal(&self, draft: &Draft) -> ServiceResult<Vec<u8>> {
        let json = zeroize::Zeroizing::new(serde_json::to_vec(draft).map_err(unexpected)?);
        Ok(self.vault.seal(&json, &self.binding()).map_err(unexpected)?.bytes)
    }

    /// A draft that no key opens any more is only a form to be filled in again.
    fn open(&self, sealed: &[u8]) -> Option<Draft> {
        serde_json::from_slice(&self.vault.open_any(sealed, &self.binding()).ok()?).ok()
    }
}

const fn step_name(state: &Transaction) -> &'static str {
    match state {
        Transaction::Form => "formulario",
        Transaction::Pin(_) => "pin",
        Transaction::OwnPassword(_) => "clave_propia",
        Transaction::Done => "activada",
        Transaction::Left => "salida",
        Transaction::Abandoned => "abandonada",
    }
}

fn state_of(row: &Model) -> Transaction {
    match row.paso.as_str() {
        "pin" => pending_of(row).map_or(Transaction::Form, Transaction::Pin),
        "clave_propia" => proven_of(row).map_or(Transaction::Form, Transaction::OwnPassword),
        "activada" => Transaction::Done,
        "salida" => Transaction::Left,
        "abandonada" => Transaction::Abandoned,
        _ => Transaction::Form,
    }
}

fn proven_of(row: &Model) -> Option<Proven> {
    Some(Proven {
        password_id: row.clave_preasignada_id?,
        generation: row.clave_generacion?,
        email: Email::parse(row.correo.as_deref()?)?,
        mobile: ColombianMobile::parse(row.celular.as_deref()?)?,
    })
}

fn pending_of(row: &Model) -> Option<PendingPin> {
    let pin = IssuedPin {
        mac: row.pin_hmac.clone(),
        expires: Timestamp(row.pin_vence_en?),
        failures: row.pin_fallos,
        sent_at: row.pin_enviado_en.map(Timestamp),
    };
    Some(PendingPin { proven: proven_of(row)?, pin, resends: row.reenvios })
}
