//! Addresses to which nothing more is sent, because mails to them came back.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::page::{ListQuery, Page};
use crate::{ServiceResult, Timestamp};

/// How an address came to be suppressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuppressionCause {
    /// The chamber's own server refused it for good.
    Rechazo,
    /// A delivery-status notification said so (RFC 3464).
    Rebote,
}

impl SuppressionCause {
    /// The name under which it stands in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rechazo => "rechazo",
            Self::Rebote => "rebote",
        }
    }

    /// The cause of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Rechazo, Self::Rebote].into_iter().find(|cause| cause.as_str() == name)
    }
}

/// A suppressed address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuppressedAddress {
    /// Its number.
    pub id: i64,
    /// The address.
    pub correo: String,
    /// How it came here.
    pub causa: SuppressionCause,
    /// The server's words, without addresses.
    pub detalle: String,
    /// The merchant whose mail it was, when still known.
    pub nombre: Option<String>,
    /// Since when.
    pub suprimido_en: Timestamp,
}

/// The list, for the staff member to whom it is bound.
#[async_trait]
pub trait SuppressionService: Send + Sync {
    /// Newest first; `search` looks in the address.
    async fn list(&self, query: ListQuery) -> ServiceResult<Page<SuppressedAddress>>;
    /// Takes an address off the list; its rows that wait as `suprimido` are pending again.
    async fn lift(&self, id: i64) -> ServiceResult<()>;
}
