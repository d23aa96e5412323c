//! The audit trail: append-only, each entry carrying the hash of the one before, per chamber.

mod about;
mod export;
mod read;
mod seal;
mod verify;

use contract::{ChamberCode, Timestamp};
use domain::chain::{Entry, GENESIS, entry_hash};
use entity::{auditoria, auditoria_cabezas};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, Set};

pub(crate) use about::about;
pub use export::export;
pub use read::AuditReader;
pub use seal::{Sealed, seal_day, yesterday};
pub use verify::verify;

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
    AuditoriaSellada,
    AuditoriaExportada,
    ActaEmitida,
    RetencionAplicada,
    DatosExportados,
    DatosBorrados,
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
        let (ocurrida_en, camara) = (now, camara.as_str());
        let entry = Entry { camara, secuencia, ocurrida_en, actor, accion: &accion, detalle: &detalle };
        let hash = entry_hash(&head.hash, &entry);
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
