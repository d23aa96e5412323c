//! Addresses to which nothing more is sent.

use std::collections::BTreeMap;

use async_trait::async_trait;
use contract::campaign::PasswordState;
use contract::page::{ListQuery, PAGE_SIZE, Page};
use contract::staff::Permission;
use contract::suppression::{SuppressedAddress, SuppressionCause, SuppressionService};
use contract::{ChamberCode, ServiceError, ServiceResult, Timestamp};
use domain::sending::{RowEvent, next};
use entity::{claves_preasignadas as claves, correos_suprimidos as suprimidos};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};

use super::actor::Actor;
use super::audit::{Action, record};
use super::campaign::contains;
use super::fault::unexpected;
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
    async fn list(&self, query: ListQuery) -> ServiceResult<Page<SuppressedAddress>> {
        self.actor.require(Permission::Read)?;
        let mut found = suprimidos::Entity::find().filter(suprimidos::Column::Camara.eq(self.actor.camara.as_str()));
        let search = contract::value::clean(&query.search);
        if !search.is_empty() {
            found = found.filter(contains(suprimidos::Column::Correo, &search));
        }
        let total = found.clone().count(self.db.reader()).await.map_err(unexpected)?;
        let rows = found
            .order_by_desc(suprimidos::Column::SuprimidoEn)
            .order_by_desc(suprimidos::Column::Id)
            .offset((query.page_number() - 1) * PAGE_SIZE)
            .limit(PAGE_SIZE)
            .all(self.db.reader())
            .await
            .map_err(unexpected)?;
        let names = self.names(&rows).await.map_err(unexpected)?;
        let shown = |row: suprimidos::Model| SuppressedAddress {
            id: row.id,
            // An unknown name in the table would be a fault of ours: the list stays readable.
            causa: SuppressionCause::parse(&row.causa).unwrap_or(SuppressionCause::Rechazo),
            nombre: row.clave_id.and_then(|id| names.get(&id).cloned()),
            correo: row.correo,
            detalle: row.detalle,
            suprimido_en: Timestamp(row.suprimido_en),
        };
        let rows = rows.into_iter().map(shown).collect();
        Ok(Page { rows, total, page: query.page_number(), page_size: PAGE_SIZE })
    }

    async fn lift(&self, id: i64) -> ServiceResult<()> {
        self.actor.require(Permission::Operate)?;
        let now = self.clock.now();
        let txn = self.db.write().await.map_err(unexpected)?;
        let row = suprimidos::Entity::find_by_id(id)
            .filter(suprimidos::Column::Camara.eq(self.actor.camara.as_str()))
            .lock_exclusive()
            .one(&txn)
            .await
            .map_err(unexpected)?
            .ok_or(ServiceError::NotFound)?;
        let freed = free_held(&txn, self.actor.camara, &row.correo, now).await.map_err(unexpected)?;
        suprimidos::Entity::delete_by_id(id).exec(&txn).await.map_err(unexpected)?;
        let detail = format!("supresion={id} claves={freed}");
        record(&txn, self.actor.camara, now, &self.actor.name, Action::SupresionLevantada, detail)
            .await
            .map_err(unexpected)?;
        txn.commit().await.map_err(unexpected)
    }
}

impl SuppressionDesk {
    /// The merchants' names, by row; rows deleted since have none.
    async fn names(&self, rows: &[suprimidos::Model]) -> Result<BTreeMap<i64, String>, DbErr> {
        let named: Vec<(i64, String)> = claves::Entity::find()
            .select_only()
            .columns([claves::Column::Id, claves::Column::Nombre])
            .filter(claves::Column::Camara.eq(self.actor.camara.as_str()))
            .filter(claves::Column::Id.is_in(rows.iter().filter_map(|row| row.clave_id)))
            .into_tuple()
            .all(self.db.reader())
            .await?;
        Ok(named.into_iter().collect())
    }
}

/// The chamber's rows that were held back for this address wait again, outside any batch: how many.
async fn free_held<C: ConnectionTrait>(
    txn: &C,
    camara: ChamberCode,
    correo: &str,
    now: Timestamp,
) -> Result<u64, DbErr> {
    let held = PasswordState::Suprimido;
    let Some(freed) = next(held, RowEvent::Lifted) else { return Ok(0) };
    let text = "UPDATE claves_preasignadas SET estado = ?, lote_id = NULL, movida_en = ? \
                WHERE camara = ? AND estado = ? AND lower(correo) = ?";
    let values = [freed.as_str().into(), now.0.into(), camara.as_str().into(), held.as_str().into(), correo.into()];
    Ok(txn.execute_raw(sql(txn.get_database_backend(), text, values)).await?.rows_affected())
}
