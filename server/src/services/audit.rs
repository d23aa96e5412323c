//! The audit trail: append-only, each entry carrying the hash of the one before, per chamber.

use async_trait::async_trait;
use contract::audit::{AuditEntry, AuditService};
use contract::page::{ListQuery, PAGE_SIZE, Page};
use contract::staff::Permission;
use contract::{ChamberCode, ServiceResult, Timestamp};
use entity::{auditoria, auditoria_cabezas};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Set,
};

use super::actor::Actor;
use super::fault::unexpected;
use crate::db::Db;
use crate::secrets::sha256_hex;

/// What an entry says was done. The code is what stands in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // each is its own name
pub enum Action {
    Ingreso,
    IngresoFallido,
    Salida,
    ClaveConfirmada,
    FuncionarioCreado,
    FuncionarioDesactivado,
    Sincronizacion,
    SincronizacionRechazada,
    Simulacion,
    Seleccion,
    Exportacion,
    Blanqueo,
    BorradoNoActivados,
    LoteCreado,
    LotePausado,
    LoteReanudado,
    LoteCancelado,
    LoteTerminado,
    CorreoEnviado,
    CorreoIncierto,
    CorreoRechazado,
    InciertoResuelto,
    DatosErroneos,
    ClavesVencidas,
    CorreoRebotado,
    CorreoSuprimido,
    SupresionLevantada,
    ReintentoOrdenado,
    ConexionProbada,
    ClavesRotadas,
    PinEnviado,
    PinErrado,
    SmsFallido,
    RegistroCambiado,
    ConfirmacionNoEnviada,
    Activacion,
    ActivacionAbandonada,
    ClaveRehusada,
    CredencialesErradas,
    IdentidadBloqueada,
    IdentidadDesbloqueada,
    UsuarioAnulado,
    UsuarioEliminado,
    PruebasPurgadas,
    SegundoFactorErrado,
    SegundoFactorActivado,
    SegundoFactorRetirado,
    SegundoFactorRestablecido,
    CodigoRecuperacionUsado,
    ClaveCambiada,
    SesionesCerradas,
    FuncionarioClaveCambiada,
    FuncionarioRolCambiado,
    SistemaCreado,
    SistemaDesactivado,
    FirmaSolicitada,
    FirmaRechazada,
    FirmaRealizada,
    FirmaAbandonada,
    NoFuiYo,
    AvisoNoEnviado,
    UsuarioReactivado,
    RecordatoriosEnviados,
}

impl Action {
    /// The code: `usuario_anulado`.
    #[must_use]
    pub fn code(self) -> String {
        let mut code = String::new();
        for c in format!("{self:?}").chars() {
            if c.is_uppercase() && !code.is_empty() {
                code.push('_');
            }
            code.push(c.to_ascii_lowercase());
        }
        code
    }
}

/// The hash before the first entry.
const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Appends one entry inside the caller's write transaction: what is audited and its entry stand or
/// fall together. `detalle` holds figures and row numbers, never personal data.
///
/// # Errors
/// When the database fails.
pub async fn record<C: ConnectionTrait>(
    txn: &C,
    camara: ChamberCode,
    now: Timestamp,
    actor: &str,
    action: Action,
    detalle: String,
) -> Result<(), DbErr> {
    record_all(txn, camara, now, vec![(actor, action, detalle)]).await
}

/// Appends entries in their order, as [`record`] does one.
///
/// # Errors
/// When the database fails.
pub async fn record_all<C: ConnectionTrait>(
    txn: &C,
    camara: ChamberCode,
    now: Timestamp,
    entries: Vec<(&str, Action, String)>,
) -> Result<(), DbErr> {
    if entries.is_empty() {
        return Ok(());
    }
    let first = auditoria_cabezas::ActiveModel {
        camara: Set(camara.to_string()),
        secuencia: Set(0),
        hash: Set(GENESIS.to_owned()),
    };
    auditoria_cabezas::Entity::insert(first)
        .on_conflict(OnConflict::column(auditoria_cabezas::Column::Camara).do_nothing().to_owned())
        .exec_without_returning(txn)
        .await?;
    let head = auditoria_cabezas::Entity::find_by_id(camara.to_string()).lock_exclusive().one(txn).await?;
    let mut head = head.ok_or_else(|| DbErr::RecordNotFound("head of the audit chain".to_owned()))?;

    let mut rows = Vec::with_capacity(entries.len());
    for (actor, action, detalle) in entries {
        let secuencia = head.secuencia + 1;
        let accion = action.code();
        let hash = entry_hash(&head.hash, camara.as_str(), secuencia, now, actor, &accion, &detalle);
        rows.push(auditoria::ActiveModel {
            camara: Set(camara.to_string()),
            secuencia: Set(secuencia),
            ocurrida_en: Set(now.0),
            actor: Set(actor.to_owned()),
            accion: Set(accion),
            detalle: Set(detalle),
            hash_previo: Set(std::mem::replace(&mut head.hash, hash.clone())),
            hash: Set(hash),
            ..Default::default()
        });
        head.secuencia = secuencia;
    }
    auditoria::Entity::insert_many(rows).exec_without_returning(txn).await?;
    let moved =
        auditoria_cabezas::ActiveModel { secuencia: Set(head.secuencia), hash: Set(head.hash), ..Default::default() };
    auditoria_cabezas::Entity::update_many()
        .set(moved)
        .filter(auditoria_cabezas::Column::Camara.eq(camara.as_str()))
        .exec(txn)
        .await?;
    Ok(())
}

/// Each part goes in with its length before it, so that no two entries read alike.
fn entry_hash(
    previous: &str,
    camara: &str,
    secuencia: i64,
    at: Timestamp,
    actor: &str,
    accion: &str,
    detalle: &str,
) -> String {
    let (secuencia, at) = (secuencia.to_string(), at.0.to_string());
    let parts = [previous, camara, &secuencia, &at, actor, accion, detalle];
    let text: String = parts.iter().map(|part| format!("{}:{part}\n", part.len())).collect();
    sha256_hex(text.as_bytes())
}

/// The trail as staff read it.
pub struct AuditReader {
    /// The database.
    pub db: Db,
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
}
