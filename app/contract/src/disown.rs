//! «No fui yo»: what the link in the confirmation of an activation leads to.

use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{ChamberCode, ServiceResult, Timestamp};

/// Where a link stands. Nothing here says whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "estado", rename_all = "snake_case")]
pub enum DisownState {
    /// It works: one button freezes the user.
    Offered,
    /// It was used, and staff have not looked into it yet.
    Frozen,
    /// The one neutral answer: wrong, expired, or of a user about whom staff have decided.
    Useless,
    /// Too many wrong links from this network.
    Wait {
        /// When the next one is looked at.
        hasta: Timestamp,
    },
}

/// Everything the page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisownView {
    /// The chamber's name.
    pub camara_nombre: String,
    /// Its telephone, for a way out.
    pub telefono: String,
    /// Its address, for a way out.
    pub direccion: String,
    /// Where the link stands.
    pub enlace: DisownState,
}

/// The links of one chamber, for one network.
#[async_trait]
pub trait DisownService: Send + Sync {
    /// What to show for this code; changes nothing.
    async fn view(&self, code: &str) -> ServiceResult<DisownView>;
    /// «No fui yo»: freezes the user of this code until staff look into it. Doing it twice is doing it
    /// once; a code that is no good does nothing.
    async fn freeze(&self, code: &str) -> ServiceResult<()>;
}

/// How a request without a session reaches a chamber's links: the web layer puts it into the context,
/// already bound to the request's network.
#[derive(Clone)]
pub struct DisownDoor(pub Arc<dyn Fn(ChamberCode) -> Option<Arc<dyn DisownService>> + Send + Sync>);

impl DisownDoor {
    /// The links of that chamber; `None` when it is not configured here.
    #[must_use]
    pub fn open(&self, chamber: ChamberCode) -> Option<Arc<dyn DisownService>> {
        (self.0)(chamber)
    }
}
