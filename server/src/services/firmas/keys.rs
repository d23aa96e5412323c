//! The chambers' signing certificates, opened now and then, and their public keys, published for good.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use contract::{ChamberCode, ServiceResult, Timestamp};
use entity::llaves_firma::{ActiveModel, Column, Entity};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, Set};
use serde_json::Value;

use crate::config::Chamber;
use crate::db::Db;
use crate::services::fault::unexpected;
use crate::signing::{Jwk, Signer};

/// How long an opened certificate is used before its file is read again.
const KEPT: Duration = Duration::from_secs(60);

/// The opened certificates of this process.
#[derive(Default)]
pub struct SigningKeys {
    opened: Mutex<BTreeMap<ChamberCode, (Instant, Arc<Signer>)>>,
}

impl SigningKeys {
    /// The chamber's certificate; `None` when there is none in force, and then the log says why.
    pub(crate) async fn signer(&self, chamber: &Chamber, now: Timestamp) -> ServiceResult<Option<Arc<Signer>>> {
        let known = {
            let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
            opened.get(&chamber.code).filter(|(since, _)| since.elapsed() < KEPT).map(|(_, signer)| Arc::clone(signer))
        };
        if let Some(signer) = known.filter(|signer| now <= signer.not_after()) {
            return Ok(Some(signer));
        }
        let Ok(signing) = chamber.signing.clone() else { return Ok(None) };
        let opening = tokio::task::spawn_blocking(move || Signer::from_p12(&signing.p12, &signing.password, now));
        match opening.await.map_err(unexpected)? {
            Ok(signer) => {
                let signer = Arc::new(signer);
                let kept = (Instant::now(), Arc::clone(&signer));
                self.opened.lock().unwrap_or_else(PoisonError::into_inner).insert(chamber.code, kept);
                Ok(Some(signer))
            }
            Err(fault) => {
                tracing::warn!(camara = %chamber.code, %fault, "the signing service has no certificate in force");
                Ok(None)
            }
        }
    }

    /// The public keys of a chamber's records: those that signed one, and the present one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn published(&self, db: &Db, chamber: &Chamber, now: Timestamp) -> ServiceResult<Vec<Value>> {
        let rows = Entity::find()
            .filter(Column::Camara.eq(chamber.code.as_str()))
            .order_by_asc(Column::Desde)
            .all(db.reader())
            .await
            .map_err(unexpected)?;
        let present = self.signer(chamber, now).await?.map(|signer| signer.jwk()).transpose().map_err(unexpected)?;
        let unused = present.filter(|jwk| rows.iter().all(|row| row.kid != jwk.kid()));
        let mut keys = Vec::with_capacity(rows.len() + 1);
        for row in &rows {
            keys.push(serde_json::from_str(&row.jwk).map_err(unexpected)?);
        }
        if let Some(jwk) = unused {
            keys.push(serde_json::to_value(jwk).map_err(unexpected)?);
        }
        Ok(keys)
    }
}

/// Remembers the key of a record, before the record stands.
pub(crate) async fn remember_key(
    txn: &DatabaseTransaction,
    camara: ChamberCode,
    jwk: &Jwk,
    now: Timestamp,
) -> ServiceResult<()> {
    let row = ActiveModel {
        camara: Set(camara.to_string()),
        kid: Set(jwk.kid().to_owned()),
        jwk: Set(serde_json::to_string(jwk).map_err(unexpected)?),
        desde: Set(now.0),
    };
    Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(txn)
        .await
        .map_err(unexpected)?;
    Ok(())
}
