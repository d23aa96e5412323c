//! The merchant's activation (manual, section 10): four fields, a PIN by SMS, a verified user.
//!
//! Each step changes the transaction of the browser's cookie; the next page shows where it stands
//! (post, redirect, get). What is told stays until the next step, so that a page may be loaded
//! again. Guesses are counted before they are compared; every mismatch gives the same answer for
//! the same work.

mod candidate;
mod credentials;
mod pin;
mod settle;
mod store;
mod typed;
mod unlock;

use std::net::IpAddr;
use std::sync::Arc;

use async_trait::async_trait;
use contract::activation::{ActivationService, ActivationView, Credentials, Draft, Notice, Step};
use contract::campaign::Factor;
use contract::{ChamberCode, Email, ServiceResult, Timestamp};
use domain::activation::Transaction;
use domain::pin::PinPolicy;
use sea_orm::DatabaseTransaction;

pub use unlock::{AttemptsDesk, unlock};

use self::store::{Saved, Store};
use crate::clock::Clock;
use crate::config::Chamber;
use crate::db::Db;
use crate::secrets::{MacKey, Vault};
use crate::services::audit::{Action, record};
use crate::services::fault::unexpected;
use crate::services::limits::{Class, Subject};
use crate::sms::SmsGateway;

/// The name under which merchants stand in the trail.
const ACTOR: &str = "comerciante";

/// The confirmation could not be mailed. Carries no personal data.
#[derive(Clone, Debug, thiserror::Error)]
#[error("confirmation not mailed: {0}")]
pub struct NotifyError(pub String);

/// Whoever mails the confirmation of an activation (manual, section 10).
#[async_trait]
pub trait Notifier: Send + Sync {
    /// Mails it to `to`; `user_id` is the verified user's row. A failure never undoes the activation.
    async fn activated(
        &self,
        chamber: &Chamber,
        to: &Email,
        name: &str,
        at: Timestamp,
        user_id: i64,
    ) -> Result<(), NotifyError>;
}

/// What every activation of the process shares.
pub struct ActivationTools {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Seals what was typed.
    pub vault: Vault,
    /// Keys the digests of PINs, identities and networks.
    pub mac: Arc<MacKey>,
    /// Mails confirmations.
    pub notifier: Arc<dyn Notifier>,
    /// `PUBLIC_URL`'s host, for the SMS' last line.
    pub public_host: String,
}

/// The activation of one browser at one chamber; cheap to clone.
#[derive(Clone)]
pub struct ActivationDesk {
    tools: Arc<ActivationTools>,
    chamber: Arc<Chamber>,
    sms: Option<Arc<dyn SmsGateway>>,
    network: Subject,
    store: Store,
}

impl ActivationDesk {
    /// Binds the activation to a chamber, its gateway (`None` when `SMS_*` is not set), the
    /// transaction cookie's token and the caller's address.
    #[must_use]
    pub fn new(
        tools: Arc<ActivationTools>,
        chamber: Arc<Chamber>,
        sms: Option<Arc<dyn SmsGateway>>,
        token: &str,
        address: IpAddr,
    ) -> Self {
        let network = Subject::network(&tools.mac, chamber.code, Class::Network, address).under(chamber.limits.network);
        let store = Store::new(chamber.code, token, tools.vault.clone());
        Self { tools, chamber, sms, network, store }
    }

    fn camara(&self) -> ChamberCode {
        self.chamber.code
    }

    fn now(&self) -> Timestamp {
        self.tools.clock.now()
    }

    fn pin_policy(&self) -> PinPolicy {
        let limits = &self.chamber.limits;
        PinPolicy {
            lifetime: limits.pin_minutes * 60,
            tries: limits.pin_tries,
            resend_after: limits.resend_seconds,
            resends: limits.resends,
        }
    }

    async fn begin(&self) -> ServiceResult<DatabaseTransaction> {
        self.tools.db.write().await.map_err(unexpected)
    }

    /// Saves the transaction and ends the database's.
    async fn finish(&self, txn: DatabaseTransaction, saved: &Saved) -> ServiceResult<()> {
        self.store.save(&txn, saved).await?;
        txn.commit().await.map_err(unexpected)
    }

    async fn audit(&self, txn: &DatabaseTransaction, action: Action, detail: String) -> ServiceResult<()> {
        record(txn, self.camara(), self.now(), ACTOR, action, detail).await.map_err(unexpected)
    }

    /// Shows the form again.
    async fn back_to_form(&self, draft: Draft, notice: Notice) -> ServiceResult<()> {
        let txn = self.begin().await?;
        let mut saved = self.store.lock(&txn, self.now()).await?;
        saved.renew(self.now());
        saved.reopen(notice, draft);
        self.finish(txn, &saved).await
    }

    /// The step a page shows of a transaction, and what it tells.
    fn show(&self, saved: Saved) -> (Step, Option<Notice>) {
        let now = self.now();
        if now >= saved.expires {
            let lost = matches!(saved.state, Transaction::Pin(_)) || saved.draft != Draft::default();
            return (Step::Form { borrador: Draft::default() }, lost.then_some(Notice::TransactionExpired));
        }
        let step = match saved.state {
            Transaction::Form => Step::Form { borrador: saved.draft },
            Transaction::Pin(pending) => Step::Pin {
                celular: pending.mobile.masked(),
                vence_en: pending.pin.expires,
                reenvio_desde: pending.resend_from(&self.pin_policy()),
            },
            Transaction::Done => Step::Done,
            Transaction::Left => Step::Left,
            Transaction::Abandoned => Step::Abandoned,
        };
        let over = |notice: &Notice| matches!(notice, Notice::Wait { hasta } if *hasta <= now);
        (step, saved.notice.filter(|notice| !over(notice)))
    }
}

#[async_trait]
impl ActivationService for ActivationDesk {
    async fn view(&self) -> ServiceResult<ActivationView> {
        let saved = self.store.peek(self.tools.db.reader()).await?;
        let (paso, aviso) = saved.map_or((Step::Form { borrador: Draft::default() }, None), |saved| self.show(saved));
        let chamber = &self.chamber;
        Ok(ActivationView {
            camara_nombre: chamber.nombre.clone(),
            telefono: chamber.telefono.clone(),
            direccion: chamber.direccion.clone(),
            enlace_renovar: chamber.enlace_renovar.clone(),
            enlace_menu: chamber.enlace_menu.clone(),
            con_pin: chamber.factor == Factor::Doble || matches!(paso, Step::Pin { .. }),
            ahora: self.now(),
            paso,
            aviso,
        })
    }

    async fn accept(&self, credentials: Credentials) -> ServiceResult<()> {
        self.accept_credentials(credentials).await
    }

    async fn refuse(&self, credentials: Credentials) -> ServiceResult<()> {
        self.refuse_credentials(credentials).await
    }

    async fn confirm(&self, pin: String) -> ServiceResult<()> {
        self.confirm_pin(&pin).await
    }

    async fn resend(&self) -> ServiceResult<()> {
        self.resend_pin().await
    }

    async fn abandon(&self) -> ServiceResult<()> {
        let now = self.now();
        let txn = self.begin().await?;
        let mut saved = self.store.lock(&txn, now).await?;
        match &saved.state {
            Transaction::Done => return Ok(()),
            Transaction::Pin(pending) => {
                let detail = format!("clave={}", pending.password_id);
                self.audit(&txn, Action::ActivacionAbandonada, detail).await?;
            }
            _ => {}
        }
        saved.renew(now);
        saved.move_to(Transaction::Abandoned, None);
        self.finish(txn, &saved).await
    }

    async fn restart(&self) -> ServiceResult<()> {
        let txn = self.begin().await?;
        self.store.delete(&txn).await?;
        txn.commit().await.map_err(unexpected)
    }
}
