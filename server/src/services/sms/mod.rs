//! SMS as services send them: counted before they leave, handed over outside any transaction, and
//! what came of it written down.

mod budget;

use std::sync::Arc;
use std::time::Instant;

use contract::{ChamberCode, ColombianMobile, ServiceResult};
use entity::sms_enviados;
use sea_orm::{ActiveModelTrait, DatabaseTransaction, Set};

pub(crate) use budget::{Delivery, payer, reserve};

use crate::observe::figures;
use crate::services::fault::unexpected;
use crate::sms::{SmsError, SmsGateway};

/// What came of handing an SMS over.
pub(crate) struct Handover {
    provider: &'static str,
    /// Where the SMS now stands.
    pub(crate) delivery: Delivery,
}

/// Hands a reserved SMS to the chamber's gateway; without one it fails at once.
pub(crate) async fn hand_over(
    gateway: Option<&Arc<dyn SmsGateway>>,
    camara: ChamberCode,
    to: &ColombianMobile,
    text: &str,
) -> Handover {
    let begun = Instant::now();
    let (provider, result) = match gateway {
        Some(gateway) => (gateway.name(), gateway.send(camara, to, text).await),
        None => ("ninguno", Err(SmsError::Unreachable)),
    };
    let delivery = match result {
        Ok(()) => Delivery::Handed,
        Err(error) if error.may_have_left() => Delivery::Uncertain,
        Err(_) => Delivery::Failed,
    };
    figures::sms(provider, delivery.as_str(), begun.elapsed().as_secs_f64());
    Handover { provider, delivery }
}

/// Writes down what became of a reserved SMS.
///
/// # Errors
/// When the database fails.
pub(crate) async fn settle(txn: &DatabaseTransaction, id: i64, handover: &Handover) -> ServiceResult<()> {
    sms_enviados::ActiveModel {
        id: Set(id),
        proveedor: Set(handover.provider.to_owned()),
        estado: Set(handover.delivery.as_str().to_owned()),
        ..Default::default()
    }
    .update(txn)
    .await
    .map_err(unexpected)?;
    Ok(())
}
