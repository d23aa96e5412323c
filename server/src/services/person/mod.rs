//! One person's data (Ley 1581 de 2012, arts. 8 and 15): everything that a chamber holds about an
//! identification, as a file; and its erasure, with what must stay and why. Neither puts a personal datum
//! into the audit: the person stands there as the same digest that its failed tries have.

mod collect;

use std::sync::Arc;

use contract::staff::Permission;
use contract::verified::VerifiedState;
use contract::{NationalId, ServiceError, ServiceResult};
use entity::{
    activaciones, claves_preasignadas as claves, correos_suprimidos, firmas, sms_enviados,
    usuarios_verificados as users,
};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};
use serde::Serialize;
use serde_json::Value;

use crate::clock::Clock;
use crate::db::Db;
use crate::secrets::MacKey;
use crate::services::actor::Actor;
use crate::services::audit::{Action, record};
use crate::services::fault::unexpected;
use crate::services::limits::{Class, Subject};
use crate::services::retention::{erase_messages, erase_users};
use crate::services::sms;

/// States in which a credential is in force, or may be again.
const IN_FORCE: [&str; 2] = [VerifiedState::Vigente.as_str(), VerifiedState::Inactivado.as_str()];

/// What an erasure took away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Erased {
    /// Pre-assigned passwords, of any year.
    pub claves: u64,
    /// Activations under way.
    pub activaciones: u64,
    /// SMS.
    pub sms: u64,
    /// Addresses to which nothing was sent any more.
    pub correos_suprimidos: u64,
    /// Requests to sign that were never signed.
    pub solicitudes_de_firma: u64,
    /// Verified users without a signature: their data and the facts of their activation.
    pub usuarios: u64,
    /// What stays.
    pub conservado: Vec<Retained>,
}

/// What an erasure leaves, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Retained {
    /// What.
    pub que: Kept,
    /// How many.
    pub cuantos: u64,
}

/// Data that stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// Rows of the public registry, which this system only copies.
    RegistroMercantil,
    /// Verified users who signed documents, with the facts of their activation.
    UsuariosQueFirmaron,
    /// Records of signatures.
    RegistrosDeFirma,
}

/// Why data are not erased.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ErasureRefusal {
    /// A credential is in force: it must be annulled first.
    #[error("a credential is in force")]
    InForce,
    /// Anything else.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// One person's data, for one actor.
pub struct PersonDesk {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Keys the digest under which the person stands in limits, SMS and audit.
    pub mac: Arc<MacKey>,
    /// On whose behalf.
    pub actor: Actor,
}

/// The rows that are a person's.
struct Found {
    id: NationalId,
    claves: Vec<claves::Model>,
    usuarios: Vec<users::Model>,
}

impl PersonDesk {
    /// Everything that the chamber holds about an identification, without secrets.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when there is nothing; [`ServiceError::Invalid`] when it is no
    /// identification.
    pub async fn export(&self, identificacion: &str) -> ServiceResult<Value> {
        self.actor.require(Permission::Destroy)?;
        let txn = self.db.write().await.map_err(unexpected)?;
        let found = self.find(&txn, identificacion).await?;
        let data = self.collect(&txn, &found).await?;
        let detail = format!("persona={}", self.digest(&found.id).short());
        self.record(&txn, Action::DatosExportados, detail).await?;
        txn.commit().await.map_err(unexpected)?;
        Ok(data)
    }

    /// Erases what may be erased, in one transaction with its entry in the trail.
    ///
    /// # Errors
    /// [`ErasureRefusal::InForce`] while a credential is in force; nothing is erased then.
    pub async fn erase(&self, identificacion: &str) -> Result<Erased, ErasureRefusal> {
        self.actor.require(Permission::Destroy)?;
        let now = self.clock.now();
        let txn = self.db.write().await.map_err(unexpected)?;
        let found = self.find(&txn, identificacion).await?;
        if found.usuarios.iter().any(|user| IN_FORCE.contains(&user.estado.as_str())) {
            return Err(ErasureRefusal::InForce);
        }
        let (signed, unsigned) = self.by_signature(&txn, &found).await?;
        let mut erased = Erased {
            activaciones: self.erase_activations(&txn, &found).await?,
            sms: self.erase_sms(&txn, &found).await?,
            correos_suprimidos: self.erase_suppressed(&txn, &found).await?,
            solicitudes_de_firma: self.erase_requests(&txn, &found).await?,
            usuarios: unsigned.len() as u64,
            ..Erased::default()
        };
        erase_users(&txn, self.actor.camara, &unsigned, now).await?;
        // A signer's password is part of the proof; `erase_users` took those of the others.
        let of_signers: Vec<i64> = found
            .usuarios
            .iter()
            .filter(|user| signed.contains(&user.id))
            .filter_map(|user| user.clave_preasignada_id)
            .collect();
        let gone: Vec<i64> = found.claves.iter().map(|row| row.id).filter(|id| !of_signers.contains(id)).collect();
        erased.claves = gone.len() as u64;
        claves::Entity::delete_many()
            .filter(claves::Column::Camara.eq(self.actor.camara.as_str()))
            .filter(claves::Column::Id.is_in(gone))
            .exec(&txn)
            .await
            .map_err(unexpected)?;
        erased.conservado = self.retained(&txn, &found, &signed).await?;
        let detail = format!(
            "persona={} claves={} sms={} usuarios={} conservados={}",
            self.digest(&found.id).short(),
            erased.claves,
            erased.sms,
            erased.usuarios,
            signed.len()
        );
        self.record(&txn, Action::DatosBorrados, detail).await?;
        txn.commit().await.map_err(unexpected)?;
        Ok(erased)
    }

    async fn record(&self, txn: &DatabaseTransaction, action: Action, detail: String) -> ServiceResult<()> {
        let (camara, now) = (self.actor.camara, self.clock.now());
        record(txn, camara, now, &self.actor.name, action, detail).await.map_err(unexpected)
    }

    fn digest(&self, id: &NationalId) -> Subject {
        Subject::new(&self.mac, self.actor.camara, Class::Identity, id.as_str())
    }

    async fn find<C: ConnectionTrait>(&self, conn: &C, identificacion: &str) -> ServiceResult<Found> {
        let invalid = ServiceError::Invalid { field: contract::error::Field::Identification };
        let id = NationalId::parse(identificacion).ok_or(invalid)?;
        let camara = self.actor.camara.as_str();
        let claves = claves::Entity::find()
            .filter(claves::Column::Camara.eq(camara))
            .filter(claves::Column::Identificacion.eq(id.as_str()))
            .filter(claves::Column::EsPrueba.eq(false))
            .all(conn)
            .await
            .map_err(unexpected)?;
        let usuarios = users::Entity::find()
            .filter(users::Column::Camara.eq(camara))
            .filter(users::Column::Identificacion.eq(id.as_str()))
            .filter(users::Column::EsPrueba.eq(false))
            .all(conn)
            .await
            .map_err(unexpected)?;
        let found = Found { id, claves, usuarios };
        let known = !found.claves.is_empty() || !found.usuarios.is_empty() || self.registered(conn, &found).await? > 0;
        if known { Ok(found) } else { Err(ServiceError::NotFound) }
    }

    /// The users who signed documents, and those who did not.
    async fn by_signature<C: ConnectionTrait>(&self, conn: &C, found: &Found) -> ServiceResult<(Vec<i64>, Vec<i64>)> {
        let signers: Vec<i64> = firmas::Entity::find()
            .select_only()
            .column(firmas::Column::UsuarioId)
            .filter(firmas::Column::Camara.eq(self.actor.camara.as_str()))
            .filter(firmas::Column::UsuarioId.is_in(found.usuarios.iter().map(|user| user.id)))
            .filter(firmas::Column::Registro.is_not_null())
            .into_tuple()
            .all(conn)
            .await
            .map_err(unexpected)?;
        Ok(found.usuarios.iter().map(|user| user.id).partition(|id| signers.contains(id)))
    }

    async fn erase_activations(&self, txn: &DatabaseTransaction, found: &Found) -> ServiceResult<u64> {
        let gone = activaciones::Entity::delete_many()
            .filter(activaciones::Column::Camara.eq(self.actor.camara.as_str()))
            .filter(activaciones::Column::ClavePreasignadaId.is_in(found.claves.iter().map(|row| row.id)))
            .exec(txn)
            .await;
        Ok(gone.map_err(unexpected)?.rows_affected)
    }

    async fn erase_sms(&self, txn: &DatabaseTransaction, found: &Found) -> ServiceResult<u64> {
        let ids = self.sms_of(txn, found).await?.into_iter().map(|sms| sms.id).collect::<Vec<_>>();
        erase_messages(txn, self.actor.camara, &ids).await
    }

    async fn sms_of<C: ConnectionTrait>(&self, conn: &C, found: &Found) -> ServiceResult<Vec<sms_enviados::Model>> {
        let payer = sms::payer_of_identity(&self.mac, self.actor.camara, found.id.as_str());
        let own = sms_enviados::Entity::find()
            .filter(sms_enviados::Column::Camara.eq(self.actor.camara.as_str()))
            .filter(sms_enviados::Column::Sujeto.eq(payer));
        own.all(conn).await.map_err(unexpected)
    }

    /// Every address under which the person was known.
    fn addresses(found: &Found) -> Vec<String> {
        let of_rows = found.claves.iter().map(|row| &row.correo);
        let mut all: Vec<String> = of_rows.chain(found.usuarios.iter().map(|user| &user.email)).cloned().collect();
        all.sort();
        all.dedup();
        all
    }

    async fn erase_suppressed(&self, txn: &DatabaseTransaction, found: &Found) -> ServiceResult<u64> {
        let gone = correos_suprimidos::Entity::delete_many()
            .filter(correos_suprimidos::Column::Camara.eq(self.actor.camara.as_str()))
            .filter(correos_suprimidos::Column::Correo.is_in(Self::addresses(found)))
            .exec(txn)
            .await;
        Ok(gone.map_err(unexpected)?.rows_affected)
    }

    async fn erase_requests(&self, txn: &DatabaseTransaction, found: &Found) -> ServiceResult<u64> {
        let gone = firmas::Entity::delete_many()
            .filter(firmas::Column::Camara.eq(self.actor.camara.as_str()))
            .filter(firmas::Column::UsuarioId.is_in(found.usuarios.iter().map(|user| user.id)))
            .filter(firmas::Column::Registro.is_null())
            .exec(txn)
            .await;
        Ok(gone.map_err(unexpected)?.rows_affected)
    }

    async fn retained<C: ConnectionTrait>(
        &self,
        conn: &C,
        found: &Found,
        signed: &[i64],
    ) -> ServiceResult<Vec<Retained>> {
        let records = self.signatures(conn, found).await?.len() as u64;
        let all = [
            (Kept::RegistroMercantil, self.registered(conn, found).await?),
            (Kept::UsuariosQueFirmaron, signed.len() as u64),
            (Kept::RegistrosDeFirma, records),
        ];
        let there = all.into_iter().filter(|(_, cuantos)| *cuantos > 0);
        Ok(there.map(|(que, cuantos)| Retained { que, cuantos }).collect())
    }
}
