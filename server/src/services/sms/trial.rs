//! Trying the chamber's SMS providers with a harmless text.

use std::sync::Arc;

use contract::staff::Permission;
use contract::{ChamberCode, ColombianMobile, ServiceError, ServiceResult, Timestamp};

use super::{Handover, payer, reserve, settle};
use crate::clock::Clock;
use crate::config::Chamber;
use crate::db::Db;
use crate::secrets::MacKey;
use crate::services::actor::Actor;
use crate::services::audit::{Action, record};
use crate::services::fault::unexpected;
use crate::sms::{Attempt, SmsGateway, SmsText};

/// Shows on the telephone whether the letters that break most often arrive whole.
const TEXT: &str = "Prueba de Clave Segura: ñ Ñ é É ü @ # $ _ ¿? Este mensaje no requiere respuesta.";

/// The trial, bound to the one who asks.
pub struct SmsTrial {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// What keys the budget's subjects.
    pub mac: Arc<MacKey>,
    /// Who asks.
    pub actor: Actor,
    /// The actor's chamber.
    pub chamber: Arc<Chamber>,
    /// The chamber's providers.
    pub gateway: Arc<dyn SmsGateway>,
}

impl SmsTrial {
    /// Sends the text by every provider of the chamber, each one counted and written down as any other
    /// SMS.
    ///
    /// # Errors
    /// When the budget of 24 hours is spent, or the database fails.
    pub async fn run(&self, to: &ColombianMobile) -> ServiceResult<Vec<Attempt>> {
        self.actor.require(Permission::Operate)?;
        let contingency = self.chamber.sms.as_ref().is_ok_and(|sms| sms.contingency.is_some());
        let reserved = self.reserve(to, 1 + usize::from(contingency)).await?;
        let text = SmsText::parse(TEXT).map_err(unexpected)?;
        let attempts = self.gateway.try_each(self.camara(), to, &text).await;
        self.settle(&reserved, &attempts).await?;
        Ok(attempts)
    }

    fn camara(&self) -> ChamberCode {
        self.actor.camara
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    async fn reserve(&self, to: &ColombianMobile, providers: usize) -> ServiceResult<Vec<i64>> {
        let txn = self.db.write().await.map_err(unexpected)?;
        let payer = payer(&self.mac, self.camara(), None, to);
        let mut reserved = Vec::new();
        for _ in 0..providers {
            let limits = &self.chamber.limits;
            let id = reserve(&txn, &self.mac, self.camara(), limits, &payer, to, self.now()).await?;
            reserved.push(id.ok_or(ServiceError::SmsBudget)?);
        }
        txn.commit().await.map_err(unexpected)?;
        Ok(reserved)
    }

    async fn settle(&self, reserved: &[i64], attempts: &[Attempt]) -> ServiceResult<()> {
        let txn = self.db.write().await.map_err(unexpected)?;
        let mut words = Vec::new();
        for (id, attempt) in reserved.iter().zip(attempts) {
            settle(&txn, *id, &Handover::of(self.camara(), vec![attempt.clone()])).await?;
            let result = attempt.result.as_ref().map_or_else(|error| error.word(), |_| "entregado".to_owned());
            words.push(format!("{}={result}", attempt.provider));
        }
        let detail = format!("sms {}", words.join(" "));
        record(&txn, self.camara(), self.now(), &self.actor.name, Action::ConexionProbada, detail)
            .await
            .map_err(unexpected)?;
        txn.commit().await.map_err(unexpected)
    }
}
