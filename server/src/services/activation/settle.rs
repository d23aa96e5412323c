//! What becomes of a pre-assigned password: activated or cancelled, by exactly one.

use contract::campaign::PasswordState;
use contract::{ChamberCode, Email, NationalId, ServiceResult, Timestamp};
use domain::activation::Proven;
use entity::claves_preasignadas::{Column, Entity, Model};
use entity::usuarios_verificados;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, Set, TryInsertResult};

use super::candidate::{ACTIVATABLE, already_verified};
use crate::services::fault::unexpected;

/// One who has just become a verified user.
pub(super) struct Activated {
    pub(super) user_id: i64,
    pub(super) password_id: i64,
    pub(super) email: Email,
    pub(super) name: String,
    pub(super) es_prueba: bool,
}

/// Makes the verified user and settles the row; `None` when the row was settled, deleted or made
/// anew meanwhile, and then nothing was changed. `own_hash` is that of a password of the merchant's
/// own; without one the pre-assigned password goes on.
pub(super) async fn activate(
    txn: &DatabaseTransaction,
    camara: ChamberCode,
    proven: &Proven,
    own_hash: Option<String>,
    now: Timestamp,
) -> ServiceResult<Option<Activated>> {
    let mailed = lock(txn, camara, proven).await?.and_then(|row| row.hash.clone().map(|hash| (row, hash)));
    let Some((row, hash)) = mailed else { return Ok(None) };
    if !row.es_prueba && already_verified(txn, camara, &row.identificacion).await? {
        return Ok(None);
    }
    // The unique index on users in force is the last word if another row's activation got here first.
    let inserted = usuarios_verificados::Entity::insert(verified_user(&row, own_hash.unwrap_or(hash), proven, now))
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .try_insert()
        .exec(txn)
        .await
        .map_err(unexpected)?;
    let TryInsertResult::Inserted(user) = inserted else { return Ok(None) };
    if !close(txn, camara, proven, PasswordState::Activado, Column::ActivadaEn, now).await? {
        return Err(unexpected("a locked password changed"));
    }
    Ok(Some(Activated {
        user_id: user.last_insert_id,
        password_id: row.id,
        email: proven.email.clone(),
        name: row.nombre,
        es_prueba: row.es_prueba,
    }))
}

/// «No aceptar»: cancels the password; says whether this call did.
pub(super) async fn cancel(
    txn: &DatabaseTransaction,
    camara: ChamberCode,
    proven: &Proven,
    now: Timestamp,
) -> ServiceResult<bool> {
    if lock(txn, camara, proven).await?.is_none() {
        return Ok(false);
    }
    close(txn, camara, proven, PasswordState::Cancelado, Column::CanceladaEn, now).await
}

/// The row, locked, if it still is what was compared.
pub(super) async fn lock(
    txn: &DatabaseTransaction,
    camara: ChamberCode,
    proven: &Proven,
) -> ServiceResult<Option<Model>> {
    Entity::find()
        .filter(Column::Camara.eq(camara.as_str()))
        .filter(Column::Id.eq(proven.password_id))
        .filter(Column::Generacion.eq(proven.generation))
        .filter(Column::Estado.is_in(ACTIVATABLE))
        .lock_exclusive()
        .one(txn)
        .await
        .map_err(unexpected)
}

/// Settles the row and erases the sealed copy.
async fn close(
    txn: &DatabaseTransaction,
    camara: ChamberCode,
    proven: &Proven,
    state: PasswordState,
    when: Column,
    now: Timestamp,
) -> ServiceResult<bool> {
    let updated = Entity::update_many()
        .col_expr(Column::Estado, Expr::value(state.as_str()))
        .col_expr(when, Expr::value(now.0))
        .col_expr(Column::Sellada, Expr::value(Option::<Vec<u8>>::None))
        .col_expr(Column::SelladaLlave, Expr::value(Option::<String>::None))
        .filter(Column::Camara.eq(camara.as_str()))
        .filter(Column::Id.eq(proven.password_id))
        .filter(Column::Generacion.eq(proven.generation))
        .filter(Column::Estado.is_in(ACTIVATABLE))
        .exec(txn)
        .await
        .map_err(unexpected)?;
    Ok(updated.rows_affected == 1)
}

fn verified_user(row: &Model, hash: String, proven: &Proven, now: Timestamp) -> usuarios_verificados::ActiveModel {
    let test_identity = NationalId::test_identity().as_str().to_owned();
    usuarios_verificados::ActiveModel {
        camara: Set(row.camara.clone()),
        es_prueba: Set(row.es_prueba),
        email: Set(proven.email.as_str().to_owned()),
        celular: Set(proven.mobile.as_str().to_owned()),
        tipoidentificacion: Set(row.idclase.clone()),
        identificacion: Set(if row.es_prueba { test_identity } else { row.identificacion.clone() }),
        nombre: Set(row.nombre.clone()),
        nombres: Set(row.nombres.clone()),
        apellido1: Set(row.apellido1.clone()),
        apellido2: Set(row.apellido2.clone()),
        direccion: Set(String::new()),
        municipio: Set(row.municipio.clone()),
        nitempresa: Set(String::new()),
        nombreempresa: Set(String::new()),
        matricula: Set(row.matricula.clone()),
        estado: Set("VE".to_owned()),
        fecha_hora_creacion: Set(now.0),
        fecha_hora_verificacion: Set(Some(now.0)),
        claveacceso: Set(hash),
        clave_preasignada_id: Set(Some(row.id)),
        ano: Set(row.ano),
        ..Default::default()
    }
}
