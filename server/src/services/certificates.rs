//! The certificates that ever signed for a chamber.

use contract::{ChamberCode, Timestamp};
use entity::certificados::{ActiveModel, Entity};
use openssl::x509::X509;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, QueryOrder, Set};

use crate::db::Db;
use crate::secrets::sha256_hex;
use crate::signing::Signer;

/// Remembers a signer's certificate before anything that it signs is handed out.
///
/// # Errors
/// When the database fails, or OpenSSL refuses.
pub async fn remember<C: ConnectionTrait>(
    txn: &C,
    camara: ChamberCode,
    signer: &Signer,
    now: Timestamp,
) -> Result<(), DbErr> {
    let certificate = signer.certificate_der().map_err(|fault| DbErr::Custom(fault.to_string()))?;
    let row = ActiveModel {
        camara: Set(camara.to_string()),
        huella: Set(sha256_hex(&certificate)),
        certificado: Set(certificate),
        desde: Set(now.0),
    };
    Entity::insert(row).on_conflict(OnConflict::new().do_nothing().to_owned()).exec_without_returning(txn).await?;
    Ok(())
}

/// Every certificate that signed, with its chamber.
///
/// # Errors
/// When the database fails.
pub async fn all(db: &Db) -> Result<Vec<(ChamberCode, X509)>, DbErr> {
    let rows = Entity::find().order_by_asc(entity::certificados::Column::Desde).all(db.reader()).await?;
    let read = |row: &entity::certificados::Model| {
        Some((ChamberCode::parse(&row.camara)?, X509::from_der(&row.certificado).ok()?))
    };
    Ok(rows.iter().filter_map(read).collect())
}
