//! «Probar conexión».

use std::sync::Arc;

use async_trait::async_trait;
use contract::diagnosis::{Diagnosis, DiagnosisService};
use contract::{ServiceError, ServiceResult};

use super::actor::Actor;
use crate::config::Chamber;

/// The trial, bound to the one who asks.
pub struct DiagnosisDesk {
    /// Who asks.
    pub actor: Actor,
    /// The actor's chamber.
    pub chamber: Arc<Chamber>,
}

#[async_trait]
impl DiagnosisService for DiagnosisDesk {
    async fn try_connection(&self) -> ServiceResult<Diagnosis> {
        Err(ServiceError::NotFound)
    }
}
