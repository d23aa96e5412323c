//! Synchronisation as the console sees it.

use async_trait::async_trait;
use contract::registry::{
    Freshness, RegistryService, Reject, RejectReason, STALE_AFTER_HOURS, SyncCounts, SyncRecord, SyncState,
};
use contract::staff::Permission;
use contract::{ChamberCode, ServiceError, ServiceResult, Timestamp};
use domain::eligibility::RegistryRow;
use entity::{mreg_est_matriculados, sincronizacion_rechazos, sincronizaciones};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::actor::Actor;
use super::fault::unexpected;
use crate::clock::Clock;
use crate::db::Db;

/// The registry, bound to one staff member.
pub struct RegistryDesk {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Who asks.
    pub actor: Actor,
}

/// Synchronisations shown.
const HISTORY: u64 = 50;

/// Rejected rows shown.
const REJECTS: u64 = 1_000;

#[async_trait]
impl RegistryService for RegistryDesk {
    async fn history(&self) -> ServiceResult<Vec<SyncRecord>> {
        self.actor.require(Permission::Read)?;
        let runs = sincronizaciones::Entity::find()
            .filter(sincronizaciones::Column::Camara.eq(self.actor.camara.as_str()))
            .order_by_desc(sincronizaciones::Column::Id)
            .limit(HISTORY)
            .all(self.db.reader())
            .await
            .map_err(unexpected)?;
        Ok(runs.into_iter().map(sync_record).collect())
    }

    async fn freshness(&self) -> ServiceResult<Freshness> {
        self.actor.require(Permission::Read)?;
        freshness(&self.db, &self.clock, self.actor.camara).await
    }

    async fn rejects(&self, sync_id: i64) -> ServiceResult<Vec<Reject>> {
        self.actor.require(Permission::Read)?;
        let camara = self.actor.camara.as_str();
        sincronizaciones::Entity::find_by_id(sync_id)
            .filter(sincronizaciones::Column::Camara.eq(camara))
            .one(self.db.reader())
            .await
            .map_err(unexpected)?
            .ok_or(ServiceError::NotFound)?;
        let rejects = sincronizacion_rechazos::Entity::find()
            .filter(sincronizacion_rechazos::Column::Camara.eq(camara))
            .filter(sincronizacion_rechazos::Column::SincronizacionId.eq(sync_id))
            .order_by_asc(sincronizacion_rechazos::Column::Linea)
            .limit(REJECTS)
            .all(self.db.reader())
            .await
            .map_err(unexpected)?;
        let reject = |row: sincronizacion_rechazos::Model| Reject {
            line: u64::try_from(row.linea).unwrap_or_default(),
            column: row.columna,
            reason: REASONS.into_iter().find(|r| reason_code(*r) == row.motivo).unwrap_or(RejectReason::Malformed),
        };
        Ok(rejects.into_iter().map(reject).collect())
    }
}

/// How old a chamber's registry is: the age of its last successful synchronisation.
///
/// # Errors
/// When the database fails.
pub async fn freshness(db: &Db, clock: &Clock, camara: ChamberCode) -> ServiceResult<Freshness> {
    let last = sincronizaciones::Entity::find()
        .filter(sincronizaciones::Column::Camara.eq(camara.as_str()))
        .filter(sincronizaciones::Column::Estado.eq(state_code(SyncState::Terminada)))
        .order_by_desc(sincronizaciones::Column::TerminadaEn)
        .one(db.reader())
        .await
        .map_err(unexpected)?
        .and_then(|run| run.terminada_en)
        .map(Timestamp);
    let seconds = last.map(|last| clock.now().seconds_since(last));
    Ok(Freshness {
        last_success: last,
        hours: seconds.map(|seconds| seconds / 3600),
        stale: seconds.is_none_or(|seconds| seconds > STALE_AFTER_HOURS * 3600),
    })
}

fn sync_record(run: sincronizaciones::Model) -> SyncRecord {
    let figure = |count: i64| u64::try_from(count).unwrap_or_default();
    SyncRecord {
        id: run.id,
        started_at: Timestamp(run.iniciada_en),
        finished_at: run.terminada_en.map(Timestamp),
        file_name: run.archivo,
        actor: run.actor,
        state: STATES.into_iter().find(|state| state_code(*state) == run.estado).unwrap_or(SyncState::Fallida),
        counts: SyncCounts {
            leidas: figure(run.leidas),
            insertadas: figure(run.insertadas),
            actualizadas: figure(run.actualizadas),
            sin_cambio: figure(run.sin_cambio),
            rechazadas: figure(run.rechazadas),
        },
    }
}

const STATES: [SyncState; 4] = [SyncState::EnCurso, SyncState::Terminada, SyncState::Rechazada, SyncState::Fallida];

const REASONS: [RejectReason; 4] =
    [RejectReason::FieldCount, RejectReason::NoMatricula, RejectReason::Undecodable, RejectReason::Malformed];

/// The name of a state in the database.
#[must_use]
pub const fn state_code(state: SyncState) -> &'static str {
    match state {
        SyncState::EnCurso => "en_curso",
        SyncState::Terminada => "terminada",
        SyncState::Rechazada => "rechazada",
        SyncState::Fallida => "fallida",
    }
}

/// The name of a reason in the database and in the rejects file.
#[must_use]
pub const fn reason_code(reason: RejectReason) -> &'static str {
    match reason {
        RejectReason::FieldCount => "numero_de_campos",
        RejectReason::NoMatricula => "sin_matricula",
        RejectReason::Undecodable => "bytes_ilegibles",
        RejectReason::Malformed => "fila_mal_formada",
    }
}

/// A registration as the rules of eligibility read it.
#[must_use]
pub fn registry_row(row: &mreg_est_matriculados::Model) -> RegistryRow<'_> {
    RegistryRow {
        organizacion: &row.organizacion,
        estmatricula: &row.estmatricula,
        ultanoren: &row.ultanoren,
        fecmatricula: &row.fecmatricula,
        razonsocial: &row.razonsocial,
        apellido1: &row.apellido1,
        apellido2: &row.apellido2,
        nombre1: &row.nombre1,
        nombre2: &row.nombre2,
        numid: &row.numid,
        nit: &row.nit,
        emailnot: &row.emailnot,
        emailcom: &row.emailcom,
        celnot: &row.celnot,
        telnot: &row.telnot,
        telnot2: &row.telnot2,
        celcom: &row.celcom,
        telcom1: &row.telcom1,
        telcom2: &row.telcom2,
    }
}
