//! Gestión de usuarios verificados.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::page::{ListQuery, Page};
use crate::{ServiceResult, Timestamp};

/// States as in SII's `usuarios_verificados`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum VerifiedState {
    /// Pending.
    #[serde(rename = "PE")]
    Pendiente,
    /// In force.
    #[serde(rename = "VE")]
    Vigente,
    /// Rejected.
    #[serde(rename = "RZ")]
    Rechazado,
    /// Inactivated.
    #[serde(rename = "IN")]
    Inactivado,
    /// Annulled.
    #[serde(rename = "AN")]
    Anulado,
    /// Deleted.
    #[serde(rename = "EL")]
    Eliminado,
    /// Without credit history.
    #[serde(rename = "SF")]
    SinHistorial,
}

impl VerifiedState {
    /// Every state.
    pub const ALL: [Self; 7] = [
        Self::Pendiente,
        Self::Vigente,
        Self::Rechazado,
        Self::Inactivado,
        Self::Anulado,
        Self::Eliminado,
        Self::SinHistorial,
    ];

    /// SII's two letters.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pendiente => "PE",
            Self::Vigente => "VE",
            Self::Rechazado => "RZ",
            Self::Inactivado => "IN",
            Self::Anulado => "AN",
            Self::Eliminado => "EL",
            Self::SinHistorial => "SF",
        }
    }

    /// The state of those two letters.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == code)
    }
}

/// One verified user in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifiedRow {
    /// Its number.
    pub id: i64,
    /// The pre-assigned password that it came of.
    pub clave: Option<i64>,
    /// The identification.
    pub identificacion: String,
    /// The name.
    pub nombre: String,
    /// The e-mail.
    pub email: String,
    /// The mobile.
    pub celular: String,
    /// The state.
    pub estado: VerifiedState,
    /// Made by the manual's test procedure (section 11).
    pub prueba: bool,
    /// When it was verified.
    pub verificado_en: Option<Timestamp>,
    /// When and why it left force, if it did.
    pub inactivado_en: Option<Timestamp>,
    /// The reason staff gave.
    pub motivo: Option<String>,
    /// When the user was made.
    pub creado_en: Timestamp,
    /// When the owner of the confirmation's mail said «no fui yo».
    pub desconocido_en: Option<Timestamp>,
    /// Whether that still waits for staff to look into it.
    pub por_revisar: bool,
    /// When and why staff put the user back in force.
    pub reactivado_en: Option<Timestamp>,
    /// The reason they gave.
    pub motivo_reactivacion: Option<String>,
}

/// What a list is asked for to show only users whose owner said «no fui yo» and whom nobody has
/// looked into yet; stands where a state's two letters stand otherwise.
pub const TO_REVIEW: &str = "revisar";

/// Verified users, for the staff member to whom it is bound.
#[async_trait]
pub trait VerifiedUserService: Send + Sync {
    /// The list; deleted ones only when their state is asked for.
    async fn list(&self, query: ListQuery) -> ServiceResult<Page<VerifiedRow>>;
    /// How many wait for staff to look into a «no fui yo»; tests not counted.
    async fn to_review(&self) -> ServiceResult<u64>;
    /// Puts an inactivated user (IN) back in force, with a reason of at least 5 letters.
    async fn reactivate(&self, id: i64, reason: String) -> ServiceResult<()>;
    /// Annuls (AN), with a reason of at least 5 letters.
    async fn annul(&self, id: i64, reason: String) -> ServiceResult<()>;
    /// Deletes (EL), with a reason of at least 5 letters.
    async fn delete(&self, id: i64, reason: String) -> ServiceResult<()>;
    /// Removes every user made by tests; says how many.
    async fn purge_tests(&self) -> ServiceResult<u64>;
}
