//! Staff let an identification try again.

use contract::staff::Permission;
use contract::{NationalId, ServiceError, ServiceResult};

use crate::clock::Clock;
use crate::db::Db;
use crate::secrets::MacKey;
use crate::services::actor::Actor;
use crate::services::audit::{Action, record};
use crate::services::fault::unexpected;
use crate::services::limits::{Class, Subject, forget};

/// Forgets the failures of an identification at the actor's chamber, a hard stop included.
///
/// # Errors
/// [`ServiceError::Forbidden`]; [`ServiceError::NotFound`] when nothing is counted against it.
pub async fn unlock(db: &Db, clock: &Clock, mac: &MacKey, actor: &Actor, identificacion: &str) -> ServiceResult<()> {
    actor.require(Permission::Operate)?;
    let id = NationalId::parse(identificacion).ok_or(ServiceError::NotFound)?;
    let subject = Subject::new(mac, actor.camara, Class::Identity, id.as_str());
    let txn = db.write().await.map_err(unexpected)?;
    if !forget(&txn, actor.camara, &subject).await? {
        return Err(ServiceError::NotFound);
    }
    let detail = format!("identidad={}", subject.short());
    let action = Action::IdentidadDesbloqueada;
    record(&txn, actor.camara, clock.now(), &actor.name, action, detail).await.map_err(unexpected)?;
    txn.commit().await.map_err(unexpected)
}
