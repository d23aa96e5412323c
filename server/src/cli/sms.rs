//! `probar-sms`: a harmless text by every provider of the chamber, and what to change where it failed.

use contract::{ColombianMobile, ServiceError};
use serde::Serialize;

use super::args::SmsProbeArgs;
use super::{CliError, CliResult, open_chamber, output};
use crate::sms::{Attempt, SmsError, setup_fault};

/// One provider's answer, as scripts read it.
#[derive(Serialize)]
struct Report {
    proveedor: &'static str,
    resultado: String,
    milisegundos: u64,
    id: Option<String>,
    explicacion: String,
    remedio: Option<String>,
}

pub(super) async fn try_providers(options: SmsProbeArgs) -> CliResult {
    let to = ColombianMobile::parse(&options.celular).ok_or_else(|| {
        CliError::Message("el celular tiene diez dígitos y comienza por 3, por ejemplo --celular 3001234567".to_owned())
    })?;
    let (app, actor) = open_chamber(&options.camara).await?;
    let chamber = app.chambers.get(&actor.camara).ok_or(ServiceError::NotFound)?;
    let settings = chamber.sms.as_ref().map_err(|missing| ServiceError::Configuration { missing: missing.clone() })?;
    if let Some(fault) = setup_fault(settings) {
        return Err(CliError::Message(format!("{}: {} (common{}.env)", fault.0, fault.remedy(), actor.camara)));
    }
    let trial = app.sms_trial(&actor).ok_or(ServiceError::NotFound)?;
    let attempts = trial.run(&to).await.map_err(|error| match error {
        ServiceError::SmsBudget => CliError::Message(
            "no se envió nada: ese celular (SMS_POR_COMERCIANTE) o la cámara (SMS_POR_DIA) ya gastaron los SMS de 24 \
             horas; use otro celular o espere"
                .to_owned(),
        ),
        other => other.into(),
    })?;
    let reports: Vec<Report> = attempts.iter().map(report).collect();
    if options.json {
        output::json(&reports);
    } else {
        output::line(&format!("SMS de prueba al celular {}", to.masked()));
        reports.iter().for_each(print);
    }
    match attempts.iter().filter(|attempt| attempt.result.is_err()).count() {
        0 => Ok(()),
        1 if attempts.len() > 1 => {
            Err(CliError::Message("un proveedor no recibió el SMS; vea arriba qué revisar".to_owned()))
        }
        _ => Err(CliError::Message("el SMS no se entregó; vea arriba qué revisar".to_owned())),
    }
}

fn report(attempt: &Attempt) -> Report {
    let words = attempt.result.as_ref().err().map(|error| explain(*error, attempt.variables()));
    let (explicacion, remedio) = words.unwrap_or_else(|| {
        (
            "el proveedor recibió el SMS; confirme que llegó al celular y que se lee «ñ Ñ é É ü @ # $ _ ¿?»".to_owned(),
            None,
        )
    });
    Report {
        proveedor: attempt.provider,
        resultado: attempt.result.as_ref().map_or_else(|error| error.word(), |_| "entregado".to_owned()),
        milisegundos: u64::try_from(attempt.took.as_millis()).unwrap_or(u64::MAX),
        id: attempt.result.as_ref().ok().and_then(|receipt| receipt.id.clone()),
        explicacion,
        remedio,
    }
}

fn print(report: &Report) {
    let outcome = if report.resultado == "entregado" { "bien " } else { "FALLA" };
    let id = report.id.as_ref().map(|id| format!(" [identificador {id}]")).unwrap_or_default();
    let head = format!("{outcome}  {:<18} {:>6} ms", report.proveedor, report.milisegundos);
    output::line(&format!("{head}  {}{id}", report.explicacion));
    if let Some(remedy) = &report.remedio {
        output::line(&format!("       Qué hacer: {remedy}"));
    }
}

/// What happened, and what to do; `v` is how the provider's variables begin.
fn explain(error: SmsError, v: &str) -> (String, Option<String>) {
    let (what, remedy) = match error {
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
    };
    (what, Some(remedy))
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
