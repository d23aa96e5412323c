//! What proves an activation years later: its facts, kept when it happens with their digest in the audit;
//! the acta that shows them, signed; and the timeline that staff read.

mod acta;
mod facts;
mod gather;
mod timeline;
mod words;

use contract::{ChamberCode, ServiceError, ServiceResult, Timestamp};
use entity::{auditoria_cabezas, evidencias, usuarios_verificados};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, Set};

pub use acta::{Acta, ActaDesk, ActaForm};
pub use facts::{Act, Facts, When};
pub use gather::Witness;
pub use timeline::TimelineDesk;

use crate::secrets::sha256_hex;
use crate::services::fault::unexpected;

/// Erases the facts of these users' activations. The rows stay, empty, because the audit bears their
/// digests: what was erased is told from what somebody took away.
pub(crate) async fn forget_facts(
    txn: &DatabaseTransaction,
    camara: ChamberCode,
    users: &[i64],
    now: Timestamp,
) -> ServiceResult<()> {
    for users in users.chunks(500) {
        evidencias::Entity::update_many()
            .col_expr(evidencias::Column::Hechos, Expr::value(""))
            .col_expr(evidencias::Column::BorradaEn, Expr::value(now.0))
            .filter(evidencias::Column::Camara.eq(camara.as_str()))
            .filter(evidencias::Column::UsuarioId.is_in(users.iter().copied()))
            .exec(txn)
            .await
            .map_err(unexpected)?;
    }
    Ok(())
}

/// The facts of an activation under way, not yet written.
pub(crate) struct Kept {
    usuario: i64,
    clave: i64,
    hechos: String,
    huella: String,
}

impl Kept {
    /// Gathers them, in the transaction that activates.
    pub(crate) async fn gather(
        txn: &DatabaseTransaction,
        camara: ChamberCode,
        usuario: i64,
        witness: Witness,
    ) -> ServiceResult<Self> {
        let own = usuarios_verificados::Entity::find_by_id(usuario)
            .filter(usuarios_verificados::Column::Camara.eq(camara.as_str()));
        let user = own.one(txn).await.map_err(unexpected)?.ok_or(ServiceError::NotFound)?;
        let facts = gather::gather(txn, camara, &user, witness).await?;
        let hechos = facts.text().map_err(unexpected)?;
        let huella = sha256_hex(hechos.as_bytes());
        Ok(Self { usuario, clave: user.clave_preasignada_id.unwrap_or_default(), hechos, huella })
    }

    /// Their SHA-256, for the audit's entry.
    pub(crate) fn huella(&self) -> &str {
        &self.huella
    }

    /// Writes them beside the audit's entry that was written just before and bears their digest.
    pub(crate) async fn keep(
        self,
        txn: &DatabaseTransaction,
        camara: ChamberCode,
        now: Timestamp,
    ) -> ServiceResult<()> {
        let head = auditoria_cabezas::Entity::find_by_id(camara.to_string()).one(txn).await.map_err(unexpected)?;
        let row = evidencias::ActiveModel {
            camara: Set(camara.to_string()),
            usuario_id: Set(self.usuario),
            clave_id: Set(self.clave),
            hechos: Set(self.hechos),
            huella: Set(self.huella),
            secuencia: Set(head.map_or(0, |head| head.secuencia)),
            registrada_en: Set(now.0),
            ..Default::default()
        };
        row.insert(txn).await.map_err(unexpected)?;
        Ok(())
    }
}
