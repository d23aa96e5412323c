//! The merchant's activation (manual, section 10): four fields, a PIN by SMS, a verified user.
//!
//! Each step changes the transaction of the browser's cookie; the next page shows where it stands
//! (post, redirect, get). What is told stays until the next step, so that a page may be loaded
//! again. Guesses are counted before they are compared; every mismatch gives the same answer for
//! the same work.

mod candidate;
mod credentials;
mod notify;
mod origin;
mod own_password;
mod pin;
mod settle;
mod store;
mod typed;
mod unlock;

use std::sync::Arc;

use async_trait::async_trait;
use contract::activation::{ActivationService, ActivationView, Credentials, Draft, Notice, Step};
use contract::campaign::Factor;
use contract::{ChamberCode, ServiceResult, Timestamp};
use domain::activation::{Activation, ActivationPolicy};
use domain::pin::PinPolicy;
use sea_orm::DatabaseTransaction;
use zeroize::Zeroizing;

pub use notify::{Notifier, NotifyError};
pub use origin::Origin;
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
    origin: Origin,
    store: Store,
}

impl ActivationDesk {
    /// Binds the activation to a chamber, its gateway (`None` when `SMS_*` is not set), the
    /// transaction cookie's token and where the caller comes from.
    #[must_use]
    pub fn new(
        tools: Arc<ActivationTools>,
        chamber: Arc<Chamber>,
        sms: Option<Arc<dyn SmsGateway>>,
        token: &str,
        origin: impl Into<Origin>,
    ) -> Self {
        let origin = origin.into();
        let network =
            Subject::network(&tools.mac, chamber.code, Class::Network, origin.address).under(chamber.limits.network);
        let store = Store::new(Arc::clone(&chamber), token, tools.vault.clone());
        Self { tools, chamber, sms, network, origin, store }
    }

    fn camara(&self) -> ChamberCode {
        self.chamber.code
    }

    fn now(&self) -> Timestamp {
        self.tools.clock.now()
    }

    fn policy(&self) -> ActivationPolicy {
        let limits = &self.chamber.limits;
        let pin = PinPolicy {
            lifetime: limits.pin_minutes * 60,
            tries: limits.pin_tries,
            resend_after: limits.resend_seconds,
            resends: limits.resends,
        };
        ActivationPolicy { lifetime: limits.transaction_minutes * 60, pin, own_password: limits.own_password }
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
        let (now, txn) = (self.now(), self.begin().await?);
        let mut saved = self.store.lock(&txn, now).await?;
        saved.activation.reopen(notice, draft, &self.policy(), now);
        self.finish(txn, &saved).await
    }
}

#[async_trait]
impl ActivationService for ActivationDesk {
    async fn view(&self) -> ServiceResult<ActivationView> {
        let (policy, now) = (self.policy(), self.now());
        let saved = self.store.peek(self.tools.db.reader()).await?;
        let activation = saved.map_or_else(|| Activation::fresh(&policy, now), |saved| saved.activation);
        let (paso, aviso) = activation.view(&policy, now);
        let chamber = &self.chamber;
        Ok(ActivationView {
            camara_nombre: chamber.nombre.clone(),
            telefono: chamber.telefono.clone(),
            direccion: chamber.direccion.clone(),
            enlace_renovar: chamber.enlace_renovar.clone(),
            enlace_menu: chamber.enlace_menu.clone(),
            con_pin: chamber.factor == Factor::Doble || matches!(paso, Step::Pin { .. }),
            ahora: now,
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

    async fn choose(&self, clave: String, repetida: String) -> ServiceResult<()> {
        self.choose_password(Zeroizing::new(clave), Zeroizing::new(repetida)).await
    }

    async fn abandon(&self) -> ServiceResult<()> {
        let (now, txn) = (self.now(), self.begin().await?);
        let mut saved = self.store.lock(&txn, now).await?;
        if let Some(password_id) = saved.activation.abandon(&self.policy(), now) {
            self.audit(&txn, Action::ActivacionAbandonada, format!("clave={password_id}")).await?;
        }
        self.finish(txn, &saved).await
    }

    async fn restart(&self) -> ServiceResult<()> {
        let txn = self.begin().await?;
        self.store.delete(&txn).await?;
        txn.commit().await.map_err(unexpected)
    }
}
