//! The merchant's two steps (manual, sections 10 and 11).

pub mod check;

use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{ChamberCode, ServiceResult, Timestamp};

/// The four fields as they were typed. The password is not kept after the request.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Credentials {
    /// Identification.
    pub identificacion: String,
    /// E-mail registered in the registry.
    pub correo: String,
    /// Mobile registered in the registry.
    pub celular: String,
    /// Pre-assigned password.
    pub clave: String,
}

/// What was typed and may be shown again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Identification as typed.
    pub identificacion: String,
    /// E-mail as typed.
    pub correo: String,
    /// Mobile as typed.
    pub celular: String,
}

/// What the merchant is told above the form or the PIN field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "aviso", rename_all = "snake_case")]
pub enum Notice {
    /// Fields left empty or without the right form (the merchant's own typing; nothing was compared).
    Incomplete {
        /// Which of `identificacion`, `correo`, `celular`, `clave`.
        campos: Vec<FormField>,
    },
    /// The one neutral answer: the data do not match.
    NoMatch,
    /// Everything matched what was mailed, but the registry has changed since: go to the chamber.
    RegistryChanged,
    /// Wait until then; the same whether the data were right or wrong.
    Wait {
        /// When the next try is allowed.
        hasta: Timestamp,
    },
    /// Stopped until the chamber unlocks it; the same whether the data were right or wrong.
    Locked,
    /// The SMS could not be sent; «Reenviar» works.
    SmsFailed,
    /// No more SMS for today.
    SmsLimit,
    /// The PIN is wrong; tries that remain.
    WrongPin {
        /// How many more wrong ones void it.
        restantes: u8,
    },
    /// The PIN's time ran out: ask for another.
    PinExpired,
    /// The PIN was voided by wrong tries: ask for another.
    PinVoided,
    /// A PIN must be six digits.
    PinForm,
    /// A new PIN was sent.
    PinSent,
    /// The password was cancelled or changed meanwhile; begin again or ask the chamber.
    Gone,
    /// The transaction's time is over: begin again.
    TransactionExpired,
    /// The password that was chosen cannot be taken.
    OwnPassword {
        /// Why.
        falla: PasswordFault,
    },
}

/// Why a password of the merchant's own is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordFault {
    /// Fewer than ten characters.
    Short,
    /// More than 128 characters.
    Long,
    /// A pattern, a word that everybody tries, or the merchant's own data.
    Guessable,
    /// It is the one that was mailed.
    Mailed,
    /// The two fields differ.
    Different,
}

/// The fields of the first screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormField {
    /// Identification.
    Identificacion,
    /// E-mail.
    Correo,
    /// Mobile.
    Celular,
    /// Password.
    Clave,
}

/// Where the transaction stands: which screen is to be shown and with what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "paso", rename_all = "snake_case")]
pub enum Step {
    /// The four fields.
    Form {
        /// What was typed before.
        borrador: Draft,
    },
    /// The PIN.
    Pin {
        /// The mobile, masked: shown only after the credentials were right.
        celular: String,
        /// When the PIN's time runs out.
        vence_en: Timestamp,
        /// From when a new one may be asked for; `None` when no more are allowed.
        reenvio_desde: Option<Timestamp>,
    },
    /// A password of the merchant's own (`EXIGIR_CAMBIO_CLAVE`).
    OwnPassword,
    /// Verified.
    Done,
    /// The pre-assigned password was cancelled («No aceptar y abandonar»), or the merchant just left.
    Left,
    /// The request was abandoned on the PIN screen; the merchant may begin again.
    Abandoned,
}

/// Everything one activation page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivationView {
    /// The chamber's name.
    pub camara_nombre: String,
    /// Its telephone, for a way out.
    pub telefono: String,
    /// Its address, for a way out.
    pub direccion: String,
    /// «Renovar matrícula mercantil».
    pub enlace_renovar: String,
    /// «Menú principal».
    pub enlace_menu: String,
    /// Whether a PIN follows the form.
    pub con_pin: bool,
    /// The server's clock, for countdowns.
    pub ahora: Timestamp,
    /// Where the transaction stands.
    pub paso: Step,
    /// What the merchant is told about the last action. Looking does not clear it (a redirect looks
    /// once before the page does, and a page may be loaded again); the next action does.
    pub aviso: Option<Notice>,
}

/// The activation, bound to one chamber and to the browser's transaction cookie. Every step
/// answers by changing the transaction; the next page shows it (post, redirect, get).
#[async_trait]
pub trait ActivationService: Send + Sync {
    /// What to show now.
    async fn view(&self) -> ServiceResult<ActivationView>;
    /// «Aceptar y continuar».
    async fn accept(&self, credentials: Credentials) -> ServiceResult<()>;
    /// «No aceptar y abandonar»: cancels the password when the four fields are right.
    async fn refuse(&self, credentials: Credentials) -> ServiceResult<()>;
    /// «Activar».
    async fn confirm(&self, pin: String) -> ServiceResult<()>;
    /// «Reenviar PIN».
    async fn resend(&self) -> ServiceResult<()>;
    /// «Guardar mi contraseña»: the password of his own, typed twice.
    async fn choose(&self, clave: String, repetida: String) -> ServiceResult<()>;
    /// «Abandonar»: cancels this request only.
    async fn abandon(&self) -> ServiceResult<()>;
    /// Begins again with an empty form.
    async fn restart(&self) -> ServiceResult<()>;
}

/// How a request without a session reaches its activation: the web layer puts it into the context,
/// already bound to the request's cookie and network, so that a page can name a chamber and nothing else.
#[derive(Clone)]
pub struct ActivationDoor(pub Arc<dyn Fn(ChamberCode) -> Option<Arc<dyn ActivationService>> + Send + Sync>);

impl ActivationDoor {
    /// The activation at that chamber; `None` when the chamber is not configured here.
    #[must_use]
    pub fn open(&self, chamber: ChamberCode) -> Option<Arc<dyn ActivationService>> {
        (self.0)(chamber)
    }
}
