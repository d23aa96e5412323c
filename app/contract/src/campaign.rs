//! The campaign of one year: selection, list, deletion (manual, sections 2 and 6).

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::page::{ListQuery, Page};
use crate::{ServiceResult, Timestamp, Year};

/// Why a merchant is left out: the first that applies, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExclusionReason {
    /// `organizacion` is not `01`.
    NoEsPersonaNatural,
    /// `estmatricula` is not one of MA, MI, IA, II.
    MatriculaNoVigente,
    /// The last renewed year is not the year before.
    NoRenovoAnoAnterior,
    /// No valid e-mail, neither of notification nor commercial.
    SinCorreo,
    /// No valid mobile in any telephone column.
    SinCelular,
    /// No identification at all, so that nobody could ever activate.
    SinIdentificacion,
    /// Already a verified user (VE or IN).
    YaVerificado,
    /// Already has a pre-assigned password this year, perhaps by another matrícula.
    YaSeleccionado,
}

impl ExclusionReason {
    /// The name under which it stands in JSON and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoEsPersonaNatural => "no_es_persona_natural",
            Self::MatriculaNoVigente => "matricula_no_vigente",
            Self::NoRenovoAnoAnterior => "no_renovo_ano_anterior",
            Self::SinCorreo => "sin_correo",
            Self::SinCelular => "sin_celular",
            Self::SinIdentificacion => "sin_identificacion",
            Self::YaVerificado => "ya_verificado",
            Self::YaSeleccionado => "ya_seleccionado",
        }
    }
}

/// The result of a selection or of its simulation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectionReport {
    /// The year in process.
    pub ano: i32,
    /// Merchants looked at.
    pub evaluados: u64,
    /// Merchants that got a password (or would).
    pub seleccionados: u64,
    /// Merchants left out, by reason.
    pub excluidos: BTreeMap<ExclusionReason, u64>,
}

/// The end of a signing certificate of which staff must hear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateEnd {
    /// When it ends or ended.
    pub vence_en: Timestamp,
    /// Whole days left; negative once it is over.
    pub dias: i64,
}

/// The states of one pre-assigned password (`sending.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordState {
    /// Waits to be sent.
    Pendiente,
    /// Claimed by a worker.
    Reservado,
    /// Its content may be leaving this machine.
    Transmitiendo,
    /// The server took it.
    Enviado,
    /// To be tried again later.
    Reintento,
    /// The server refused it for good.
    Rechazado,
    /// Nobody knows whether the server took it; a person decides.
    Incierto,
    /// The merchant activated.
    Activado,
    /// The merchant did not accept.
    Cancelado,
    /// Its time ran out.
    Vencido,
    /// Its data cannot be rendered.
    ErrorDatos,
    /// Delivery failed afterwards.
    Rebotado,
    /// The address is known to bounce.
    Suprimido,
    /// Set aside by staff.
    Apartado,
}

impl PasswordState {
    /// Every state, in the order of a password's life.
    pub const ALL: [Self; 14] = [
        Self::Pendiente,
        Self::Reservado,
        Self::Transmitiendo,
        Self::Enviado,
        Self::Reintento,
        Self::Rechazado,
        Self::Incierto,
        Self::Activado,
        Self::Cancelado,
        Self::Vencido,
        Self::ErrorDatos,
        Self::Rebotado,
        Self::Suprimido,
        Self::Apartado,
    ];

    /// The name under which it stands in the database and in the export.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pendiente => "pendiente",
            Self::Reservado => "reservado",
            Self::Transmitiendo => "transmitiendo",
            Self::Enviado => "enviado",
            Self::Reintento => "reintento",
            Self::Rechazado => "rechazado",
            Self::Incierto => "incierto",
            Self::Activado => "activado",
            Self::Cancelado => "cancelado",
            Self::Vencido => "vencido",
            Self::ErrorDatos => "error_datos",
            Self::Rebotado => "rebotado",
            Self::Suprimido => "suprimido",
            Self::Apartado => "apartado",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == name)
    }
}

/// From which group of registry columns a datum was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Notification data, which come first.
    Notificacion,
    /// Commercial data.
    Comercial,
}

impl Origin {
    /// The name under which it stands in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Notificacion => "notificacion",
            Self::Comercial => "comercial",
        }
    }

    /// The origin of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Notificacion, Self::Comercial].into_iter().find(|o| o.as_str() == name)
    }
}

/// The authentication factor for activation (`FACTOR_AUTENTICACION_FIRMADO_CONTRASENAS_EMAIL`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// CLAVE + PIN (SMS): recommended by the manual, section 3.
    Doble,
    /// SOLO CLAVE.
    SoloClave,
}

impl Factor {
    /// The name under which it stands in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Doble => "doble",
            Self::SoloClave => "solo_clave",
        }
    }

    /// The factor of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Doble, Self::SoloClave].into_iter().find(|f| f.as_str() == name)
    }
}

/// One row of the list of pre-assigned passwords. Never the password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreassignedRow {
    /// Its number.
    pub id: i64,
    /// The registration.
    pub matricula: String,
    /// The normalised identification.
    pub identificacion: String,
    /// The merchant's name.
    pub nombre: String,
    /// The e-mail chosen.
    pub correo: String,
    /// Where the e-mail was taken from.
    pub correo_origen: Origin,
    /// The mobile chosen.
    pub celular: String,
    /// Where the mobile was taken from.
    pub celular_origen: Origin,
    /// Its state.
    pub estado: PasswordState,
    /// When it was selected.
    pub seleccionada_en: Timestamp,
    /// When the server took the mail.
    pub enviada_en: Option<Timestamp>,
    /// When the merchant activated.
    pub activada_en: Option<Timestamp>,
}

/// The funnel and the state of the campaign of one year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignView {
    /// The year in process.
    pub ano: i32,
    /// Merchants in the registry.
    pub registrados: u64,
    /// Merchants that qualify in the last selection or simulation of the year, selected ones included.
    pub cumplen: Option<u64>,
    /// Passwords pre-assigned, tests not counted.
    pub seleccionados: u64,
    /// Passwords that the server took (activated ones included).
    pub enviados: u64,
    /// Passwords activated.
    pub activados: u64,
    /// Reminders that the server took; `None` where the chamber sends none (`RECORDATORIO_DIAS`).
    pub recordatorios: Option<u64>,
    /// Rows by state, tests not counted.
    pub por_estado: BTreeMap<PasswordState, u64>,
    /// The factor in force.
    pub factor: Factor,
    /// Parameters missing for sending; empty when everything is there.
    pub faltantes: Vec<String>,
    /// The signing certificate, when it ends soon or is over.
    pub certificado: Option<CertificateEnd>,
    /// Age of the registry.
    pub frescura: crate::registry::Freshness,
}

/// What a deletion takes away and leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletionReport {
    /// Rows deleted (or that would be).
    pub eliminados: u64,
    /// Rows of the year that stay.
    pub conservados: u64,
}

/// The two deletions of the manual's section 6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deletion {
    /// Every pre-assigned password of the year, activated and test ones too.
    Blanquear,
    /// All but the activated ones.
    BorrarNoActivados,
}

/// The campaign, for the staff member to whom it is bound.
#[async_trait]
pub trait CampaignService: Send + Sync {
    /// The year in process by default: the current one in Bogotá.
    async fn current_year(&self) -> ServiceResult<Year>;
    /// Funnel and state.
    async fn view(&self, year: Year) -> ServiceResult<CampaignView>;
    /// What «Seleccionar» would do.
    async fn simulate(&self, year: Year) -> ServiceResult<SelectionReport>;
    /// Selects and pre-assigns; on stale data a reason is required.
    async fn select(&self, year: Year, stale_reason: Option<String>) -> ServiceResult<SelectionReport>;
    /// The list of pre-assigned passwords, tests left out.
    async fn list(&self, year: Year, query: ListQuery) -> ServiceResult<Page<PreassignedRow>>;
    /// What a deletion would take away and leave.
    async fn preview_deletion(&self, year: Year, kind: Deletion) -> ServiceResult<DeletionReport>;
    /// Deletes; `typed_year` is what the person typed to confirm.
    async fn delete(&self, year: Year, kind: Deletion, typed_year: String) -> ServiceResult<DeletionReport>;
}
