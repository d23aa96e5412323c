//! The trail as staff read it, page by page and as a whole.

use async_trait::async_trait;
use contract::audit::{AuditEntry, AuditService, ChainReport, ChainState};
use contract::page::{ListQuery, PAGE_SIZE, Page};
use contract::staff::Permission;
use contract::{ServiceResult, Timestamp};
use entity::{auditoria, auditoria_cabezas};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{seal, verify, yesterday};
use crate::clock::Clock;
use crate::db::Db;
use crate::services::actor::Actor;
use crate::services::fault::unexpected;

/// How long after midnight a day's seal may take without anybody being told, in seconds.
const GRACE: i64 = 3 * 3600;

/// The trail as staff read it.
pub struct AuditReader {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Who reads.
    pub actor: Actor,
}

#[async_trait]
impl AuditService for AuditReader {
    async fn list(&self, query: ListQuery) -> ServiceResult<Page<AuditEntry>> {
        self.actor.require(Permission::Read)?;
        let mut matching = Condition::all().add(auditoria::Column::Camara.eq(self.actor.camara.as_str()));
        let search = query.search.trim();
        if !search.is_empty() {
            matching = matching.add(
                Condition::any()
                    .add(auditoria::Column::Actor.contains(search))
                    .add(auditoria::Column::Accion.contains(search))
                    .add(auditoria::Column::Detalle.contains(search)),
            );
        }
        let found = auditoria::Entity::find().filter(matching);
        let total = found.clone().count(self.db.reader()).await.map_err(unexpected)?;
        let rows = found
            .order_by_desc(auditoria::Column::Secuencia)
            .offset((query.page_number() - 1) * PAGE_SIZE)
            .limit(PAGE_SIZE)
            .all(self.db.reader())
            .await
            .map_err(unexpected)?;
        let rows = rows
            .into_iter()
            .map(|row| AuditEntry {
                secuencia: row.secuencia,
                ocurrida_en: Timestamp(row.ocurrida_en),
                actor: row.actor,
                accion: row.accion,
                detalle: row.detalle,
            })
            .collect();
        Ok(Page { rows, total, page: query.page_number(), page_size: PAGE_SIZE })
    }

    async fn state(&self) -> ServiceResult<ChainState> {
        self.actor.require(Permission::Read)?;
        let (reader, camara) = (self.db.reader(), self.actor.camara);
        let head = auditoria_cabezas::Entity::find_by_id(camara.to_string()).one(reader).await.map_err(unexpected)?;
        let Some(head) = head else { return Ok(ChainState::default()) };
        let last = seal::last(reader, camara).await?;
        let late = last.as_ref().is_none_or(|seal| seal.dia < yesterday(self.clock.now().plus_seconds(-GRACE)));
        Ok(ChainState { entradas: head.secuencia, hash: head.hash, sello: last, sello_atrasado: late })
    }

    async fn verify(&self) -> ServiceResult<ChainReport> {
        self.actor.require(Permission::Read)?;
        verify(&self.db, self.actor.camara).await
    }
}
