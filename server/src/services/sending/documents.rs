//! The register of what was issued, written with the mark: a PDF that may have left can be verified, and
//! the conditions that it carried are kept.

use std::collections::BTreeMap;

use contract::{ChamberCode, Timestamp};
use entity::{condiciones, documentos};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, Set};

use super::ledger::{Dispatch, Row};

/// Enters the PDFs of these rows, and the conditions that nobody entered before.
pub(super) async fn issue<C: ConnectionTrait>(
    txn: &C,
    camara: ChamberCode,
    rows: &BTreeMap<i64, Row>,
    marks: &[(i64, Dispatch)],
    now: Timestamp,
) -> Result<(), DbErr> {
    let issued: Vec<_> = marks.iter().filter_map(|(id, dispatch)| Some((rows.get(id)?, dispatch))).collect();
    if issued.is_empty() {
        return Ok(());
    }
    let versions: BTreeMap<&str, &Dispatch> =
        issued.iter().map(|(_, dispatch)| (dispatch.conditions.version(), *dispatch)).collect();
    let versions = versions.into_iter().map(|(version, dispatch)| condiciones::ActiveModel {
        camara: Set(camara.to_string()),
        version: Set(version.to_owned()),
        factor: Set(dispatch.factor.as_str().to_owned()),
        texto: Set(dispatch.conditions.text().to_owned()),
        desde: Set(now.0),
    });
    condiciones::Entity::insert_many(versions)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(txn)
        .await?;
    let documents = issued.into_iter().map(|(row, dispatch)| documentos::ActiveModel {
        camara: Set(camara.to_string()),
        codigo: Set(dispatch.code.as_str().to_owned()),
        clave_id: Set(row.id),
        generacion: Set(row.generacion),
        ano: Set(row.ano),
        es_prueba: Set(row.es_prueba),
        condiciones: Set(dispatch.conditions.version().to_owned()),
        pdf_sha256: Set(dispatch.pdf_sha256.clone()),
        emitido_en: Set(now.0),
        ..Default::default()
    });
    documentos::Entity::insert_many(documents).exec_without_returning(txn).await.map(|_| ())
}
