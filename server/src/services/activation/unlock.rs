//! Staff see what is counted against an identification, and let it try again.

use async_trait::async_trait;
use contract::attempts::{AttemptsService, AttemptsState, AttemptsView, UnlockReason};
use contract::error::Field;
use contract::staff::Permission;
use contract::{NationalId, ServiceError, ServiceResult, Timestamp};
use domain::limits::Tally;
use std::sync::Arc;

use crate::clock::Clock;
use crate::db::Db;
use crate::secrets::MacKey;
use crate::services::actor::Actor;
use crate::services::audit::{Action, record};
use crate::services::fault::unexpected;
use crate::services::limits::{Class, Subject, forget, look};

/// Forgets the failures of an identification at the actor's chamber, a hard stop included.
///
/// # Errors
/// [`ServiceError::Forbidden`]; [`ServiceError::NotFound`] when nothing is counted against it.
pub async fn unlock(db: &Db, clock: &Clock, mac: &MacKey, actor: &Actor, identificacion: &str) -> ServiceResult<()> {
    unlock_for(db, clock, mac, actor, identificacion, None).await
}

async fn unlock_for(
    db: &Db,
    clock: &Clock,
    mac: &MacKey,
    actor: &Actor,
    identificacion: &str,
    reason: Option<UnlockReason>,
) -> ServiceResult<()> {
    actor.require(Permission::Operate)?;
    let id = NationalId::parse(identificacion).ok_or(ServiceError::NotFound)?;
    let subject = Subject::new(mac, actor.camara, Class::Identity, id.as_str());
    let txn = db.write().await.map_err(unexpected)?;
    if !forget(&txn, actor.camara, &subject).await? {
        return Err(ServiceError::NotFound);
    }
    let reason = reason.map(|reason| format!(" motivo={}", reason.as_str())).unwrap_or_default();
    let detail = format!("identidad={}{reason}", subject.short());
    let action = Action::IdentidadDesbloqueada;
    record(&txn, actor.camara, clock.now(), &actor.name, action, detail).await.map_err(unexpected)?;
    txn.commit().await.map_err(unexpected)
}

/// Tries at activating, for one staff member.
pub struct AttemptsDesk {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Keys the digests of identifications.
    pub mac: Arc<MacKey>,
    /// On whose behalf.
    pub actor: Actor,
}

#[async_trait]
impl AttemptsService for AttemptsDesk {
    async fn look(&self, identificacion: String) -> ServiceResult<AttemptsView> {
        self.actor.require(Permission::Read)?;
        let invalid = ServiceError::Invalid { field: Field::Identification };
        let id = NationalId::parse(&identificacion).ok_or(invalid)?;
        let subject = Subject::new(&self.mac, self.actor.camara, Class::Identity, id.as_str());
        let tally = look(self.db.reader(), self.actor.camara, &subject).await?.unwrap_or_default();
        Ok(view_of(&tally, self.clock.now()))
    }

    async fn unlock(&self, identificacion: String, reason: UnlockReason) -> ServiceResult<()> {
        unlock_for(&self.db, &self.clock, &self.mac, &self.actor, &identificacion, Some(reason)).await
    }
}

fn view_of(tally: &Tally, now: Timestamp) -> AttemptsView {
    let estado = match tally {
        Tally { locked: true, .. } => AttemptsState::Stopped,
        Tally { wait_until, .. } if *wait_until > now => AttemptsState::Paused { hasta: *wait_until },
        _ => AttemptsState::Free,
    };
    AttemptsView { fallos: u64::try_from(tally.failures).unwrap_or_default(), estado }
}
