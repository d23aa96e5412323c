//! The certificates that ever signed for a chamber.

use contract::{ChamberCode, Timestamp};
use entity::certificados::{ActiveModel, Entity};
use openssl::x509::X509;
use sea_orm::sea_query::OnConflict;
use sea_orm::{DbErr, EntityTrait, QueryOrder, Set};

use crate::db::Db;
use crate::secrets::sha256_hex;

/// Remembers a certificate before anything that it signs is handed out.
///
/// # Errors
/// When the database fails.
pub async fn remember(db: &Db, camara: ChamberCode, certificate: &[u8], now: Timestamp) -> Result<(), DbErr> {
    let row = ActiveModel {
        camara: Set(camara.to_string()),
        huella: Set(sha256_hex(certificate)),
        certificado: Set(certificate.to_vec()),
        desde: Set(now.0),
    };
    let txn = db.write().await?;
    Entity::insert(row).on_conflict(OnConflict::new().do_nothing().to_owned()).exec_without_returning(&txn).await?;
    txn.commit().await
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
