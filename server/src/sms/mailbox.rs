//! The demo's SMS: rows of `buzon_sms`, readable at `/buzon`.

use async_trait::async_trait;
use contract::{ChamberCode, ColombianMobile};
use entity::buzon_sms;
use sea_orm::{ActiveModelTrait, Set};

use super::{Provider, Receipt, SmsError, SmsText};
use crate::clock::Clock;
use crate::db::Db;

/// Writes SMS into a table instead of sending them.
pub struct MailboxGateway {
    /// The database.
    pub db: Db,
    /// The time of arrival.
    pub clock: Clock,
}

#[async_trait]
impl Provider for MailboxGateway {
    async fn send(&self, camara: ChamberCode, to: &ColombianMobile, text: &SmsText) -> Result<Receipt, SmsError> {
        let txn = self.db.write().await.map_err(|_| SmsError::Mailbox)?;
        buzon_sms::ActiveModel {
            camara: Set(camara.to_string()),
            celular: Set(to.as_str().to_owned()),
            texto: Set(text.as_str().to_owned()),
            enviado_en: Set(self.clock.now().0),
            ..Default::default()
        }
        .insert(&txn)
        .await
        .map_err(|_| SmsError::Mailbox)?;
        txn.commit().await.map_err(|_| SmsError::Mailbox)?;
        Ok(Receipt::default())
    }
}
