//! Tries at activating, as staff see them when a merchant cannot go on.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{ServiceResult, Timestamp};

/// Whether an identification may try to activate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "estado", rename_all = "snake_case")]
pub enum AttemptsState {
    /// It may.
    Free,
    /// Not before then.
    Paused {
        /// When the next try is allowed.
        hasta: Timestamp,
    },
    /// Until staff unlock it.
    Stopped,
}

/// What is counted against an identification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptsView {
    /// Failures since the last time the data were right.
    pub fallos: u64,
    /// Whether it may try.
    pub estado: AttemptsState,
}

/// Why staff unlock: a choice, not a text, so that no personal data get into the trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnlockReason {
    /// The merchant called and was asked who he is.
    Llamada,
    /// The merchant came to the office.
    Sede,
    /// The merchant asked in writing.
    Escrito,
    /// Something else.
    Otro,
}

impl UnlockReason {
    /// Every reason.
    pub const ALL: [Self; 4] = [Self::Llamada, Self::Sede, Self::Escrito, Self::Otro];

    /// The name under which it stands in the trail.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Llamada => "llamada",
            Self::Sede => "sede",
            Self::Escrito => "escrito",
            Self::Otro => "otro",
        }
    }

    /// The reason of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == name)
    }
}

/// Tries at activating, for the staff member to whom it is bound.
#[async_trait]
pub trait AttemptsService: Send + Sync {
    /// What is counted against an identification; nothing counted reads as no failures.
    async fn look(&self, identificacion: String) -> ServiceResult<AttemptsView>;
    /// Forgets what is counted, a hard stop included.
    async fn unlock(&self, identificacion: String, reason: UnlockReason) -> ServiceResult<()>;
}
