//! `SMS_*`: how PINs reach the merchants' telephones.

mod http;
mod smpp;

pub use http::{HttpMethod, HttpSms};
pub use smpp::{BindMode, SmppSms, TlsTrust};

use super::{Fault, Variables};

/// How the variables of the chamber's provider begin.
pub const FIRST: &str = "SMS_";

/// How those of the contingency provider begin.
pub const CONTINGENCY: &str = "SMS_CONTINGENCIA_";

/// Who carries the SMS, and who when that one cannot.
#[derive(Clone, Debug)]
pub struct SmsSettings {
    /// `SMS_PROVEEDOR`.
    pub first: SmsProvider,
    /// `SMS_CONTINGENCIA_PROVEEDOR`; `None` without one, or when it is not complete.
    pub contingency: Option<SmsProvider>,
}

/// A provider.
#[derive(Clone)]
pub enum SmsProvider {
    /// `http`: a gateway called by templates.
    Http(HttpSms),
    /// `smpp`: an operator's SMSC.
    Smpp(SmppSms),
    /// `buzon`: the demo's mailbox; refused when `PUBLIC_URL` is not local.
    Mailbox,
}

impl SmsSettings {
    /// The providers, or the names of what is missing. A contingency provider with a fault leaves the
    /// first one at work.
    pub(super) fn read(vars: &Variables, file: &str, faults: &mut Vec<Fault>) -> Result<Self, Vec<String>> {
        let mut reader = Reader { vars, file, prefix: FIRST, faults, missing: Vec::new() };
        let first = match reader.get("PROVEEDOR").map(str::to_lowercase).as_deref() {
            Some("buzon") => Some(SmsProvider::Mailbox),
            Some(kind @ ("http" | "smpp")) => reader.provider(kind),
            _ => {
                reader.need(
                    "PROVEEDOR",
                    "escriba http (pasarela del operador), smpp (SMSC del operador) o buzon (solo demostración)",
                );
                None
            }
        };
        let missing = std::mem::take(&mut reader.missing);
        let mut reader = Reader { prefix: CONTINGENCY, ..reader };
        let contingency = match reader.get("PROVEEDOR").map(str::to_lowercase).as_deref() {
            Some(kind @ ("http" | "smpp")) => reader.provider(kind),
            None if reader.get("HTTP_URL").or(reader.get("SMPP_SERVIDOR")).is_none() => None,
            _ => {
                reader.need("PROVEEDOR", "escriba http o smpp, o borre las variables SMS_CONTINGENCIA_…");
                None
            }
        };
        first.map(|first| Self { first, contingency }).ok_or(missing)
    }
}

/// The variables of one provider, by the part of their names that both providers share.
struct Reader<'a> {
    vars: &'a Variables,
    file: &'a str,
    prefix: &'static str,
    faults: &'a mut Vec<Fault>,
    missing: Vec<String>,
}

impl<'a> Reader<'a> {
    fn get(&self, name: &str) -> Option<&'a str> {
        self.vars.get(&format!("{}{name}", self.prefix))
    }

    /// Notes that a variable is missing or wrong, and what to write there.
    fn need(&mut self, name: &str, remedy: impl Into<String>) {
        let name = format!("{}{name}", self.prefix);
        self.faults.push(Fault::in_file(self.file, &name, remedy));
        self.missing.push(name);
    }

    fn number(&mut self, name: &str, default: u64, low: u64, high: u64) -> u64 {
        match self.get(name).map(str::parse) {
            None => default,
            Some(Ok(value)) if (low..=high).contains(&value) => value,
            Some(_) => {
                self.need(name, format!("escriba un número entero entre {low} y {high}"));
                default
            }
        }
    }

    fn provider(&mut self, kind: &str) -> Option<SmsProvider> {
        if kind == "smpp" {
            SmppSms::read(self).map(SmsProvider::Smpp)
        } else {
            HttpSms::read(self).map(SmsProvider::Http)
        }
    }
}

impl std::fmt::Debug for SmsProvider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Http(_) => "http",
            Self::Smpp(_) => "smpp",
            Self::Mailbox => "buzon",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMPP: &[(&str, &str)] = &[
        ("SMS_PROVEEDOR", "smpp"),
        ("SMS_SMPP_SERVIDOR", "smsc.example"),
        ("SMS_SMPP_PUERTO", "2775"),
        ("SMS_SMPP_USUARIO", "camara55"),
        ("SMS_SMPP_CLAVE", "secreta1"),
        ("SMS_SMPP_ORIGEN", "CAMARA"),
        ("SMS_SMPP_TLS", "NO"),
    ];

    fn read(pairs: &[(&str, &str)]) -> (Result<SmsSettings, Vec<String>>, Vec<String>) {
        let mut faults = Vec::new();
        let settings = SmsSettings::read(&Variables::from_pairs(pairs), "common55.env", &mut faults);
        (settings, faults.into_iter().map(|fault| fault.variable).collect())
    }

    fn with(base: &[(&'static str, &'static str)], change: &[(&'static str, &'static str)]) -> Vec<String> {
        read(&[base, change].concat()).1
    }

    #[test]
    fn a_complete_smsc_is_read_and_each_wrong_variable_is_named() {
        let (settings, faults) = read(SMPP);
        let Ok(SmsSettings { first: SmsProvider::Smpp(smpp), contingency: None }) = settings else { panic!() };
        assert!(faults.is_empty());
        assert_eq!((smpp.port, smpp.mode, smpp.tls.is_none()), (2775, BindMode::Transmitter, true));
        assert_eq!((u8::from(smpp.source_ton), u8::from(smpp.source_npi)), (5, 0));
        for (name, wrong) in [
            ("SMS_SMPP_SERVIDOR", ""),
            ("SMS_SMPP_PUERTO", "0"),
            ("SMS_SMPP_PUERTO", "70000"),
            ("SMS_SMPP_USUARIO", ""),
            ("SMS_SMPP_USUARIO", "dieciseis-letras"),
            ("SMS_SMPP_CLAVE", ""),
            ("SMS_SMPP_CLAVE", "nueve-let"),
            ("SMS_SMPP_CLAVE", "eñe"),
            ("SMS_SMPP_TIPO", "trece-letras-"),
            ("SMS_SMPP_ORIGEN", "CAMARA DE COMERCIO"),
            ("SMS_SMPP_ORIGEN", "8554-1"),
            ("SMS_SMPP_ORIGEN_TON", "7"),
            ("SMS_SMPP_ORIGEN_NPI", "x"),
            ("SMS_SMPP_TLS", "quizá"),
            ("SMS_SMPP_MODO", "receptor"),
            ("SMS_SMPP_ENLACE_SEGUNDOS", "1"),
            ("SMS_SMPP_ESPERA_SEGUNDOS", "60"),
        ] {
            assert_eq!(with(SMPP, &[(name, wrong)]), [name], "{wrong}");
        }
    }

    #[test]
    fn the_contingency_has_the_same_variables_and_its_faults_leave_the_first_at_work() {
        let http = [
            ("SMS_CONTINGENCIA_PROVEEDOR", "http"),
            ("SMS_CONTINGENCIA_HTTP_URL", "https://x.example/"),
            ("SMS_CONTINGENCIA_HTTP_METODO", "GET"),
        ];
        let (settings, faults) = read(&[SMPP, &http].concat());
        let Ok(SmsSettings { contingency: Some(SmsProvider::Http(second)), .. }) = settings else { panic!() };
        assert_eq!((second.method, second.prefix, faults.len()), (HttpMethod::Get, CONTINGENCY, 0));

        let (settings, faults) = read(&[SMPP, &[("SMS_CONTINGENCIA_PROVEEDOR", "http")]].concat());
        assert!(settings.unwrap().contingency.is_none());
        assert_eq!(faults, ["SMS_CONTINGENCIA_HTTP_URL"]);
        assert_eq!(with(SMPP, &[http[1]]), ["SMS_CONTINGENCIA_PROVEEDOR"]);
        assert_eq!(with(SMPP, &[("SMS_CONTINGENCIA_PROVEEDOR", "buzon")]), ["SMS_CONTINGENCIA_PROVEEDOR"]);
    }

    #[test]
    fn basic_authentication_needs_both_halves_and_no_second_authorization() {
        let base = &[("SMS_PROVEEDOR", "http"), ("SMS_HTTP_URL", "https://x.example/")][..];
        assert!(with(base, &[("SMS_HTTP_USUARIO", "u"), ("SMS_HTTP_CLAVE", "c")]).is_empty());
        assert_eq!(with(base, &[("SMS_HTTP_USUARIO", "u")]), ["SMS_HTTP_CLAVE"]);
        assert_eq!(with(base, &[("SMS_HTTP_CLAVE", "c")]), ["SMS_HTTP_USUARIO"]);
        assert_eq!(with(base, &[("SMS_HTTP_USUARIO", "a:b"), ("SMS_HTTP_CLAVE", "c")]), ["SMS_HTTP_USUARIO"]);
        let twice =
            [("SMS_HTTP_USUARIO", "u"), ("SMS_HTTP_CLAVE", "c"), ("SMS_HTTP_CABECERAS", "authorization: App x")];
        assert_eq!(with(base, &twice), ["SMS_HTTP_CABECERAS"]);
        assert_eq!(with(base, &[("SMS_HTTP_ID", "sid")]), ["SMS_HTTP_ID"]);
    }
}
