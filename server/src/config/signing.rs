//! The chamber's signature: certificate and time-stamps.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::Url;
use reqwest::header::HeaderValue;
use zeroize::Zeroizing;

use super::globals::readable_by_others;
use super::{Fault, Variables};

/// The chamber's signing certificate.
#[derive(Clone)]
pub struct Signing {
    /// `FIRMA_P12`: the PKCS#12 file; a relative path counts from `CONFIG_DIR`.
    pub p12: PathBuf,
    /// `FIRMA_P12_CLAVE`: its password.
    pub password: Zeroizing<String>,
    /// `FIRMA_TSA_*`: who stamps signatures; `None` when nobody does.
    pub tsa: Option<TsaSettings>,
}

/// A time-stamp authority (RFC 3161).
#[derive(Clone)]
pub struct TsaSettings {
    /// `FIRMA_TSA_URL`.
    pub url: String,
    /// `FIRMA_TSA_USUARIO`, `FIRMA_TSA_CLAVE`.
    pub account: Option<(String, Zeroizing<String>)>,
}

impl Signing {
    pub(super) fn read(
        vars: &Variables,
        file: &str,
        relative: &dyn Fn(&str) -> PathBuf,
        faults: &mut Vec<Fault>,
    ) -> Result<Self, Vec<String>> {
        let tsa = TsaSettings::read(vars, file, faults);
        let missing = || Err(vec!["FIRMA_P12".to_owned()]);
        let Some(p12) = vars.get("FIRMA_P12").map(relative) else {
            let remedy = "escriba la ruta del certificado de firma (PKCS#12) de la cámara";
            faults.push(Fault::in_file(file, "FIRMA_P12", remedy));
            return missing();
        };
        if !Path::is_file(&p12) {
            faults.push(Fault::in_file(file, "FIRMA_P12", format!("no existe el archivo {}", p12.display())));
            return missing();
        }
        faults.extend(readable_by_others(file, "FIRMA_P12", &p12));
        let password = Zeroizing::new(vars.get("FIRMA_P12_CLAVE").unwrap_or_default().to_owned());
        Ok(Self { p12, password, tsa })
    }
}

impl TsaSettings {
    /// Documents are signed all the same when these cannot be used: without time-stamps.
    fn read(vars: &Variables, file: &str, faults: &mut Vec<Fault>) -> Option<Self> {
        let url = vars.get("FIRMA_TSA_URL")?;
        let parsed = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let Some(parsed) = parsed else {
            let remedy =
                "escriba la dirección completa de la autoridad de estampado, que comienza por https:// o http://";
            faults.push(Fault::in_file(file, "FIRMA_TSA_URL", remedy));
            return None;
        };
        let account = vars
            .get("FIRMA_TSA_USUARIO")
            .map(|user| (user.to_owned(), Zeroizing::new(vars.get("FIRMA_TSA_CLAVE").unwrap_or_default().to_owned())));
        if account.is_some() && parsed.scheme() != "https" {
            let remedy = "con FIRMA_TSA_USUARIO la dirección debe comenzar por https://: la clave viajaría sin cifrar";
            faults.push(Fault::in_file(file, "FIRMA_TSA_URL", remedy));
            return None;
        }
        Some(Self { url: url.to_owned(), account })
    }
}

/// The header of HTTP's basic authentication, kept out of logs; `None` when it cannot stand in one.
#[must_use]
pub fn basic_authorization(user: &str, password: &str) -> Option<HeaderValue> {
    let pair = Zeroizing::new(format!("{user}:{password}"));
    let mut value = HeaderValue::from_str(&format!("Basic {}", BASE64_STANDARD.encode(pair.as_bytes()))).ok()?;
    value.set_sensitive(true);
    Some(value)
}
