//! A merchant's timeline in words.

use contract::timeline::Happening;

use super::{audit_action, audit_detail};
use crate::components::icon::Glyph;
use crate::components::status::Tone;

/// What only the rows know; everything else is the audit's.
const OF_ROWS: &[(&str, &str)] = &[
    ("seleccionada", "Seleccionado del registro mercantil"),
    ("transmitida", "Correo con el PDF en camino al servidor"),
    ("aceptada_por_servidor", "El servidor de correo contestó"),
    ("recordada", "Recordatorio enviado"),
    ("vencida", "Venció sin activarse"),
    ("activacion", "Activó su contraseña: usuario verificado"),
    ("exportacion", "La relación del año se exportó a Excel"),
];

/// What happened.
#[must_use]
pub fn happened(happening: &Happening) -> String {
    let own = OF_ROWS.iter().find(|(code, _)| *code == happening.que);
    own.map_or_else(|| audit_action(&happening.que), |(_, words)| (*words).to_owned())
}

/// What is known beyond that: figures, or words as they came.
#[must_use]
pub fn happened_detail(happening: &Happening) -> String {
    let figures = audit_detail(&happening.detalle);
    let parts = [happening.texto.clone().unwrap_or_default(), figures];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// How it looks: what asks for attention stands out, by its icon first.
#[must_use]
pub fn happened_look(code: &str) -> (Tone, Glyph) {
    match code {
        "activacion" | "usuario_reactivado" | "firma_realizada" => (Tone::Good, Glyph::Good),
        "correo_enviado" | "pin_enviado" | "recordada" | "transmitida" | "aceptada_por_servidor" => {
            (Tone::Info, Glyph::Sent)
        }
        "pin_errado"
        | "sms_fallido"
        | "correo_incierto"
        | "registro_cambiado"
        | "confirmacion_no_enviada"
        | "vencida" => (Tone::Warn, Glyph::Warning),
        "correo_rechazado" | "correo_rebotado" | "correo_suprimido" | "datos_erroneos" | "no_fui_yo" => {
            (Tone::Bad, Glyph::Bad)
        }
        "usuario_anulado" | "usuario_eliminado" | "clave_rehusada" | "activacion_abandonada" => {
            (Tone::Plain, Glyph::Off)
        }
        _ => (Tone::Plain, Glyph::Info),
    }
}

#[cfg(test)]
mod tests {
    use contract::Timestamp;

    use super::*;

    #[test]
    fn what_happened_reads_as_words_with_its_figures() {
        let mut happening = Happening {
            en: Timestamp(0),
            que: "seleccionada".to_owned(),
            quien: String::new(),
            detalle: "generacion=1".to_owned(),
            texto: None,
            secuencia: None,
        };
        assert_eq!(happened(&happening), "Seleccionado del registro mercantil");
        assert_eq!(happened_detail(&happening), "generacion: 1");
        happening.que = "correo_rebotado".to_owned();
        happening.texto = Some("250 2.0.0 Ok".to_owned());
        assert_eq!(happened(&happening), "Correo devuelto por el buzón del comerciante");
        assert_eq!(happened_detail(&happening), "250 2.0.0 Ok · generacion: 1");
        assert_eq!(happened_look(&happening.que), (Tone::Bad, Glyph::Bad));
    }
}
