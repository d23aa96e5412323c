//! The registry: history of synchronisations and their rejected rows. The file itself is posted to
//! `/consola/carga`.

use contract::registry::{Freshness, Reject, SyncRecord};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::ApiError;

/// The synchronisation page in one answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistryData {
    /// How old the data are.
    pub freshness: Freshness,
    /// The last synchronisations, newest first.
    pub history: Vec<SyncRecord>,
    /// The rejected rows of the one asked for.
    pub rejects: Option<(i64, Vec<Reject>)>,
}

/// History, freshness and, when one is asked for, its rejected rows.
#[server(prefix = "/api/consola", endpoint = "registro")]
pub async fn registry(rechazos: Option<i64>) -> Result<RegistryData, ApiError> {
    use super::gate::{answer, console};

    let service = console()?.registry;
    let rejects = match rechazos {
        Some(id) => Some((id, answer(service.rejects(id).await)?)),
        None => None,
    };
    Ok(RegistryData {
        freshness: answer(service.freshness().await)?,
        history: answer(service.history().await)?,
        rejects,
    })
}
