//! Addresses to which nothing more is sent.

use async_trait::async_trait;
use contract::page::{ListQuery, Page};
use contract::suppression::{SuppressedAddress, SuppressionCause, SuppressionService};
use contract::{ChamberCode, ServiceError, ServiceResult, Timestamp};
use entity::correos_suprimidos as suprimidos;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, Set};

use super::actor::Actor;
use crate::clock::Clock;
use crate::db::{Db, sql};

/// Puts an address on the list; `false` when it stood there already. `detail` holds no addresses.
///
/// # Errors
/// When the database fails.
pub async fn add<C: ConnectionTrait>(
    txn: &C,
    camara: ChamberCode,
    correo: &str,
    cause: SuppressionCause,
    detail: &str,
    clave_id: i64,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let row = suprimidos::ActiveModel {
        camara: Set(camara.to_string()),
        correo: Set(correo.to_lowercase()),
        causa: Set(cause.as_str().to_owned()),
        detalle: Set(detail.to_owned()),
        clave_id: Set(Some(clave_id)),
        suprimido_en: Set(now.0),
        ..Default::default()
    };
    let listed = OnConflict::columns([suprimidos::Column::Camara, suprimidos::Column::Correo]).do_nothing().to_owned();
    let inserted = suprimidos::Entity::insert(row).on_conflict(listed).exec_without_returning(txn).await?;
    Ok(inserted > 0)
}

/// Holds back the year's waiting rows whose address is on the list: how many became `suprimido`.
///
/// # Errors
/// When the database fails.
pub async fn hold_waiting<C: ConnectionTrait>(txn: &C, camara: ChamberCode, ano: i32) -> Result<u64, DbErr> {
    let text = "UPDATE claves_preasignadas SET estado = 'suprimido' \
                WHERE camara = ? AND ano = ? AND NOT es_prueba AND estado = 'pendiente' AND lower(correo) IN \
                (SELECT correo FROM correos_suprimidos WHERE camara = ?)";
    let values = [camara.as_str().into(), ano.into(), camara.as_str().into()];
    Ok(txn.execute_raw(sql(txn.get_database_backend(), text, values)).await?.rows_affected())
}

/// The list, bound to the one who asks.
pub struct SuppressionDesk {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Who asks.
    pub actor: Actor,
}

#[async_trait]
impl SuppressionService for SuppressionDesk {
    async fn list(&self, _query: ListQuery) -> ServiceResult<Page<SuppressedAddress>> {
        Err(ServiceError::NotFound)
    }

    async fn lift(&self, _id: i64) -> ServiceResult<()> {
        Err(ServiceError::NotFound)
    }
}
