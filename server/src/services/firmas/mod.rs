//! The signing service: what the credential is for. Another system of the chamber asks, the verified
//! user's password and a PIN on the registered mobile answer, and a signed record comes of it.
//!
//! Guesses are counted before they are compared, by the same limits as the activation's; every
//! mismatch gives one answer for the same work.

mod keys;
mod pin;
mod record;
mod request;
mod sistemas;
mod store;

use std::sync::Arc;

use contract::{ChamberCode, ServiceError, ServiceResult, Timestamp};
use domain::pin::PinPolicy;
use domain::signature::{SignaturePolicy, Standing};
use sea_orm::DatabaseTransaction;

pub use keys::SigningKeys;
pub(crate) use keys::remember_key;
pub use request::{Asked, Document};
pub use sistemas::{System, SystemRow, authenticate, create_system, deactivate_system, list_systems};

use crate::clock::Clock;
use crate::config::{Chamber, PublicUrl};
use crate::db::Db;
use crate::secrets::MacKey;
use crate::services::audit::{Action, record};
use crate::services::fault::unexpected;
use crate::services::limits::{Class, Subject};
use crate::sms::SmsGateway;

/// What every request of the process shares.
pub struct SigningTools {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Keys the digests of PINs, identities and systems.
    pub mac: Arc<MacKey>,
    /// `PUBLIC_URL`: who the records say made them.
    pub public_url: PublicUrl,
    /// The chambers' certificates.
    pub keys: Arc<SigningKeys>,
}

/// Why a request is refused. Carries nothing of what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SigningRefusal {
    /// Identification, e-mail and password are not those of a verified user in force.
    Credentials,
    /// Too many failures: not before then, right or wrong.
    Wait {
        /// When the next try is allowed.
        until: Timestamp,
    },
    /// Too many failures: until staff unlock the identity.
    Locked,
    /// The user's or the chamber's SMS are spent.
    SmsBudget,
    /// The idempotency key came with another request before.
    IdempotencyReused,
    /// No such request of this system.
    NotFound,
    /// The PIN is another one.
    WrongPin {
        /// Wrong ones left.
        remaining: u8,
    },
    /// The PIN is void.
    PinVoided,
    /// The PIN's time ran out.
    PinExpired,
    /// The request's time ran out.
    Over,
    /// It was signed before.
    AlreadySigned,
    /// The user is no longer verified.
    UserGone,
    /// No other PIN yet.
    TooSoon {
        /// From when.
        from: Timestamp,
    },
    /// No other PIN in this request.
    Exhausted,
    /// The chamber lacks what signing needs: its certificate in force, an SMS provider.
    Unavailable,
    /// The service itself failed.
    Failed(ServiceError),
}

impl From<ServiceError> for SigningRefusal {
    fn from(error: ServiceError) -> Self {
        Self::Failed(error)
    }
}

/// What a request answers.
pub type SigningResult<T> = Result<T, SigningRefusal>;

/// A request as its system sees it.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningView {
    /// Its name.
    pub codigo: String,
    /// How it stands.
    pub standing: Standing,
    /// The registered mobile, masked.
    pub celular: String,
    /// Whether the last PIN was handed to the provider.
    pub pin_sent: bool,
    /// When the last PIN's time runs out.
    pub pin_expires: Timestamp,
    /// When the request's time runs out.
    pub expires: Timestamp,
    /// From when another PIN may be asked for.
    pub resend_from: Option<Timestamp>,
    /// What is to be signed.
    pub document: Document,
    /// When it was asked for.
    pub created: Timestamp,
    /// When it was signed.
    pub signed: Option<Timestamp>,
    /// The signed record.
    pub record: Option<String>,
}

/// The signing service for one system of one chamber; cheap to clone.
#[derive(Clone)]
pub struct SigningDesk {
    tools: Arc<SigningTools>,
    chamber: Arc<Chamber>,
    sms: Option<Arc<dyn SmsGateway>>,
    system: System,
}

impl SigningDesk {
    /// Binds the service to a system, its chamber and the chamber's gateway (`None` when `SMS_*` is not set).
    #[must_use]
    pub fn new(
        tools: Arc<SigningTools>,
        chamber: Arc<Chamber>,
        sms: Option<Arc<dyn SmsGateway>>,
        system: System,
    ) -> Self {
        Self { tools, chamber, sms, system }
    }

    fn camara(&self) -> ChamberCode {
        self.chamber.code
    }

    fn now(&self) -> Timestamp {
        self.tools.clock.now()
    }

    fn policy(&self) -> SignaturePolicy {
        let limits = &self.chamber.limits;
        let pin = PinPolicy {
            lifetime: limits.pin_minutes * 60,
            tries: limits.pin_tries,
            resend_after: limits.resend_seconds,
            resends: limits.resends,
        };
        SignaturePolicy { pin, lifetime: limits.transaction_minutes * 60 }
    }

    /// The system as a subject of limits: with a network's figures, because it stands for many people.
    fn system_subject(&self) -> Subject {
        let id = self.system.id.to_string();
        Subject::new(&self.tools.mac, self.camara(), Class::System, &id).under(self.chamber.limits.network)
    }

    async fn begin(&self) -> ServiceResult<DatabaseTransaction> {
        self.tools.db.write().await.map_err(unexpected)
    }

    async fn commit(&self, txn: DatabaseTransaction) -> ServiceResult<()> {
        txn.commit().await.map_err(unexpected)
    }

    async fn audit(&self, txn: &DatabaseTransaction, action: Action, detail: String) -> ServiceResult<()> {
        let actor = format!("sistema {}", self.system.nombre);
        record(txn, self.camara(), self.now(), &actor, action, detail).await.map_err(unexpected)
    }

    /// The detail of an entry about one request.
    fn detail(&self, firma: i64) -> String {
        format!("firma={firma} sistema={}", self.system.id)
    }
}
