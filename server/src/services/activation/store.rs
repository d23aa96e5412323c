//! Transactions in `activaciones`: one row a cookie, known by the SHA-256 of its token.

use contract::activation::{Draft, Notice};
use contract::{ChamberCode, ColombianMobile, Email, ServiceResult, Timestamp};
use domain::activation::{PendingPin, TRANSACTION_SECONDS, Transaction};
use domain::pin::IssuedPin;
use entity::activaciones::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, Set,
};

use crate::secrets::{Vault, sha256_hex};
use crate::services::fault::unexpected;
use crate::services::limits::{self, LOCK_TRIES};

/// Rows are erased a day after their end.
const RETENTION_SECONDS: i64 = 24 * 3600;

/// The transaction of one cookie at one chamber.
#[derive(Clone)]
pub(super) struct Store {
    camara: ChamberCode,
    cookie_hash: String,
    vault: Vault,
}

/// A transaction as it stands.
pub(super) struct Saved {
    pub(super) id: i64,
    pub(super) state: Transaction,
    pub(super) notice: Option<Notice>,
    pub(super) draft: Draft,
    pub(super) expires: Timestamp,
}

impl Saved {
    /// Back to the form, unless the same browser's other request (a double click) has just been
    /// the one that activated: a finished transaction is left by `restart` only.
    pub(super) fn reopen_unless_done(&mut self, notice: Notice, draft: Draft) {
        if self.state != Transaction::Done {
            self.reopen(notice, draft);
        }
    }

    /// Back to the form, with this notice.
    pub(super) fn reopen(&mut self, notice: Notice, draft: Draft) {
        (self.state, self.notice, self.draft) = (Transaction::Form, Some(notice), draft);
    }

    /// To a state without a form, nothing of what was typed kept.
    pub(super) fn move_to(&mut self, state: Transaction, notice: Option<Notice>) {
        (self.state, self.notice, self.draft) = (state, notice, Draft::default());
    }

    /// Twenty minutes from now.
    pub(super) fn renew(&mut self, now: Timestamp) {
        self.expires = now.plus_seconds(TRANSACTION_SECONDS);
    }
}

impl Store {
    pub(super) fn new(camara: ChamberCode, token: &str, vault: Vault) -> Self {
        Self { camara, cookie_hash: sha256_hex(token.as_bytes()), vault }
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
            vence_en: Set(now.plus_seconds(TRANSACTION_SECONDS).0),
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
        let pending = match &saved.state {
            Transaction::Pin(pending) => Some(pending),
            _ => None,
        };
        let notice = saved.notice.as_ref().map(serde_json::to_string).transpose().map_err(unexpected)?;
        let draft = (saved.draft != Draft::default()).then(|| self.seal(&saved.draft)).transpose()?;
        ActiveModel {
            id: Set(saved.id),
            paso: Set(step_name(&saved.state).to_owned()),
            aviso: Set(notice),
            borrador: Set(draft),
            clave_preasignada_id: Set(pending.map(|p| p.password_id)),
            clave_generacion: Set(pending.map(|p| p.generation)),
            correo: Set(pending.map(|p| p.email.as_str().to_owned())),
            celular: Set(pending.map(|p| p.mobile.as_str().to_owned())),
            pin_hmac: Set(pending.and_then(|p| p.pin.mac.clone())),
            pin_vence_en: Set(pending.map(|p| p.pin.expires.0)),
            pin_fallos: Set(pending.map_or(0, |p| p.pin.failures)),
            pin_enviado_en: Set(pending.and_then(|p| p.pin.sent_at).map(|at| at.0)),
            reenvios: Set(pending.map_or(0, |p| p.resends)),
            vence_en: Set(saved.expires.0),
            ..Default::default()
        }
        .update(txn)
        .await
        .map_err(unexpected)?;
        Ok(())
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
        let before = now.plus_seconds(-RETENTION_SECONDS);
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
        Saved { id, state: state_of(row), notice, draft, expires }
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
        Transaction::Done => "activada",
        Transaction::Left => "salida",
        Transaction::Abandoned => "abandonada",
    }
}

fn state_of(row: Model) -> Transaction {
    match row.paso.as_str() {
        "pin" => pending_of(&row).map_or(Transaction::Form, Transaction::Pin),
        "activada" => Transaction::Done,
        "salida" => Transaction::Left,
        "abandonada" => Transaction::Abandoned,
        _ => Transaction::Form,
    }
}

fn pending_of(row: &Model) -> Option<PendingPin> {
    Some(PendingPin {
        password_id: row.clave_preasignada_id?,
        generation: row.clave_generacion?,
        email: Email::parse(row.correo.as_deref()?)?,
        mobile: ColombianMobile::parse(row.celular.as_deref()?)?,
        pin: IssuedPin {
            mac: row.pin_hmac.clone(),
            expires: Timestamp(row.pin_vence_en?),
            failures: row.pin_fallos,
            sent_at: row.pin_enviado_en.map(Timestamp),
        },
        resends: row.reenvios,
    })
}
