//! «Probar conexión» in words.

use contract::diagnosis::{DnsHint, Step, StepFault};

use super::state::StateWords;
use crate::components::icon::Glyph;
use crate::components::status::Tone;

/// A step's name.
#[must_use]
pub const fn step_name(step: Step) -> &'static str {
    match step {
        Step::Nombre => "Nombre del servidor",
        Step::Conexion => "Conexión",
        Step::Cifrado => "Cifrado",
        Step::Autenticacion => "Cuenta y clave",
        Step::Remitente => "Remitente",
    }
}

/// What to change.
#[must_use]
pub const fn fault_remedy(_fault: StepFault) -> &'static str {
    "Revise las variables MASIVOS_SMTP_… del CommonXX."
}

/// What DNS says.
#[must_use]
pub const fn dns_hint(_hint: DnsHint) -> StateWords {
    StateWords { word: "Dominio del remitente", next: "", tone: Tone::Info, glyph: Glyph::Info }
}
