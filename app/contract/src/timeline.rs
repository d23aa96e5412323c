//! One merchant's timeline: everything that happened to a pre-assigned password, in its order.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::campaign::PasswordState;
use crate::verified::VerifiedState;
use crate::{ServiceResult, Timestamp};

/// A merchant with a pre-assigned password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// The password's number.
    pub clave: i64,
    /// The year in process.
    pub ano: i32,
    /// The identification.
    pub identificacion: String,
    /// The name.
    pub nombre: String,
    /// The registration.
    pub matricula: String,
    /// The e-mail.
    pub correo: String,
    /// The mobile.
    pub celular: String,
    /// Of a test, with an invented merchant.
    pub prueba: bool,
    /// How the password stands; `None` when it was deleted and only its user is left.
    pub estado: Option<PasswordState>,
    /// The verified user that came of it.
    pub usuario: Option<TimelineUser>,
    /// What happened, the oldest first.
    pub sucesos: Vec<Happening>,
}

/// The verified user of a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineUser {
    /// Its number.
    pub id: i64,
    /// Its state.
    pub estado: VerifiedState,
    /// Whether an acta of its activation can be issued.
    pub acta: bool,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happening {
    /// When.
    pub en: Timestamp,
    /// What, as a code: the audit's, or one of the few that only the rows know.
    pub que: String,
    /// Who, as the audit names it; empty where nobody is named.
    pub quien: String,
    /// Figures, as `nombre=valor` pairs without personal data.
    pub detalle: String,
    /// Words that are shown as they are: the mail server's reply, a system's name.
    pub texto: Option<String>,
    /// The audit's entry.
    pub secuencia: Option<i64>,
}

/// Timelines, for the staff member to whom it is bound.
#[async_trait]
pub trait TimelineService: Send + Sync {
    /// The timeline of a password, by its number.
    async fn look(&self, clave: i64) -> ServiceResult<Timeline>;
}
