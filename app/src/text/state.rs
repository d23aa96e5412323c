//! States as plain words, each with the next action.

use contract::attempts::UnlockReason;
use contract::campaign::{CertificateEnd, ExclusionReason, Factor, Origin, PasswordState};
use contract::diagnosis::DnsHint;
use contract::registry::{RejectReason, SyncState};
use contract::sending::{BatchState, PauseReason};
use contract::staff::Role;
use contract::suppression::SuppressionCause;
use contract::verified::VerifiedState;

use crate::components::icon::Glyph;
use crate::components::status::Tone;
use crate::text::count;

/// A state in words, with its look and what comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateWords {
    /// The word.
    pub word: &'static str,
    /// What it means or what to do.
    pub next: &'static str,
    /// Its tone.
    pub tone: Tone,
    /// Its icon.
    pub glyph: Glyph,
}

/// The words of a batch's state.
pub type BatchWords = StateWords;

const fn words(word: &'static str, next: &'static str, tone: Tone, glyph: Glyph) -> StateWords {
    StateWords { word, next, tone, glyph }
}

/// The state of a pre-assigned password.
#[must_use]
pub const fn password_state(state: PasswordState) -> StateWords {
    use PasswordState as S;
    match state {
        S::Pendiente => words("Pendiente de envío", "Se enviará con «Enviar».", Tone::Plain, Glyph::Clock),
        S::Reservado => words("En preparación", "El envío en curso la está preparando.", Tone::Info, Glyph::Moving),
        S::Transmitiendo => words("Saliendo", "Se está entregando al servidor de correo.", Tone::Info, Glyph::Moving),
        S::Enviado => words("Enviada", "En espera de que el comerciante la active.", Tone::Info, Glyph::Sent),
        S::Reintento => words("Por reintentar", "Se intentará de nuevo automáticamente.", Tone::Warn, Glyph::Clock),
        S::Rechazado => {
            words("Rechazada por el correo", "Corrija el correo en el registro mercantil.", Tone::Bad, Glyph::Bad)
        }
        S::Incierto => {
            words("Entrega incierta", "Decida si se da por enviada o se reenvía.", Tone::Warn, Glyph::Unknown)
        }
        S::Activado => words("Activada", "El comerciante ya es usuario verificado.", Tone::Good, Glyph::Good),
        S::Cancelado => words("No aceptada", "El comerciante no aceptó el servicio.", Tone::Plain, Glyph::Off),
        S::Vencido => words("Vencida", "Pasó el plazo para activarla.", Tone::Warn, Glyph::Clock),
        S::ErrorDatos => {
            words("Datos por corregir", "Revise los datos del comerciante en el registro.", Tone::Bad, Glyph::Warning)
        }
        S::Rebotado => words("Devuelta", "El buzón del comerciante la devolvió.", Tone::Bad, Glyph::Bad),
        S::Suprimido => {
            words("Correo inservible", "Esa dirección ya devolvió correos; corríjala.", Tone::Bad, Glyph::Off)
        }
        S::Apartado => words("Apartada", "Un funcionario la apartó del envío.", Tone::Plain, Glyph::Off),
    }
}

/// The state of a verified user.
#[must_use]
pub const fn verified_state(state: VerifiedState) -> StateWords {
    use VerifiedState as S;
    match state {
        S::Pendiente => words("Pendiente", "Falta completar la verificación.", Tone::Plain, Glyph::Clock),
        S::Vigente => words("Vigente", "Puede realizar trámites virtuales.", Tone::Good, Glyph::Good),
        S::Rechazado => words("Rechazado", "La verificación fue rechazada.", Tone::Bad, Glyph::Bad),
        S::Inactivado => words("Inactivado", "No puede realizar trámites virtuales.", Tone::Warn, Glyph::Off),
        S::Anulado => words("Anulado", "Podrá ser seleccionado de nuevo.", Tone::Bad, Glyph::Off),
        S::Eliminado => words("Eliminado", "Podrá ser seleccionado de nuevo.", Tone::Bad, Glyph::Off),
        S::SinHistorial => words("Sin historial de crédito", "Requiere otra verificación.", Tone::Warn, Glyph::Unknown),
    }
}

/// Why staff unlock an identification.
#[must_use]
pub const fn unlock_reason(reason: UnlockReason) -> &'static str {
    match reason {
        UnlockReason::Llamada => "El titular llamó y se comprobó su identidad",
        UnlockReason::Sede => "El titular se presentó en la sede",
        UnlockReason::Escrito => "El titular lo pidió por escrito",
        UnlockReason::Otro => "Otro motivo",
    }
}

/// How an address came to be suppressed.
#[must_use]
pub const fn suppression_cause(cause: SuppressionCause) -> StateWords {
    match cause {
        SuppressionCause::Rechazo => {
            words("Rechazada al enviar", "El servidor de correo no aceptó la dirección.", Tone::Bad, Glyph::Bad)
        }
        SuppressionCause::Rebote => {
            words("Devuelta después", "El buzón del comerciante devolvió el correo.", Tone::Warn, Glyph::Off)
        }
    }
}

/// What DNS says, in a word.
#[must_use]
pub const fn dns_look(hint: DnsHint) -> (Tone, Glyph, &'static str) {
    match hint {
        DnsHint::SpfFound => (Tone::Good, Glyph::Good, "SPF publicado"),
        DnsHint::SpfMissing => (Tone::Warn, Glyph::Warning, "Falta SPF"),
        DnsHint::SpfTwice => (Tone::Warn, Glyph::Warning, "SPF repetido"),
        DnsHint::DmarcFound => (Tone::Good, Glyph::Good, "DMARC publicado"),
        DnsHint::DmarcMissing => (Tone::Warn, Glyph::Warning, "Falta DMARC"),
        DnsHint::DkimFound => (Tone::Good, Glyph::Good, "DKIM publicado"),
        DnsHint::DkimUnknown => (Tone::Info, Glyph::Unknown, "DKIM sin confirmar"),
        DnsHint::MxMissing => (Tone::Warn, Glyph::Warning, "Falta MX"),
        DnsHint::NoAnswer => (Tone::Info, Glyph::Unknown, "DNS sin respuesta"),
    }
}

/// The state of a batch.
#[must_use]
pub const fn batch_state(state: BatchState) -> BatchWords {
    match state {
        BatchState::EnCurso => words("En curso", "Puede detenerlo o cancelarlo.", Tone::Info, Glyph::Moving),
        BatchState::EnPausa => words("En pausa", "Revise el motivo y reanúdelo.", Tone::Warn, Glyph::Warning),
        BatchState::Terminado => words("Terminado", "No queda nada por enviar.", Tone::Good, Glyph::Good),
        BatchState::Cancelado => {
            words("Cancelado", "Lo que no salió volvió a quedar pendiente.", Tone::Plain, Glyph::Off)
        }
    }
}

/// How a synchronisation ended.
#[must_use]
pub const fn sync_state(state: SyncState) -> StateWords {
    match state {
        SyncState::EnCurso => words("En curso", "Espere a que termine.", Tone::Info, Glyph::Moving),
        SyncState::Terminada => words("Terminada", "Los datos ya están en el registro.", Tone::Good, Glyph::Good),
        SyncState::Rechazada => {
            words("Rechazada", "No se cambió nada: revise las filas ilegibles.", Tone::Bad, Glyph::Bad)
        }
        SyncState::Fallida => words("Interrumpida", "No se cambió nada: cargue de nuevo.", Tone::Bad, Glyph::Warning),
    }
}

/// Why a batch stands in pause, and what to do.
#[must_use]
pub const fn pause_reason(reason: &PauseReason) -> &'static str {
    match reason {
        PauseReason::Unreachable => {
            "No hay conexión con el servidor de correo. Revise MASIVOS_SMTP_SERVER, MASIVOS_SMTP_PORT y la red."
        }
        PauseReason::Tls => {
            "Falló el cifrado con el servidor de correo. Revise MASIVOS_SMTP_ENCRIPTION y el certificado del servidor."
        }
        PauseReason::Authentication => {
            "El servidor no aceptó la cuenta. Revise MASIVOS_SMTP_CUENTA_ADMIN y MASIVOS_SMTP_PASSWORD_ADMIN."
        }
        PauseReason::Account => {
            "El servidor rechazó el remitente o la cuenta. Revise MASIVOS_SMTP_CORREO_ADMIN con su proveedor de correo."
        }
        PauseReason::Throttled => "El servidor de correo pidió esperar. El envío continuará más tarde.",
        PauseReason::Certificate => {
            "No se pudo usar el certificado de firma: venció o no se puede leer. Revise FIRMA_P12 y FIRMA_P12_CLAVE, y reanude."
        }
        PauseReason::Breaker => {
            "Hubo demasiadas fallas seguidas y el envío se detuvo. Revise la última respuesta del servidor."
        }
        PauseReason::Pace => {
            "Se alcanzó el ritmo que la cámara fijó, o está fuera del horario de envío. Continuará por sí solo."
        }
        PauseReason::Staff => "Un funcionario detuvo el envío. Reanúdelo cuando lo considere oportuno.",
    }
}

/// What is to be said of a certificate's end.
#[must_use]
pub fn certificate_end(end: &CertificateEnd) -> String {
    let date = end.vence_en.long_date();
    match end.dias {
        days if days < 0 => format!("El certificado de firma venció el {date}: no se puede enviar"),
        0 => format!("El certificado de firma vence en menos de un día, el {date}"),
        days => {
            let days = count(days.unsigned_abs(), "día", "días");
            format!("El certificado de firma vence en {days}, el {date}")
        }
    }
}

/// Why a row of the extract was unreadable.
#[must_use]
pub const fn reject_reason(reason: RejectReason) -> &'static str {
    match reason {
        RejectReason::FieldCount => "Tiene más o menos columnas que el encabezado.",
        RejectReason::NoMatricula => "No tiene número de matrícula.",
        RejectReason::Undecodable => "Tiene caracteres que no corresponden a la codificación del archivo.",
        RejectReason::Malformed => "Está incompleta o tiene comillas sin cerrar.",
    }
}

/// Why a merchant is left out.
#[must_use]
pub const fn exclusion_reason(reason: ExclusionReason) -> &'static str {
    use ExclusionReason as R;
    match reason {
        R::NoEsPersonaNatural => "No es persona natural",
        R::MatriculaNoVigente => "La matrícula no está vigente",
        R::NoRenovoAnoAnterior => "No renovó el año anterior",
        R::SinCorreo => "Sin correo electrónico válido",
        R::SinCelular => "Sin número de celular válido",
        R::SinIdentificacion => "Sin número de identificación",
        R::YaVerificado => "Ya es usuario verificado",
        R::YaSeleccionado => "Ya tiene contraseña pre-asignada este año",
    }
}

/// Where a datum was taken from.
#[must_use]
pub const fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Notificacion => "de notificación",
        Origin::Comercial => "comercial",
    }
}

/// A role.
#[must_use]
pub const fn role(role: Role) -> &'static str {
    match role {
        Role::Operador => "Operador",
        Role::Supervisor => "Supervisor",
        Role::Auditor => "Auditor",
    }
}

/// The factor, as the manual names it.
#[must_use]
pub const fn factor(factor: Factor) -> &'static str {
    match factor {
        Factor::Doble => "DOBLE (CLAVE + PIN SMS)",
        Factor::SoloClave => "SOLO CLAVE",
    }
}
