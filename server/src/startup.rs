//! The composition root: the only place that knows every adapter.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use async_trait::async_trait;
use contract::activation::ActivationService;
use contract::console::{ChamberChoice, Console, PublicSite};
use contract::disown::DisownService;
use contract::verification::VerificationService;
use contract::{ChamberCode, Email, Timestamp};
use sea_orm::DbErr;

use crate::clock::Clock;
use crate::config::{Chamber, PublicUrl, Settings};
use crate::db::Db;
use crate::jobs::bounces::BounceJob;
use crate::jobs::reminders::ReminderJob;
use crate::jobs::retention::RetentionJob;
use crate::jobs::seals::SealJob;
use crate::jobs::send_worker::{SendContext, SendWorker};
use crate::mail::catcher::Store;
use crate::mail::dns::MailDns;
use crate::mail::probe::STEP_LIMIT;
use crate::mail::send_confirmation;
use crate::secrets::{KeyFileFault, MacKey, MacKeyFault, Vault};
use crate::services::activation::{ActivationDesk, ActivationTools, AttemptsDesk, Notifier, NotifyError, Origin};
use crate::services::actor::Actor;
use crate::services::audit::AuditReader;
use crate::services::campaign::CampaignDesk;
use crate::services::diagnosis::DiagnosisDesk;
use crate::services::disown::{DisownDesk, disown_code};
use crate::services::evidence::{ActaDesk, TimelineDesk};
use crate::services::firmas::{SigningDesk, SigningKeys, SigningTools, System};
use crate::services::mailbox::Mailbox;
use crate::services::registry::RegistryDesk;
use crate::services::sending::{SendingDesk, WorkerState};
use crate::services::sms::SmsTrial;
use crate::services::staff::{StaffDoor, StaffSession, StaffSessionDesk};
use crate::services::suppression::SuppressionDesk;
use crate::services::verification::VerificationDesk;
use crate::services::verified::VerifiedDesk;
use crate::sms::{self, SmsGateway, SmsSetupError};
use crate::web::LiveProgress;

/// Everything that lives as long as the process; cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub db: Db,
    /// The clock.
    pub clock: Clock,
    /// The configuration.
    pub settings: Arc<Settings>,
    /// Its chambers, each shared with the services bound to it.
    pub chambers: Arc<BTreeMap<ChamberCode, Arc<Chamber>>>,
    /// What keys the digests of limits and PINs.
    pub mac: Arc<MacKey>,
    /// What seals and opens secrets at rest.
    pub vault: Vault,
    /// Staff's log-in and sessions.
    pub staff: StaffDoor,
    /// The demo's mailbox; `None` in production.
    pub mailbox: Option<Arc<Mailbox>>,
    /// What open pages are told by themselves.
    pub live: LiveProgress,
    /// How this process' send worker fares.
    pub worker: WorkerState,
    /// The chambers' opened certificates.
    pub signing_keys: Arc<SigningKeys>,
    /// Each chamber's SMS gateway, where one is configured.
    gateways: Arc<BTreeMap<ChamberCode, Arc<dyn SmsGateway>>>,
    /// What every activation shares.
    activation_tools: Arc<ActivationTools>,
}

/// Why the process cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartFault {
    /// The database does not answer or cannot be migrated.
    #[error("no se puede abrir la base de datos (DATABASE_URL): {0}")]
    Database(#[from] DbErr),
    /// The master key cannot be read.
    #[error("no se puede usar la clave maestra (CLAVE_MAESTRA_FILE): {}", .0.remedy())]
    MasterKey(#[from] KeyFileFault),
    /// The master key is another installation's.
    #[error(
        "la clave maestra (CLAVE_MAESTRA_FILE) no abre el secreto de esta base de datos: use la copia de respaldo \
             del archivo que corresponde a esta instalación"
    )]
    OtherMasterKey,
}

impl From<MacKeyFault> for StartFault {
    fn from(fault: MacKeyFault) -> Self {
        match fault {
            MacKeyFault::Database(error) => Self::Database(error),
            MacKeyFault::Sealed(_) => Self::OtherMasterKey,
        }
    }
}

impl App {
    /// Opens the database, brings its schema up to date and reads the keys.
    ///
    /// # Errors
    /// When database or master key cannot be opened.
    pub async fn open(settings: Settings, clock: Clock) -> Result<Self, StartFault> {
        let vault = Vault::over(&settings.globals.master_key_file)?;
        let db = Db::connect(&settings.globals.database_url).await?;
        db.migrate().await?;
        let mac = MacKey::of_installation(&db, &vault, clock.now()).await?;
        Ok(Self::assemble(settings, clock, vault, mac, db))
    }

    /// Puts the parts together; tests bring their own database and keys.
    #[must_use]
    pub fn assemble(settings: Settings, clock: Clock, vault: Vault, mac: MacKey, db: Db) -> Self {
        let chambers = settings.chambers.iter().map(|(code, chamber)| (*code, Arc::new(chamber.clone()))).collect();
        let mailbox = settings.has_mailbox().then(|| Arc::new(Mailbox { store: Store::default(), db: db.clone() }));
        let gateway = |chamber: &Chamber| {
            let fault = |fault: &SmsSetupError| tracing::error!(camara = %chamber.code, %fault, "no SMS will leave");
            sms::gateway(chamber.sms.as_ref().ok()?, &db, &clock).inspect_err(fault).ok()
        };
        let gateways =
            settings.chambers.values().filter_map(|chamber| Some((chamber.code, gateway(chamber)?))).collect();
        let mac = Arc::new(mac);
        let staff = StaffDoor {
            db: db.clone(),
            clock: clock.clone(),
            mac: Arc::clone(&mac),
            vault: vault.clone(),
            rules: Arc::new(settings.chambers.iter().map(|(code, chamber)| (*code, chamber.staff)).collect()),
        };
        let activation_tools = ActivationTools {
            db: db.clone(),
            clock: clock.clone(),
            vault: vault.clone(),
            mac: Arc::clone(&mac),
            notifier: Arc::new(MailNotifier { public_url: settings.globals.public_url.clone(), mac: Arc::clone(&mac) }),
            public_host: settings.globals.public_url.host(),
        };
        Self {
            vault,
            staff,
            chambers: Arc::new(chambers),
            mac,
            settings: Arc::new(settings),
            gateways: Arc::new(gateways),
            activation_tools: Arc::new(activation_tools),
            db,
            clock,
            worker: WorkerState::default(),
            signing_keys: Arc::default(),
            mailbox,
            live: LiveProgress::default(),
        }
    }

    /// The services of one staff member; `None` when the chamber is no longer configured.
    #[must_use]
    pub fn console(&self, actor: &Actor, session: StaffSession) -> Option<Console> {
        let chamber = self.chambers.get(&actor.camara)?;
        Some(Console {
            session: Arc::new(StaffSessionDesk {
                door: self.staff.clone(),
                actor: actor.clone(),
                session,
                camara_nombre: chamber.nombre.clone(),
            }),
            registry: Arc::new(RegistryDesk { db: self.db.clone(), clock: self.clock.clone(), actor: actor.clone() }),
            campaign: Arc::new(self.campaign_desk(actor)?),
            sending: Arc::new(self.sending_desk(actor)?),
            diagnosis: Arc::new(self.diagnosis_desk(actor)?),
            sms: Arc::new(self.sms_trial(actor)?),
            suppression: Arc::new(SuppressionDesk {
                db: self.db.clone(),
                clock: self.clock.clone(),
                actor: actor.clone(),
            }),
            verified: Arc::new(VerifiedDesk { db: self.db.clone(), clock: self.clock.clone(), actor: actor.clone() }),
            attempts: Arc::new(AttemptsDesk {
                db: self.db.clone(),
                clock: self.clock.clone(),
                mac: Arc::clone(&self.mac),
                actor: actor.clone(),
            }),
            timeline: Arc::new(TimelineDesk { db: self.db.clone(), actor: actor.clone() }),
            audit: Arc::new(AuditReader { db: self.db.clone(), clock: self.clock.clone(), actor: actor.clone() }),
        })
    }

    /// Selection, lists and deletion, for one actor.
    #[must_use]
    pub fn campaign_desk(&self, actor: &Actor) -> Option<CampaignDesk> {
        Some(CampaignDesk {
            db: self.db.clone(),
            clock: self.clock.clone(),
            actor: actor.clone(),
            vault: self.vault.clone(),
            chamber: Arc::clone(self.chambers.get(&actor.camara)?),
            stale_needs_reason: actor.must_confirm,
        })
    }

    /// Batches, for one actor.
    #[must_use]
    pub fn sending_desk(&self, actor: &Actor) -> Option<SendingDesk> {
        Some(SendingDesk {
            db: self.db.clone(),
            clock: self.clock.clone(),
            actor: actor.clone(),
            vault: self.vault.clone(),
            chamber: Arc::clone(self.chambers.get(&actor.camara)?),
            worker: self.worker.clone(),
        })
    }

    /// «Probar conexión», for one actor.
    #[must_use]
    pub fn diagnosis_desk(&self, actor: &Actor) -> Option<DiagnosisDesk> {
        Some(DiagnosisDesk {
            db: self.db.clone(),
            clock: self.clock.clone(),
            actor: actor.clone(),
            chamber: Arc::clone(self.chambers.get(&actor.camara)?),
            dns: MailDns::System,
            step_limit: STEP_LIMIT,
        })
    }

    /// «Probar SMS», for one actor.
    #[must_use]
    pub fn sms_trial(&self, actor: &Actor) -> Option<SmsTrial> {
        Some(SmsTrial {
            db: self.db.clone(),
            clock: self.clock.clone(),
            mac: Arc::clone(&self.mac),
            actor: actor.clone(),
            chamber: Arc::clone(self.chambers.get(&actor.camara)?),
            gateway: self.gateways.get(&actor.camara).cloned(),
        })
    }

    /// Actas of activations, for one actor.
    #[must_use]
    pub fn acta_desk(&self, actor: &Actor) -> Option<ActaDesk> {
        Some(ActaDesk {
            db: self.db.clone(),
            clock: self.clock.clone(),
            actor: actor.clone(),
            chamber: Arc::clone(self.chambers.get(&actor.camara)?),
            public_url: self.settings.globals.public_url.clone(),
            keys: Arc::clone(&self.signing_keys),
        })
    }

    /// The merchant's two steps, for one browser.
    #[must_use]
    pub fn activation(
        &self,
        camara: ChamberCode,
        cookie: &str,
        origin: impl Into<Origin>,
    ) -> Option<Arc<dyn ActivationService>> {
        let chamber = Arc::clone(self.chambers.get(&camara)?);
        let gateway = self.gateways.get(&camara).cloned();
        Some(Arc::new(ActivationDesk::new(Arc::clone(&self.activation_tools), chamber, gateway, cookie, origin)))
    }

    /// The signing service, for one system of a chamber; `None` when the chamber is no longer configured.
    #[must_use]
    pub fn signing(&self, tools: &Arc<SigningTools>, system: System) -> Option<SigningDesk> {
        let chamber = Arc::clone(self.chambers.get(&system.camara)?);
        let gateway = self.gateways.get(&system.camara).cloned();
        Some(SigningDesk::new(Arc::clone(tools), chamber, gateway, system))
    }

    /// The «no fui yo» links of a chamber, for one network.
    #[must_use]
    pub fn disown(&self, camara: ChamberCode, network: IpAddr) -> Option<Arc<dyn DisownService>> {
        Some(Arc::new(DisownDesk {
            db: self.db.clone(),
            clock: self.clock.clone(),
            mac: Arc::clone(&self.mac),
            chamber: Arc::clone(self.chambers.get(&camara)?),
            public_url: self.settings.globals.public_url.clone(),
            network,
        }))
    }

    /// Whether documents are a chamber's, for anybody.
    #[must_use]
    pub fn verification(&self) -> Arc<dyn VerificationService> {
        Arc::new(VerificationDesk {
            db: self.db.clone(),
            clock: self.clock.clone(),
            chambers: Arc::clone(&self.chambers),
        })
    }

    /// The worker that mails what «Enviar» took.
    #[must_use]
    pub fn send_worker(&self) -> SendWorker {
        let context = SendContext::new(
            self.db.clone(),
            self.clock.clone(),
            self.vault.clone(),
            Arc::clone(&self.chambers),
            self.settings.globals.public_url.clone(),
        );
        SendWorker::new(SendContext { state: self.worker.clone(), ..context })
    }

    /// The scheduled reading of what came back.
    #[must_use]
    pub fn bounce_job(&self) -> BounceJob {
        BounceJob { db: self.db.clone(), clock: self.clock.clone(), chambers: Arc::clone(&self.chambers) }
    }

    /// The scheduled reminders to those who have not activated.
    #[must_use]
    pub fn reminder_job(&self) -> ReminderJob {
        ReminderJob {
            db: self.db.clone(),
            clock: self.clock.clone(),
            chambers: Arc::clone(&self.chambers),
            public_url: self.settings.globals.public_url.clone(),
        }
    }

    /// The daily purge of personal data.
    #[must_use]
    pub fn retention_job(&self) -> RetentionJob {
        RetentionJob { db: self.db.clone(), clock: self.clock.clone(), chambers: Arc::clone(&self.chambers) }
    }

    /// The daily seal of every chamber's audit.
    #[must_use]
    pub fn seal_job(&self) -> SealJob {
        SealJob {
            db: self.db.clone(),
            clock: self.clock.clone(),
            chambers: Arc::clone(&self.chambers),
            public_url: self.settings.globals.public_url.clone(),
            keys: Arc::clone(&self.signing_keys),
        }
    }

    /// What pages may know without a session.
    #[must_use]
    pub fn public_site(&self) -> PublicSite {
        let choice = |chamber: &Chamber| ChamberChoice {
            camara: chamber.code,
            nombre: chamber.nombre.clone(),
            telefono: chamber.telefono.clone(),
            direccion: chamber.direccion.clone(),
        };
        PublicSite { camaras: self.settings.chambers.values().map(choice).collect(), demo: self.mailbox.is_some() }
    }
}

/// Mails an activation's confirmation over the chamber's own server.
struct MailNotifier {
    public_url: PublicUrl,
    mac: Arc<MacKey>,
}

#[async_trait]
impl Notifier for MailNotifier {
    async fn activated(
        &self,
        chamber: &Chamber,
        to: &Email,
        name: &str,
        at: Timestamp,
        user_id: i64,
    ) -> Result<(), NotifyError> {
        let code = disown_code(&self.mac, chamber.code, user_id, to);
        let sent = send_confirmation(chamber, self.public_url.as_str(), to, name, at, &code).await;
        sent.map_err(|fault| NotifyError(fault.to_string()))
    }
}
