//! The notices of the activation in Spanish: what happened and what to do about it. None says
//! which of the four data was wrong once they were compared.

use contract::Timestamp;
pub use contract::activation::check::{PIN_ID, RESEND_ID};
use contract::activation::check::{name, server_fault};
use contract::activation::{Draft, Notice, PasswordFault};

use crate::components::status::Tone;

/// The `id` of the field of a password of the merchant's own.
pub const NEW_ID: &str = "nueva";
/// The `id` of the field in which it is repeated.
pub const REPEATED_ID: &str = "repetida";

/// Something on the page that the notice points to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer {
    /// The `id` of the field or button.
    pub id: &'static str,
    /// What the link says.
    pub words: String,
    /// Whether the field is wrong, so that the same words stand beside it.
    pub wrong: bool,
}

/// A notice in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// [`Tone::Bad`]: an error summary; otherwise good news.
    pub tone: Tone,
    /// What happened, in one line.
    pub title: String,
    /// What to do.
    pub body: String,
    /// Where to do it.
    pub pointers: Vec<Pointer>,
    /// Whether the chamber's telephone and address belong to it.
    pub way_out: bool,
}

impl Message {
    fn refusal(title: &str, body: impl Into<String>) -> Self {
        Self { tone: Tone::Bad, title: title.into(), body: body.into(), pointers: Vec::new(), way_out: true }
    }

    fn pointing(mut self, id: &'static str, words: impl Into<String>, wrong: bool) -> Self {
        self.pointers.push(Pointer { id, words: words.into(), wrong });
        self
    }

    fn own_typing(mut self) -> Self {
        self.way_out = false;
        self
    }

    /// The words beside a field, if it is wrong.
    #[must_use]
    pub fn beside(&self, id: &str) -> Option<String> {
        self.pointers.iter().find(|p| p.wrong && p.id == id).map(|p| p.words.clone())
    }
}

/// The notice in words. `draft` tells empty from misshapen fields; `now` is the server's clock.
#[must_use]
pub fn message(notice: &Notice, draft: &Draft, now: Timestamp) -> Message {
    match notice {
        Notice::Incomplete { campos } => campos.iter().fold(
            Message::refusal("Revise los datos marcados", "Por seguridad, la clave debe escribirse otra vez.")
                .own_typing(),
            |message, field| message.pointing(name(*field), server_fault(*field, draft), true),
        ),
        Notice::NoMatch => Message::refusal(
            "No encontramos una clave por activar con esos datos",
            "Compárelos con el PDF que recibió por correo e inténtelo de nuevo: los cuatro deben ser los mismos. \
             Por seguridad no indicamos cuál no coincide, y la clave debe escribirse otra vez.",
        )
        .pointing("identificacion", "Revisar los datos", false),
        Notice::RegistryChanged => Message::refusal(
            "Sus datos en el registro mercantil cambiaron",
            "El correo o el celular que tenía reportado cuando le enviamos la clave ya no es el mismo. Para proteger \
             su identidad, la activación debe continuar en la cámara de comercio.",
        ),
        Notice::Wait { hasta } => Message::refusal(
            "Espere antes de intentarlo de nuevo",
            format!("Por seguridad hay una pausa entre intentos. Podrá intentarlo {}.", wait_words(now, *hasta)),
        ),
        Notice::Locked => Message::refusal(
            "Los intentos están detenidos",
            "Se alcanzó el máximo de intentos permitidos. La cámara de comercio puede habilitarlos de nuevo.",
        ),
        Notice::SmsFailed => Message::refusal(
            "No pudimos enviar el mensaje a su celular",
            "Su solicitud sigue abierta. Espere un momento y pida el PIN otra vez.",
        )
        .pointing(RESEND_ID, "Reenviar PIN", false),
        Notice::SmsLimit => Message::refusal(
            "Por hoy no es posible enviar más mensajes",
            "Si el último PIN que recibió sigue vigente, puede usarlo. Si no, inténtelo mañana.",
        ),
        Notice::WrongPin { restantes: 0 } | Notice::PinVoided => Message::refusal(
            "El PIN quedó anulado",
            "Se digitó mal demasiadas veces y ya no sirve. Pida un PIN nuevo para continuar.",
        )
        .pointing(RESEND_ID, "Reenviar PIN", false),
        Notice::WrongPin { restantes } => {
            let words = match restantes {
                1 => "El PIN no es correcto. Le queda 1 intento.".to_owned(),
                n => format!("El PIN no es correcto. Le quedan {n} intentos."),
            };
            Message::refusal("Revise el PIN", "Está en el último mensaje de texto que le enviamos.")
                .pointing(PIN_ID, words, true)
        }
        Notice::PinExpired => {
            Message::refusal("El PIN venció", "Cada PIN sirve durante unos minutos. Pida uno nuevo para continuar.")
                .pointing(RESEND_ID, "Reenviar PIN", false)
        }
        Notice::PinForm => Message::refusal("Revise el PIN", "Está en el último mensaje de texto que le enviamos.")
            .own_typing()
            .pointing(PIN_ID, "Escriba los 6 números del PIN.", true),
        Notice::PinSent => Message {
            tone: Tone::Good,
            title: "Le enviamos un PIN nuevo".into(),
            body: "El anterior ya no sirve. El mensaje puede tardar unos minutos en llegar.".into(),
            pointers: Vec::new(),
            way_out: false,
        },
        Notice::Gone => Message::refusal(
            "Esta solicitud de activación terminó",
            "La clave preasignada se canceló o cambió mientras usted la activaba. Si recibió otra clave, comience de \
             nuevo con ella.",
        ),
        Notice::TransactionExpired => Message::refusal(
            "La solicitud se cerró por tiempo",
            "Por seguridad, cada solicitud dura unos minutos. Escriba sus datos para comenzar de nuevo.",
        )
        .pointing("identificacion", "Escribir los datos", false),
        Notice::OwnPassword { falla } => {
            let id = if *falla == PasswordFault::Different { REPEATED_ID } else { NEW_ID };
            Message::refusal("Revise la contraseña", "Por seguridad, debe escribirla otra vez en los dos campos.")
                .own_typing()
                .pointing(id, password_words(*falla), true)
        }
    }
}

const fn password_words(fault: PasswordFault) -> &'static str {
    match fault {
        PasswordFault::Short => "La contraseña debe tener al menos 10 caracteres.",
        PasswordFault::Long => "La contraseña puede tener 128 caracteres como máximo.",
        PasswordFault::Guessable => {
            "Esa contraseña es fácil de adivinar. Use otra, por ejemplo una frase de varias palabras sin sus datos."
        }
        PasswordFault::Mailed => "Esa es la clave que recibió por correo. Elija una distinta.",
        PasswordFault::Different => "Las dos contraseñas no son iguales.",
    }
}

/// From when something may be tried, in the words of who waits: seconds while they can be counted,
/// then Bogotá's clock, never earlier than the instant itself.
#[must_use]
pub fn wait_words(now: Timestamp, until: Timestamp) -> String {
    match seconds_left(now, until) {
        0 => "ya".to_owned(),
        1 => "en 1 segundo".to_owned(),
        seconds @ ..=90 => format!("en {seconds} segundos"),
        _ => {
            let at = clock(until.plus_seconds(59));
            let same_day = until.plus_seconds(59).date() == now.date();
            if same_day {
                format!("desde las {at} (hora de Colombia)")
            } else {
                format!("desde el {} a las {at} (hora de Colombia)", until.plus_seconds(59).date())
            }
        }
    }
}

/// Whole seconds until then, rounded up; 0 when it is past.
#[must_use]
pub fn seconds_left(now: Timestamp, until: Timestamp) -> i64 {
    (until.0.saturating_sub(now.0)).max(0).saturating_add(999) / 1000
}

/// `hh:mm` in Bogotá.
#[must_use]
pub fn clock(at: Timestamp) -> String {
    at.iso().get(11..16).unwrap_or_default().to_owned()
}

/// `hh:mm:ss` in Bogotá.
#[must_use]
pub fn clock_with_seconds(at: Timestamp) -> String {
    at.iso().get(11..19).unwrap_or_default().to_owned()
}

/// What a telephone dials: the digits before any extension.
#[must_use]
pub fn dialled(telephone: &str) -> Option<String> {
    let number: String = telephone
        .chars()
        .take_while(|c| !c.is_alphabetic())
        .enumerate()
        .filter(|(at, c)| c.is_ascii_digit() || (*at == 0 && *c == '+'))
        .map(|(_, c)| c)
        .collect();
    (number.len() >= 7).then(|| format!("tel:{number}"))
}

/// The page's title; an error comes first, so that it is the first thing heard.
#[must_use]
pub fn page_title(page: &str, chamber: &str, error: bool) -> String {
    let prefix = if error { "Error: " } else { "" };
    if chamber.is_empty() { format!("{prefix}{page}") } else { format!("{prefix}{page} · {chamber}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::activation::FormField;

    // 2026-11-23 10:30:20 in Bogotá.
    const NOW: Timestamp = Timestamp(1_795_447_820_000);

    #[test]
    fn short_waits_are_counted_and_long_ones_read_off_the_clock() {
        assert_eq!(NOW.date_time(), "23/11/2026 10:30");
        assert_eq!(wait_words(NOW, Timestamp(NOW.0 - 1)), "ya");
        assert_eq!(wait_words(NOW, Timestamp(NOW.0 + 1)), "en 1 segundo");
        assert_eq!(wait_words(NOW, NOW.plus_seconds(90)), "en 90 segundos");
        assert_eq!(wait_words(NOW, NOW.plus_seconds(15 * 60)), "desde las 10:46 (hora de Colombia)");
        assert_eq!(wait_words(NOW, NOW.plus_seconds(86_400)), "desde el 24/11/2026 a las 10:31 (hora de Colombia)");
    }

    #[test]
    fn a_mismatch_never_names_a_field_as_wrong() {
        for notice in [Notice::NoMatch, Notice::RegistryChanged, Notice::Locked, Notice::Wait { hasta: NOW }] {
            let message = message(&notice, &Draft::default(), NOW);
            assert!(message.pointers.iter().all(|p| !p.wrong), "{notice:?}");
            assert!(message.way_out, "{notice:?} must end with the chamber's telephone and address");
        }
    }

    #[test]
    fn the_words_of_the_summary_stand_beside_the_field() {
        let notice = Notice::Incomplete { campos: vec![FormField::Correo, FormField::Clave] };
        let message = message(&notice, &Draft::default(), NOW);
        assert_eq!(message.beside("correo").as_deref(), Some("Escriba el correo electrónico que tiene registrado."));
        assert_eq!(message.beside("identificacion"), None);
        assert_eq!(message.pointers.len(), 2);
    }

    #[test]
    fn the_last_wrong_pin_reads_as_a_voided_one() {
        let words = |restantes| message(&Notice::WrongPin { restantes }, &Draft::default(), NOW);
        assert_eq!(words(2).beside(PIN_ID).as_deref(), Some("El PIN no es correcto. Le quedan 2 intentos."));
        assert_eq!(words(1).beside(PIN_ID).as_deref(), Some("El PIN no es correcto. Le queda 1 intento."));
        assert_eq!(words(0), message(&Notice::PinVoided, &Draft::default(), NOW));
    }

    #[test]
    fn a_telephone_is_dialled_without_its_extension() {
        assert_eq!(dialled("(604) 444 23 44 ext. 1012").as_deref(), Some("tel:6044442344"));
        assert_eq!(dialled("+57 604 444 2344").as_deref(), Some("tel:+576044442344"));
        assert_eq!(dialled("por definir"), None);
    }

    #[test]
    fn an_error_is_the_first_word_of_the_title() {
        assert_eq!(page_title("PIN de activación", "Cámara", true), "Error: PIN de activación · Cámara");
        assert_eq!(page_title("Clave Segura", "", false), "Clave Segura");
    }
}
