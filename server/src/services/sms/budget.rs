//! How many SMS go out: per merchant and per chamber in 24 hours.

use contract::{ChamberCode, ColombianMobile, ServiceResult, Timestamp};
use entity::sms_enviados::{ActiveModel, Column, Entity};
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, Set};

use crate::config::ActivationLimits;
use crate::secrets::MacKey;
use crate::services::fault::unexpected;
use crate::services::limits::{Class, Subject, lock};

const DAY_SECONDS: i64 = 24 * 3600;

/// Failed deliveries do not use up the budget, but even they end somewhere: so many times it.
const WITH_FAILURES: u64 = 4;

/// In which state an SMS stands in `sms_enviados`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// Counted, on its way to the provider.
    Reserved,
    /// The provider took it.
    Handed,
    /// The provider did not answer: it may be on its way.
    Uncertain,
    /// The provider did not take it.
    Failed,
}

impl Delivery {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Reserved => "reservado",
            Self::Handed => "entregado",
            Self::Uncertain => "incierto",
            Self::Failed => "fallido",
        }
    }
}

/// Whose budget an SMS counts against: the merchant's, or for tests that of the telephone, because
/// the test identity lets anyone name any telephone.
pub(crate) fn payer(mac: &MacKey, camara: ChamberCode, identity: Option<&str>, to: &ColombianMobile) -> String {
    identity.map_or_else(|| digest(mac, camara, "celular", to.as_str()), |id| payer_of_identity(mac, camara, id))
}

/// The merchant of an identification, as one whose budget SMS count against.
pub(crate) fn payer_of_identity(mac: &MacKey, camara: ChamberCode, identity: &str) -> String {
    digest(mac, camara, "comerciante", identity)
}

fn digest(mac: &MacKey, camara: ChamberCode, kind: &str, datum: &str) -> String {
    mac.mac_hex("sms-payer-v1", &[camara.as_str().as_bytes(), kind.as_bytes(), datum.as_bytes()])
}

/// Counts an SMS before it leaves; `None` when the merchant's or the chamber's budget is spent.
pub(crate) async fn reserve(
    txn: &DatabaseTransaction,
    mac: &MacKey,
    camara: ChamberCode,
    limits: &ActivationLimits,
    payer: &str,
    to: &ColombianMobile,
    now: Timestamp,
) -> ServiceResult<Option<i64>> {
    // One at a time: two reservations must not both see the last one free.
    lock(txn, camara, &Subject::new(mac, camara, Class::SmsBudget, "")).await?;
    let today = Entity::find()
        .filter(Column::Camara.eq(camara.as_str()))
        .filter(Column::EnviadoEn.gt(now.plus_seconds(-DAY_SECONDS).0));
    let counted = Column::Estado.ne(Delivery::Failed.as_str());
    let of_payer = today.clone().filter(Column::Sujeto.eq(payer));
    let per_merchant = u64::try_from(limits.sms_per_merchant).unwrap_or_default();
    let per_day = u64::try_from(limits.sms_per_day).unwrap_or_default();
    let spent = of_payer.clone().filter(counted.clone()).count(txn).await.map_err(unexpected)? >= per_merchant
        || of_payer.count(txn).await.map_err(unexpected)? >= per_merchant * WITH_FAILURES
        || today.filter(counted).count(txn).await.map_err(unexpected)? >= per_day;
    if spent {
        return Ok(None);
    }
    let sms = ActiveModel {
        camara: Set(camara.to_string()),
        sujeto: Set(payer.to_owned()),
        celular_enmascarado: Set(to.masked()),
        proveedor: Set(String::new()),
        estado: Set(Delivery::Reserved.as_str().to_owned()),
        enviado_en: Set(now.0),
        ..Default::default()
    }
    .insert(txn)
    .await
    .map_err(unexpected)?;
    Ok(Some(sms.id))
}
