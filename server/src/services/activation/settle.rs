//! What becomes of a pre-assigned password: activated or cancelled, by exactly one.

use contract::campaign::PasswordState;
use contract::{ChamberCode, ColombianMobile, Email, NationalId, ServiceResult, Timestamp};
use entity::claves_preasignadas::{Column, Entity, Model};
use entity::usuarios_verificados;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

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

/// A pre-assigned password as it was when its fields were compared.
#[derive(Clone, Copy)]
pub(super) struct Claim {
    pub(super) camara: ChamberCode,
    pub(super) password_id: i64,
    pub(super) generation: i64,
}

/// Makes the verified user and settles the row; `None` when the row was settled, deleted or made
/// anew meanwhile, and then nothing was changed.
pub(super) async fn activate(
    txn: &DatabaseTransaction,
    claim: Claim,
    email: &Email,
    mobile: &ColombianMobile,
    now: Timestamp,
) -> ServiceResult<Option<Activated>> {
    let Some((row, hash)) = lock(txn, claim).await?.and_then(|row| row.hash.clone().map(|hash| (row, hash))) else {
        return Ok(None);
    };
    if !row.es_prueba && already_verified(txn, claim.camara, &row.identificacion).await? {
        return Ok(None);
    }
    // The unique index on users in force is the last word if another row's activation got here first.
    let inserted = usuarios_verificados::Entity::insert(verified_user(&row, hash, email, mobile, now))
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(txn)
        .await
        .map_err(unexpected)?;
    if inserted == 0 {
        return Ok(None);
    }
    if !close(txn, claim, PasswordState::Activado, Column::ActivadaEn, now).await? {
        return Err(unexpected("a locked password changed"));
    }
    let user_id = user_of(txn, &row).await?;
    Ok(Some(Activated {
        user_id,
        password_id: row.id,
        email: email.clone(),
        name: row.nombre,
        es_prueba: row.es_prueba,
    }))
}

/// The verified user whom this password has just made.
async fn user_of(txn: &DatabaseTransaction, row: &Model) -> ServiceResult<i64> {
    use usuarios_verificados::{Column, Entity};
    let made = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Camara.eq(row.camara.as_str()))
        .filter(Column::ClavePreasignadaId.eq(row.id))
        .order_by_desc(Column::Id)
        .into_tuple::<i64>()
        .one(txn)
        .await
        .map_err(unexpected)?;
    made.ok_or_else(|| unexpected("a verified user just made is not there"))
}

/// «No aceptar»: cancels the password; says whether this call did.
pub(super) async fn cancel(txn: &DatabaseTransaction, claim: Claim, now: Timestamp) -> ServiceResult<bool> {
    if lock(txn, claim).await?.is_none() {
        return Ok(false);
    }
    close(txn, claim, PasswordState::Cancelado, Column::CanceladaEn, now).await
}

/// The row, locked, if it still is what was compared.
async fn lock(txn: &DatabaseTransaction, claim: Claim) -> ServiceResult<Option<Model>> {
    Entity::find()
        .filter(Column::Camara.eq(claim.camara.as_str()))
        .filter(Column::Id.eq(claim.password_id))
        .filter(Column::Generacion.eq(claim.generation))
        .filter(Column::Estado.is_in(ACTIVATABLE))
        .lock_exclusive()
        .one(txn)
        .await
        .map_err(unexpected)
}

/// Settles the row and erases the sealed copy.
async fn close(
    txn: &DatabaseTransaction,
    claim: Claim,
    state: PasswordState,
    when: Column,
    now: Timestamp,
) -> ServiceResult<bool> {
    let updated = Entity::update_many()
        .col_expr(Column::Estado, Expr::value(state.as_str()))
        .col_expr(when, Expr::value(now.0))
        .col_expr(Column::Sellada, Expr::value(Option::<Vec<u8>>::None))
        .col_expr(Column::SelladaLlave, Expr::value(Option::<String>::None))
        .filter(Column::Camara.eq(claim.camara.as_str()))
        .filter(Column::Id.eq(claim.password_id))
        .filter(Column::Generacion.eq(claim.generation))
        .filter(Column::Estado.is_in(ACTIVATABLE))
        .exec(txn)
        .await
        .map_err(unexpected)?;
    Ok(updated.rows_affected == 1)
}

fn verified_user(
    row: &Model,
    hash: String,
    email: &Email,
    mobile: &ColombianMobile,
    now: Timestamp,
) -> usuarios_verificados::ActiveModel {
    let test_identity = NationalId::test_identity().as_str().to_owned();
    usuarios_verificados::ActiveModel {
        camara: Set(row.camara.clone()),
        es_prueba: Set(row.es_prueba),
        email: Set(email.as_str().to_owned()),
        celular: Set(mobile.as_str().to_owned()),
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
