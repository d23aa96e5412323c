//! «Probar SMS» in words: what each provider did and which variable of the CommonXX to change.

use contract::sms::SmsError;

/// What to look at once a provider took the SMS.
pub const SMS_TAKEN: &str =
    "el proveedor recibió el SMS; confirme que llegó al celular y que se lee «ñ Ñ é É ü @ # $ _ ¿?»";

/// What a provider did instead of taking an SMS, and what to do; `v` is how its variables begin.
#[must_use]
pub fn sms_fault(fault: SmsError, v: &str) -> (String, String) {
    match fault {
        SmsError::Unreachable => (
            "no hay conexión con el proveedor".to_owned(),
            format!(
                "revise {v}HTTP_URL (http) o {v}SMPP_SERVIDOR y {v}SMPP_PUERTO (smpp), y que el cortafuegos y el \
                 operador permitan la dirección de esta máquina"
            ),
        ),
        SmsError::Tls => (
            "la conexión cifrada (TLS) con el SMSC falló".to_owned(),
            format!(
                "revise {v}SMPP_TLS, que {v}SMPP_PUERTO sea el puerto cifrado y, si el certificado es propio, {v}SMPP_CA"
            ),
        ),
        SmsError::TimedOut => (
            "el proveedor no respondió a tiempo; el SMS pudo haber salido".to_owned(),
            format!("repita la prueba; si sigue así, avise al operador (con smpp puede subir {v}SMPP_ESPERA_SEGUNDOS)"),
        ),
        SmsError::Lost => (
            "la conexión se cortó antes de la respuesta; el SMS pudo haber salido".to_owned(),
            "repita la prueba; si sigue así, avise al operador".to_owned(),
        ),
        SmsError::Status(status @ (401 | 403)) => (
            format!("la pasarela rechazó las credenciales (estado HTTP {status})"),
            format!("revise {v}HTTP_USUARIO y {v}HTTP_CLAVE, o la clave escrita en {v}HTTP_CABECERAS"),
        ),
        SmsError::Status(status @ 300..=399) => (
            format!("la pasarela remite a otra dirección (estado HTTP {status})"),
            format!("escriba en {v}HTTP_URL la dirección definitiva, con https://"),
        ),
        SmsError::Status(status @ 400..=499) => (
            format!("la pasarela no aceptó la solicitud (estado HTTP {status})"),
            format!("compare {v}HTTP_URL, {v}HTTP_METODO y {v}HTTP_CUERPO con la documentación del proveedor"),
        ),
        SmsError::Status(status) => (
            format!("la pasarela tiene un problema propio (estado HTTP {status})"),
            "espere y repita la prueba; si sigue así, avise al proveedor".to_owned(),
        ),
        SmsError::NotAccepted => (
            "la pasarela respondió, pero sin el texto que significa éxito".to_owned(),
            format!("revise saldo y remitente con el proveedor; si el SMS llegó, corrija {v}HTTP_EXITO"),
        ),
        SmsError::Declined => (
            "la pasarela respondió con un texto que significa error".to_owned(),
            format!("revise saldo, remitente y número con el proveedor; si el SMS llegó, corrija {v}HTTP_ERROR"),
        ),
        SmsError::Template => {
            ("la plantilla no se pudo llenar".to_owned(), format!("revise {v}HTTP_URL y {v}HTTP_CUERPO"))
        }
        SmsError::Bind(status) => (format!("el SMSC no aceptó el ingreso (0x{status:08X})"), bind_remedy(status, v)),
        SmsError::Busy(status) => (
            format!("el SMSC no recibe más por ahora (0x{status:08X})"),
            "espere un minuto y repita; si sigue así, pida al operador una cuota mayor".to_owned(),
        ),
        SmsError::Refused(status) => (format!("el SMSC rechazó el SMS (0x{status:08X})"), refusal_remedy(status, v)),
        SmsError::Text(_) => ("el texto no cabe en un SMS".to_owned(), "avise a soporte".to_owned()),
        SmsError::Mailbox => ("el buzón de demostración falló".to_owned(), "revise la base de datos".to_owned()),
        SmsError::NoProvider => ("no hay proveedor".to_owned(), format!("escriba {v}PROVEEDOR")),
    }
}

/// By the command_status of SMPP 3.4, section 5.1.3.
fn bind_remedy(status: u32, v: &str) -> String {
    match status {
        0x0E => format!("la clave no es esa: revise {v}SMPP_CLAVE"),
        0x0F => format!("el usuario no es ese: revise {v}SMPP_USUARIO"),
        0x05 => {
            "esa cuenta ya tiene una conexión (quizá la del servidor en marcha): pida al operador una más, o haga la \
                 prueba con el servidor detenido"
                .to_owned()
        }
        0x53 => format!("el tipo de sistema no es ese: revise {v}SMPP_TIPO"),
        0x58 => "espere un minuto: hubo demasiados intentos seguidos".to_owned(),
        _ => format!(
            "revise {v}SMPP_USUARIO, {v}SMPP_CLAVE, {v}SMPP_TIPO y {v}SMPP_MODO, y que el operador haya autorizado la \
             dirección de esta máquina"
        ),
    }
}

fn refusal_remedy(status: u32, v: &str) -> String {
    match status {
        0x0A | 0x48 | 0x49 => {
            format!("el origen no está autorizado: revise {v}SMPP_ORIGEN, {v}SMPP_ORIGEN_TON y {v}SMPP_ORIGEN_NPI")
        }
        0x0B | 0x50 | 0x51 => "el operador no atiende ese número: pruebe con otro celular".to_owned(),
        0x15 => format!("el tipo de servicio no es ese: revise {v}SMPP_TIPO"),
        _ => "muestre ese código al operador".to_owned(),
    }
}
