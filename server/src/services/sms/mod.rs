//! SMS as services send them: counted before they leave, handed over outside any transaction, and
//! what came of it written down.

mod budget;
mod trial;

use std::sync::Arc;
use std::time::Duration;

use contract::{ChamberCode, ColombianMobile, ServiceError, ServiceResult};
use entity::{sms_enviados, sms_intentos};
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, Set};

pub(crate) use budget::{Delivery, payer, payer_of_identity, reserve};
pub use trial::SmsTrial;

use crate::observe::figures;
use crate::services::fault::unexpected;
use crate::sms::{Attempt, SmsError, SmsGateway, SmsText};

/// What came of handing an SMS over.
pub(crate) struct Handover {
    camara: ChamberCode,
    /// Every provider asked, in their order; never empty.
    attempts: Vec<Attempt>,
    /// Where the SMS now stands.
    pub(crate) delivery: Delivery,
}

impl Handover {
    fn of(camara: ChamberCode, attempts: Vec<Attempt>) -> Self {
        let may_have_left = |attempt: &Attempt| attempt.result.as_ref().is_err_and(|error| error.may_have_left());
        let delivery = if attempts.iter().any(|attempt| attempt.result.is_ok()) {
            Delivery::Handed
        } else if attempts.iter().any(may_have_left) {
            Delivery::Uncertain
        } else {
            Delivery::Failed
        };
        for attempt in &attempts {
            let took = attempt.took.as_secs_f64();
            figures::sms(attempt.provider, state(attempt).as_str(), took);
        }
        Self { camara, attempts, delivery }
    }

    /// Who took it; else who was asked last.
    fn provider(&self) -> &'static str {
        let taken = self.attempts.iter().find(|attempt| attempt.result.is_ok());
        taken.or(self.attempts.last()).map_or("ninguno", |attempt| attempt.provider)
    }
}

fn state(attempt: &Attempt) -> Delivery {
    match &attempt.result {
        Ok(_) => Delivery::Handed,
        Err(error) if error.may_have_left() => Delivery::Uncertain,
        Err(_) => Delivery::Failed,
    }
}

/// Hands a reserved SMS to the chamber's gateway; without one, or with a text that is not one SMS, it
/// fails at once.
pub(crate) async fn hand_over(
    gateway: Option<&Arc<dyn SmsGateway>>,
    camara: ChamberCode,
    to: &ColombianMobile,
    text: &str,
) -> Handover {
    let ready = SmsText::parse(text).map_err(SmsError::Text);
    let attempts = match gateway.ok_or(SmsError::NoProvider).and_then(|gateway| Ok((gateway, ready?))) {
        Ok((gateway, text)) => gateway.send(camara, to, &text).await,
        Err(error) => {
            tracing::error!(%camara, %error, "SMS not handed over");
            vec![Attempt { provider: "ninguno", took: Duration::ZERO, result: Err(error) }]
        }
    };
    Handover::of(camara, attempts)
}

/// Writes down what became of a reserved SMS, and each attempt at it.
///
/// # Errors
/// When the database fails.
pub(crate) async fn settle(txn: &DatabaseTransaction, id: i64, handover: &Handover) -> ServiceResult<()> {
    let sms = sms_enviados::Entity::find_by_id(id)
        .filter(sms_enviados::Column::Camara.eq(handover.camara.as_str()))
        .one(txn)
        .await
        .map_err(unexpected)?
        .ok_or(ServiceError::NotFound)?;
    // It was reserved just before the first provider was asked.
    let mut at = sms.enviado_en;
    let mut sms = sms.into_active_model();
    sms.proveedor = Set(handover.provider().to_owned());
    sms.estado = Set(handover.delivery.as_str().to_owned());
    sms.update(txn).await.map_err(unexpected)?;
    for attempt in &handover.attempts {
        let took = i64::try_from(attempt.took.as_millis()).unwrap_or(i64::MAX);
        let (word, id_proveedor) = match &attempt.result {
            Ok(receipt) => (Delivery::Handed.as_str().to_owned(), receipt.id.clone()),
            Err(error) => (error.word(), None),
        };
        sms_intentos::ActiveModel {
            sms_id: Set(id),
            camara: Set(handover.camara.to_string()),
            proveedor: Set(attempt.provider.to_owned()),
            resultado: Set(word),
            demora_ms: Set(took),
            id_proveedor: Set(id_proveedor),
            intentado_en: Set(at),
            ..Default::default()
        }
        .insert(txn)
        .await
        .map_err(unexpected)?;
        at = at.saturating_add(took);
    }
    Ok(())
}
