//! `SMS_SMPP_*`: an operator's SMSC. Its fields have the lengths of SMPP 3.4, so that nothing read here
//! can fail to be sent later.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use rusmpp::types::COctetString;
use rusmpp::values::{Npi, Ton};

use super::Reader;

/// How the connection is bound (`SMS_SMPP_MODO`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BindMode {
    /// `transmisor`: it only sends.
    Transmitter,
    /// `transceptor`: the SMSC may send as well; what it sends is acknowledged and dropped.
    Transceiver,
}

/// TLS from the first byte (`SMS_SMPP_TLS=SI`).
#[derive(Clone, Debug)]
pub struct TlsTrust {
    /// `SMS_SMPP_CA`: a certificate in PEM to trust besides the system's.
    pub extra_ca: Option<PathBuf>,
}

/// An SMSC.
#[derive(Clone)]
pub struct SmppSms {
    /// How the names of its variables begin, for faults.
    pub prefix: &'static str,
    /// `SMS_SMPP_SERVIDOR`.
    pub host: String,
    /// `SMS_SMPP_PUERTO`.
    pub port: u16,
    /// `SMS_SMPP_TLS`, `SMS_SMPP_CA`.
    pub tls: Option<TlsTrust>,
    /// `SMS_SMPP_MODO`.
    pub mode: BindMode,
    /// `SMS_SMPP_USUARIO` (system_id).
    pub system_id: COctetString<1, 16>,
    /// `SMS_SMPP_CLAVE`.
    pub password: COctetString<1, 9>,
    /// `SMS_SMPP_TIPO` (system_type).
    pub system_type: COctetString<1, 13>,
    /// `SMS_SMPP_ORIGEN`: the number or name that the SMS comes from; empty: the operator's own choice.
    pub source: COctetString<1, 21>,
    /// `SMS_SMPP_ORIGEN_TON`.
    pub source_ton: Ton,
    /// `SMS_SMPP_ORIGEN_NPI`.
    pub source_npi: Npi,
    /// `SMS_SMPP_ENLACE_SEGUNDOS`: how often `enquire_link` asks whether the SMSC is there.
    pub enquire_every: Duration,
    /// `SMS_SMPP_ESPERA_SEGUNDOS`: how long connecting and each answer may take.
    pub patience: Duration,
}

impl SmppSms {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let host = reader.get("SMPP_SERVIDOR");
        if host.is_none() {
            reader.need("SMPP_SERVIDOR", "escriba el nombre o la dirección del SMSC, sin puerto");
        }
        let port = reader.get("SMPP_PUERTO").and_then(|text| text.parse().ok()).filter(|port| *port != 0_u16);
        if port.is_none() {
            reader.need("SMPP_PUERTO", "escriba el puerto que le dio el operador, por ejemplo 2775");
        }
        let system_id = text(reader, "SMPP_USUARIO", true, "el usuario (system_id), de 1 a 15 letras o cifras");
        let password = text(reader, "SMPP_CLAVE", true, "la clave, de 1 a 8 letras o cifras: SMPP no admite más");
        let system_type = text(reader, "SMPP_TIPO", false, "el tipo de sistema (system_type), de hasta 12 letras");
        let (source, source_ton, source_npi) = source(reader);
        let mode = match reader.get("SMPP_MODO").map(str::to_lowercase).as_deref() {
            None | Some("transmisor") => BindMode::Transmitter,
            Some("transceptor") => BindMode::Transceiver,
            Some(_) => {
                reader.need("SMPP_MODO", "escriba transmisor o transceptor, según lo que el operador haya autorizado");
                BindMode::Transmitter
            }
        };
        let tls = match reader.get("SMPP_TLS").map(str::to_uppercase).as_deref() {
            Some("SI" | "SÍ") => Some(TlsTrust { extra_ca: reader.get("SMPP_CA").map(Into::into) }),
            Some("NO") => None,
            _ => {
                reader.need("SMPP_TLS", "escriba SI, o NO si el operador solo ofrece SMPP sin cifrar (use una VPN)");
                None
            }
        };
        let enquire_every = Duration::from_secs(reader.number("SMPP_ENLACE_SEGUNDOS", 30, 5, 300));
        let patience = Duration::from_secs(reader.number("SMPP_ESPERA_SEGUNDOS", 5, 1, 8));
        if !reader.missing.is_empty() {
            return None;
        }
        Some(Self {
            prefix: reader.prefix,
            host: host?.to_owned(),
            port: port?,
            tls,
            mode,
            system_id,
            password,
            system_type,
            source,
            source_ton,
            source_npi,
            enquire_every,
            patience,
        })
    }
}

/// A field of SMPP, which holds ASCII of a bounded length.
fn text<const MAX: usize>(reader: &mut Reader<'_>, name: &str, required: bool, remedy: &str) -> COctetString<1, MAX> {
    let parsed = match reader.get(name) {
        None if required => None,
        value => COctetString::from_str(value.unwrap_or_default()).ok(),
    };
    if parsed.is_none() {
        reader.need(name, format!("escriba {remedy}, sin tildes ni eñes"));
    }
    parsed.unwrap_or_default()
}

/// Numbers have up to 20 digits; names up to 11 letters, as on every telephone.
fn source(reader: &mut Reader<'_>) -> (COctetString<1, 21>, Ton, Npi) {
    let source = reader.get("SMPP_ORIGEN").unwrap_or_default();
    let digits = source.bytes().all(|b| b.is_ascii_digit()) && source.len() <= 20;
    let name = source.bytes().any(|b| b.is_ascii_alphabetic())
        && source.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' ')
        && source.len() <= 11;
    if !digits && !name {
        reader.need("SMPP_ORIGEN", "escriba el código corto o número autorizado, o un nombre de hasta 11 letras");
    }
    let ton = reader.number("SMPP_ORIGEN_TON", if name { 5 } else { 0 }, 0, 6);
    let npi = reader.number("SMPP_ORIGEN_NPI", 0, 0, 18);
    let byte = |number: u64| u8::try_from(number).unwrap_or_default();
    (COctetString::from_str(source).unwrap_or_default(), Ton::from(byte(ton)), Npi::from(byte(npi)))
}
