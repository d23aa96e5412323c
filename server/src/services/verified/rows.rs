//! Rows of the list: which are shown, and as what.

use contract::verified::{VerifiedRow, VerifiedState};
use contract::{ServiceResult, Timestamp};
use entity::usuarios_verificados::{Column, Model};
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr};
use sea_orm::{ColumnTrait, Condition};

use crate::services::fault::unexpected;

/// Frozen by its owner, and nobody has looked into it.
pub(super) fn waits_for_review() -> Condition {
    Condition::all()
        .add(Column::DesconocidaEn.is_not_null())
        .add(Column::RevisadaEn.is_null())
        .add(Column::Estado.eq(VerifiedState::Inactivado.as_str()))
}

/// The text in any of the columns people look for, capitals or not. SQLite folds ASCII only, so
/// that the text in capitals, as the registry writes names, is looked for too.
pub(super) fn contains(search: &str) -> Condition {
    let pattern = |text: String| {
        let escaped: String =
            text.chars().flat_map(|c| matches!(c, '%' | '_' | '\\').then_some('\\').into_iter().chain([c])).collect();
        LikeExpr::new(format!("%{escaped}%")).escape('\\')
    };
    let columns = [Column::Matricula, Column::Identificacion, Column::Nombre, Column::Email, Column::Celular];
    columns.into_iter().fold(Condition::any(), |any, column| {
        any.add(Expr::expr(Func::lower(Expr::col(column))).like(pattern(search.to_lowercase())))
            .add(Expr::col(column).like(pattern(search.to_uppercase())))
    })
}

pub(super) fn row_of(row: Model) -> ServiceResult<VerifiedRow> {
    let estado = VerifiedState::parse(&row.estado).ok_or_else(|| unexpected("unknown state of a verified user"))?;
    Ok(VerifiedRow {
        id: row.id,
        clave: row.clave_preasignada_id,
        identificacion: row.identificacion,
        nombre: row.nombre,
        email: row.email,
        celular: row.celular,
        estado,
        prueba: row.es_prueba,
        verificado_en: row.fecha_hora_verificacion.map(Timestamp),
        inactivado_en: row.fecha_hora_inactivacion.map(Timestamp),
        motivo: row.motivoinactivacion,
        creado_en: Timestamp(row.fecha_hora_creacion),
        desconocido_en: row.desconocida_en.map(Timestamp),
        por_revisar: estado == VerifiedState::Inactivado && row.desconocida_en.is_some() && row.revisada_en.is_none(),
        reactivado_en: row.reactivada_en.map(Timestamp),
        motivo_reactivacion: row.motivo_reactivacion,
    })
}
