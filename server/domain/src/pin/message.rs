//! The SMS with the PIN: one message of GSM 03.38 letters, with WebOTP's line at its end.

use super::Pin;

/// What fits into one SMS of the GSM 7-bit alphabet.
pub const SMS_SEPTETS: usize = 160;

/// The least of the chamber's name that must stay readable.
const SHORTEST_NAME: usize = 12;

/// What a PIN is for: the SMS names it, so that nobody confirms what he did not ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Activating the pre-assigned password.
    Activate,
    /// Signing a document.
    Sign,
}

impl Purpose {
    const fn words(self) -> &'static str {
        match self {
            Self::Activate => "activar su clave segura",
            Self::Sign => "firmar un documento",
        }
    }
}

/// «Utilice el PIN …», at most 160 septets: the chamber's name is cut to fit. The last line,
/// `@host #pin`, lets browsers offer the PIN (WebOTP); it is left out when the host is too long.
#[must_use]
pub fn pin_message(purpose: Purpose, pin: &Pin, chamber: &str, host: &str, minutes: i64) -> String {
    let pin = pin.expose();
    let start = format!("Utilice el PIN {pin} para {} en ", purpose.words());
    let end = format!(". Vence en {minutes} minutos.");
    let web_otp = format!("\n\n@{host} #{pin}");
    let room = SMS_SEPTETS.saturating_sub(start.len() + end.len());
    let host_fits = !host.is_empty() && host.bytes().all(is_host_byte) && web_otp.len() + SHORTEST_NAME <= room;
    let (room, last) = if host_fits { (room - web_otp.len(), web_otp.as_str()) } else { (room, "") };
    let name: String = chamber.chars().map(fold).take(room).collect();
    format!("{start}{}{end}{last}", name.trim_end())
}

fn is_host_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-')
}

/// The nearest letter that costs one septet on every telephone.
fn fold(c: char) -> char {
    match c {
        'á' | 'à' | 'â' | 'ã' => 'a',
        'í' | 'ì' | 'î' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' => 'o',
        'ú' | 'ù' | 'û' => 'u',
        'è' | 'ê' => 'e',
        'Á' | 'À' | 'Â' | 'Ã' => 'A',
        'È' | 'Ê' => 'E',
        'Í' | 'Ì' | 'Î' => 'I',
        'Ó' | 'Ò' | 'Ô' | 'Õ' => 'O',
        'Ú' | 'Ù' | 'Û' => 'U',
        'é' | 'É' | 'ñ' | 'Ñ' | 'ü' | 'Ü' => c,
        c if c.is_ascii_alphanumeric() || " .,-&'()/:;".contains(c) => c,
        _ => ' ',
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_sms_says_what_the_pin_is_for_and_ends_with_the_line_of_web_otp() {
        let pin = Pin::parse("012345").unwrap();
        assert_eq!(
            pin_message(Purpose::Activate, &pin, "Cámara de Comercio Aburrá Sur", "claves.ccas.org.co", 10),
            "Utilice el PIN 012345 para activar su clave segura en Camara de Comercio Aburra Sur. \
             Vence en 10 minutos.\n\n@claves.ccas.org.co #012345"
        );
    }

    proptest! {
        #[test]
        fn the_sms_is_one_message_of_gsm_letters_whatever_the_names(signing: bool, name in ".{0,200}", host in "[a-z.]{0,200}") {
            let pin = Pin::parse("987654").unwrap();
            let purpose = if signing { Purpose::Sign } else { Purpose::Activate };
            let text = pin_message(purpose, &pin, &name, &host, 30);
            prop_assert!(text.chars().count() <= SMS_SEPTETS);
            let gsm = |c: char| c == '\n' || "éÉñÑüÜ".contains(c) || (c.is_ascii_graphic() || c == ' ') && !"^{}\\[]~|`".contains(c);
            prop_assert!(text.chars().all(gsm));
            prop_assert!(text.contains("PIN 987654") && text.contains("Vence en 30 minutos."));
        }
    }
}
