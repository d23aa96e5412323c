//! «Probar SMS»: the chamber's providers, tried with a harmless text.

use std::sync::Arc;

use async_trait::async_trait;
use contract::error::Field;
use contract::sms::{SmsReport, SmsTrialService};
use contract::staff::Permission;
use contract::{ChamberCode, ColombianMobile, ServiceError, ServiceResult, Timestamp};

use super::{Handover, payer, reserve, settle, state};
use crate::clock::Clock;
use crate::config::Chamber;
use crate::db::Db;
use crate::secrets::MacKey;
use crate::services::actor::Actor;
use crate::services::audit::{Action, record};
use crate::services::fault::unexpected;
use crate::sms::{Attempt, SmsGateway, SmsText, setup_fault};

/// Shows on the telephone whether the letters that break most often arrive whole.
const TEXT: &str = "Prueba de Clave Segura: ñ Ñ é É ü @ # $ _ ¿? Este mensaje no requiere respuesta.";

/// The trial, bound to the one who asks.
#[derive(Clone)]
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
    /// The chamber's providers; `None` when `SMS_*` do not allow any.
    pub gateway: Option<Arc<dyn SmsGateway>>,
}

#[async_trait]
impl SmsTrialService for SmsTrial {
    async fn try_sms(&self, celular: &str) -> ServiceResult<Vec<SmsReport>> {
        self.actor.require(Permission::Operate)?;
        let to = ColombianMobile::parse(celular).ok_or(ServiceError::Invalid { field: Field::Mobile })?;
        let gateway = self.gateway.clone().ok_or_else(|| ServiceError::Configuration { missing: self.missing() })?;
        let trial = self.clone();
        // A browser that goes away must not leave an SMS counted and its outcome unwritten.
        tokio::spawn(async move { trial.run(&gateway, &to).await }).await.map_err(unexpected)?
    }
}

impl SmsTrial {
    async fn run(&self, gateway: &Arc<dyn SmsGateway>, to: &ColombianMobile) -> ServiceResult<Vec<SmsReport>> {
        let contingency = self.chamber.sms.as_ref().is_ok_and(|sms| sms.contingency.is_some());
        let reserved = self.reserve(to, 1 + usize::from(contingency)).await?;
        let text = SmsText::parse(TEXT).map_err(unexpected)?;
        let attempts = gateway.try_each(self.camara(), to, &text).await;
        self.settle(&reserved, &attempts).await?;
        Ok(attempts.iter().map(report).collect())
    }

    fn missing(&self) -> Vec<String> {
        match &self.chamber.sms {
            Err(missing) => missing.clone(),
            Ok(settings) => setup_fault(settings).map(|fault| fault.0).into_iter().collect(),
        }
    }

    fn camara(&self) -> ChamberCode {
        self.actor.camara
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Counts one SMS for each provider, or none at all.
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
        let mut detail = "sms".to_owned();
        for (id, attempt) in reserved.iter().zip(attempts) {
            settle(&txn, *id, &Handover::of(self.camara(), vec![attempt.clone()])).await?;
            detail.push_str(&format!(" {}={}", attempt.provider, state(attempt).as_str()));
        }
        record(&txn, self.camara(), self.now(), &self.actor.name, Action::ConexionProbada, detail)
            .await
            .map_err(unexpected)?;
        txn.commit().await.map_err(unexpected)
    }
}

fn report(attempt: &Attempt) -> SmsReport {
    SmsReport {
        proveedor: attempt.provider.to_owned(),
        variables: attempt.variables().to_owned(),
        falla: attempt.result.as_ref().err().copied(),
        id: attempt.result.as_ref().ok().and_then(|receipt| receipt.id.clone()),
        milisegundos: u64::try_from(attempt.took.as_millis()).unwrap_or(u64::MAX),
    }
}
