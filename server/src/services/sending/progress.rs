//! What staff watch: the rows of a batch, and how this process' worker fares.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use contract::Timestamp;
use contract::campaign::PasswordState;
use contract::page::{ListQuery, PAGE_SIZE, Page};
use contract::sending::{BatchRow, WorkerTrouble};
use entity::claves_preasignadas::{Column, Entity, Model};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::services::fault::is_disk_full;

/// Whether the worker can write what it does; shared by the worker and those who watch it.
#[derive(Clone, Debug, Default)]
pub struct WorkerState(Arc<AtomicU8>);

impl WorkerState {
    /// A write failed: nothing leaves until one succeeds. Said in the log when it begins.
    pub fn failed(&self, error: &DbErr) {
        let (code, what) = if is_disk_full(error) {
            (1, "la base de datos no tiene espacio en disco; ningún correo sale hasta que se libere")
        } else {
            (2, "la base de datos no responde; ningún correo sale hasta que vuelva")
        };
        if self.0.swap(code, Ordering::Relaxed) != code {
            tracing::error!(%error, "{what}");
        }
    }

    /// A write succeeded.
    pub fn works(&self) {
        if self.0.swap(0, Ordering::Relaxed) != 0 {
            tracing::info!("la base de datos volvió a recibir escrituras; el envío continúa");
        }
    }

    /// What keeps the worker from working.
    #[must_use]
    pub fn trouble(&self) -> Option<WorkerTrouble> {
        match self.0.load(Ordering::Relaxed) {
            1 => Some(WorkerTrouble::DiskFull),
            2 => Some(WorkerTrouble::Database),
            _ => None,
        }
    }
}

/// A page of a batch's rows, those that moved last first.
pub(super) async fn rows<C: ConnectionTrait>(
    conn: &C,
    lote_id: i64,
    query: &ListQuery,
) -> Result<Page<BatchRow>, DbErr> {
    let mut found = Entity::find().filter(Column::LoteId.eq(lote_id));
    if !query.state.is_empty() {
        found = found.filter(Column::Estado.eq(&query.state));
    }
    let search = query.search.trim();
    if !search.is_empty() {
        found = found.filter(Column::Nombre.contains(search).or(Column::Correo.contains(search)));
    }
    let total = found.clone().count(conn).await?;
    let rows = found
        .order_by_desc(Column::MovidaEn)
        .order_by_asc(Column::Id)
        .offset((query.page_number() - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE)
        .all(conn)
        .await?;
    let rows = rows.into_iter().filter_map(row).collect();
    Ok(Page { rows, total, page: query.page_number(), page_size: PAGE_SIZE })
}

fn row(row: Model) -> Option<BatchRow> {
    let estado = PasswordState::parse(&row.estado)?;
    let waits = estado == PasswordState::Reintento;
    Some(BatchRow {
        id: row.id,
        nombre: row.nombre,
        correo: row.correo,
        estado,
        respuesta: row.respuesta,
        intentos: u64::try_from(row.intentos).unwrap_or_default(),
        proximo_intento: row.proximo_intento.filter(|_| waits).map(Timestamp),
        enviada_en: row.enviada_en.map(Timestamp),
    })
}
