//! What a request with a staff session gets: every service bound to that staff member. A request
//! without a session has no [`Console`] in its context at all, so that a forgotten check fails closed.

use std::sync::Arc;

use crate::attempts::AttemptsService;
use crate::audit::AuditService;
use crate::campaign::CampaignService;
use crate::diagnosis::DiagnosisService;
use crate::registry::RegistryService;
use crate::sending::SendingService;
use crate::sms::SmsTrialService;
use crate::staff::SessionService;
use crate::suppression::SuppressionService;
use crate::timeline::TimelineService;
use crate::verified::VerifiedUserService;

/// The services of one staff member, chamber and role.
#[derive(Clone)]
pub struct Console {
    /// The session itself.
    pub session: Arc<dyn SessionService>,
    /// Registry synchronisation.
    pub registry: Arc<dyn RegistryService>,
    /// Selection, lists, deletion.
    pub campaign: Arc<dyn CampaignService>,
    /// Batches.
    pub sending: Arc<dyn SendingService>,
    /// «Probar conexión».
    pub diagnosis: Arc<dyn DiagnosisService>,
    /// «Probar SMS».
    pub sms: Arc<dyn SmsTrialService>,
    /// Addresses that came back.
    pub suppression: Arc<dyn SuppressionService>,
    /// Gestión de usuarios verificados.
    pub verified: Arc<dyn VerifiedUserService>,
    /// Tries at activating, and unlocking.
    pub attempts: Arc<dyn AttemptsService>,
    /// One merchant's timeline.
    pub timeline: Arc<dyn TimelineService>,
    /// The trail.
    pub audit: Arc<dyn AuditService>,
}

/// A chamber as the login page and the home page offer it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ChamberChoice {
    /// The code.
    pub camara: crate::ChamberCode,
    /// The name.
    pub nombre: String,
    /// The telephone that the chamber publishes.
    pub telefono: String,
    /// Its address.
    pub direccion: String,
}

/// What the pages may know without a session.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PublicSite {
    /// The chambers configured.
    pub camaras: Vec<ChamberChoice>,
    /// Whether this is the demo, with its mailbox at `/buzon`.
    pub demo: bool,
}
