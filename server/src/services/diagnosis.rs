//! «Probar conexión».

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use contract::diagnosis::{Diagnosis, DiagnosisService, Step, StepReport};
use contract::staff::Permission;
use contract::{ChamberCode, ServiceError, ServiceResult, Timestamp};
use entity::tareas;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, Set};

use super::actor::Actor;
use super::audit::{Action, record};
use super::fault::unexpected;
use crate::clock::Clock;
use crate::config::{Chamber, Smtp};
use crate::db::Db;
use crate::mail::dns::MailDns;
use crate::mail::probe::walk;

/// The row of `tareas` that keeps two trials of one chamber apart, on however many nodes.
const TASK: &str = "probar_conexion";

/// A trial of a process that died bars the next one for so long.
const LEASE_SECONDS: i64 = 90;

/// From one trial's beginning to the next one's: mail servers ban who knocks too often.
const PAUSE_SECONDS: i64 = 5;

/// The trial, bound to the one who asks.
pub struct DiagnosisDesk {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Who asks.
    pub actor: Actor,
    /// The actor's chamber.
    pub chamber: Arc<Chamber>,
    /// Which DNS is asked about the sender's domain.
    pub dns: MailDns,
    /// How long each step may take.
    pub step_limit: Duration,
}

#[async_trait]
impl DiagnosisService for DiagnosisDesk {
    async fn try_connection(&self) -> ServiceResult<Diagnosis> {
        self.actor.require(Permission::Operate)?;
        let smtp = self.chamber.smtp.clone().map_err(|missing| ServiceError::Configuration { missing })?;
        let begun = self.clock.now();
        take(&self.db, self.actor.camara, begun).await?;
        let trial = Trial {
            db: self.db.clone(),
            clock: self.clock.clone(),
            actor: self.actor.clone(),
            smtp,
            dns: self.dns,
            step_limit: self.step_limit,
            begun,
        };
        // A browser that goes away must not leave the trial taken and unwritten.
        tokio::spawn(trial.run()).await.map_err(unexpected)?
    }
}

struct Trial {
    db: Db,
    clock: Clock,
    actor: Actor,
    smtp: Smtp,
    dns: MailDns,
    step_limit: Duration,
    begun: Timestamp,
}

impl Trial {
    async fn run(self) -> ServiceResult<Diagnosis> {
        let dominio = self.smtp.from_address.as_str().rsplit('@').next().unwrap_or_default().to_owned();
        let (pasos, dns) = tokio::join!(walk(&self.smtp, self.step_limit), self.dns.hints(&dominio));
        let servidor = format!("{}:{}", self.smtp.server, self.smtp.port);
        self.write_down(&pasos).await?;
        Ok(Diagnosis { servidor, dominio, pasos, dns })
    }

    /// Lets the next trial in and leaves the trace of this one.
    async fn write_down(&self, steps: &[StepReport]) -> ServiceResult<()> {
        let now = self.clock.now();
        let free_at = self.begun.plus_seconds(PAUSE_SECONDS).max(now);
        let detail = match steps.iter().find(|step| step.falla.is_some()) {
            None => "resultado=bien".to_owned(),
            Some(failed) => format!("resultado=falla paso={}", code(failed.paso)),
        };
        let txn = self.db.write().await.map_err(unexpected)?;
        hold(&txn, self.actor.camara, free_at).await?;
        let action = Action::ConexionProbada;
        record(&txn, self.actor.camara, now, &self.actor.name, action, detail).await.map_err(unexpected)?;
        txn.commit().await.map_err(unexpected)
    }
}

const fn code(step: Step) -> &'static str {
    match step {
        Step::Nombre => "nombre",
        Step::Conexion => "conexión",
        Step::Cifrado => "cifrado",
        Step::Autenticacion => "autenticación",
        Step::Remitente => "remitente",
    }
}

/// Takes the chamber's one trial, or says when it is free.
async fn take(db: &Db, camara: ChamberCode, now: Timestamp) -> ServiceResult<()> {
    let txn = db.write().await.map_err(unexpected)?;
    let fresh = tareas::ActiveModel {
        camara: Set(camara.to_string()),
        nombre: Set(TASK.to_owned()),
        proxima_en: Set(0),
        tomada_hasta: Set(0),
        ultima_en: Set(None),
        resultado: Set(String::new()),
    };
    tareas::Entity::insert(fresh)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&txn)
        .await
        .map_err(unexpected)?;
    let key = (camara.to_string(), TASK.to_owned());
    let row = tareas::Entity::find_by_id(key).lock_exclusive().one(&txn).await.map_err(unexpected)?;
    let taken_until = row.map_or(0, |row| row.tomada_hasta);
    if taken_until > now.0 {
        return Err(ServiceError::TooSoon { retry_at: Timestamp(taken_until) });
    }
    hold(&txn, camara, now.plus_seconds(LEASE_SECONDS)).await?;
    txn.commit().await.map_err(unexpected)
}

async fn hold(txn: &DatabaseTransaction, camara: ChamberCode, until: Timestamp) -> ServiceResult<()> {
    tareas::Entity::update_many()
        .col_expr(tareas::Column::TomadaHasta, Expr::value(until.0))
        .filter(tareas::Column::Camara.eq(camara.as_str()))
        .filter(tareas::Column::Nombre.eq(TASK))
        .exec(txn)
        .await
        .map_err(unexpected)?;
    Ok(())
}
