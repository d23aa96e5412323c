//! `MASIVOS_SMTP_*`: the chamber's own mail server (manual, section 3). No other is ever used.

use contract::Email;
use zeroize::Zeroizing;

use super::bounces::{self, BounceAddress};
use super::{Fault, Variables};

/// How the connection is protected (`MASIVOS_SMTP_ENCRIPTION`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// Empty: none.
    None,
    /// `tls`: STARTTLS, required.
    StartTls,
    /// `ssl`: TLS from the first byte.
    Implicit,
}

impl Encryption {
    /// `ssl`, `tls` or nothing, whatever the case.
    pub(super) fn parse(text: Option<&str>) -> Option<Self> {
        match text.map(str::to_lowercase).as_deref() {
            None => Some(Self::None),
            Some("ssl") => Some(Self::Implicit),
            Some("tls") => Some(Self::StartTls),
            Some(_) => None,
        }
    }
}

/// A complete mail server.
#[derive(Clone)]
pub struct Smtp {
    /// `MASIVOS_SMTP_SERVER`.
    pub server: String,
    /// `MASIVOS_SMTP_PORT`.
    pub port: u16,
    /// `MASIVOS_SMTP_ENCRIPTION`.
    pub encryption: Encryption,
    /// `MASIVOS_SMTP_CUENTA_ADMIN` and `MASIVOS_SMTP_PASSWORD_ADMIN`, when `MASIVOS_SMTP_AUTHENTICATION` is `SI`.
    pub account: Option<(String, Zeroizing<String>)>,
    /// `MASIVOS_SMTP_CORREO_ADMIN`: the sender's address.
    pub from_address: Email,
    /// `MASIVOS_SMTP_NOMBRE_ADMIN`: the sender's name.
    pub from_name: String,
    /// `MASIVOS_SMTP_CA`: a certificate in PEM to trust besides the system's.
    pub extra_ca: Option<std::path::PathBuf>,
    /// `REBOTES_DIRECCION`: the envelope's sender, so that bounces come back there; without it, `from_address`.
    pub bounce_address: Option<BounceAddress>,
}

impl Smtp {
    /// The chamber's server, or the names of what is missing or wrong (each a fault as well).
    pub(super) fn read(vars: &Variables, file: &str, faults: &mut Vec<Fault>) -> Result<Self, Vec<String>> {
        let mut missing: Vec<String> = Vec::new();
        let mut need = |name: &str, remedy: &str| {
            missing.push(name.to_owned());
            faults.push(Fault::in_file(file, name, remedy));
        };

        let server = vars.get("MASIVOS_SMTP_SERVER");
        if server.is_none() {
            need("MASIVOS_SMTP_SERVER", "escriba el nombre del servidor de correo de la cámara");
        }
        let port = vars.get("MASIVOS_SMTP_PORT").and_then(|text| text.parse().ok()).filter(|port| *port != 0_u16);
        if port.is_none() {
            need("MASIVOS_SMTP_PORT", "escriba el puerto, por ejemplo 587, 465 o 25");
        }
        let authentication = vars.get("MASIVOS_SMTP_AUTHENTICATION").map(str::to_uppercase);
        let authenticates = match authentication.as_deref() {
            Some("SI" | "SÍ" | "TRUE" | "1") => Some(true),
            Some("NO" | "FALSE" | "0") => Some(false),
            _ => None,
        };
        if authenticates.is_none() {
            need("MASIVOS_SMTP_AUTHENTICATION", "escriba SI o NO");
        }
        let encryption = Encryption::parse(vars.get("MASIVOS_SMTP_ENCRIPTION"));
        if encryption.is_none() {
            need("MASIVOS_SMTP_ENCRIPTION", "escriba ssl, tls o déjela vacía");
        }
        let account = vars.get("MASIVOS_SMTP_CUENTA_ADMIN");
        let password = vars.get("MASIVOS_SMTP_PASSWORD_ADMIN");
        if authenticates == Some(true) && account.is_none() {
            need("MASIVOS_SMTP_CUENTA_ADMIN", "escriba la cuenta con la que el servidor de correo autentica");
        }
        if authenticates == Some(true) && password.is_none() {
            need("MASIVOS_SMTP_PASSWORD_ADMIN", "escriba la contraseña de la cuenta de correo");
        }
        let from_address = vars.get("MASIVOS_SMTP_CORREO_ADMIN").and_then(Email::parse);
        if from_address.is_none() {
            need("MASIVOS_SMTP_CORREO_ADMIN", "escriba el correo del remitente, por ejemplo registro@camara.org.co");
        }
        let from_name = vars.get("MASIVOS_SMTP_NOMBRE_ADMIN");
        if from_name.is_none() {
            need("MASIVOS_SMTP_NOMBRE_ADMIN", "escriba el nombre del remitente, por ejemplo el de la cámara");
        }

        // A fault here must not stop sending: bounces then come back to the sender itself.
        let bounce_address = bounces::address(vars, file, faults);

        match (server, port, encryption, from_address, from_name) {
            (Some(server), Some(port), Some(encryption), Some(from_address), Some(from_name)) if missing.is_empty() => {
                Ok(Self {
                    server: server.to_owned(),
                    port,
                    encryption,
                    account: authenticates.unwrap_or(false).then(|| {
                        (
                            account.unwrap_or_default().to_owned(),
                            Zeroizing::new(password.unwrap_or_default().to_owned()),
                        )
                    }),
                    from_address,
                    from_name: from_name.to_owned(),
                    extra_ca: vars.get("MASIVOS_SMTP_CA").map(Into::into),
                    bounce_address,
                })
            }
            _ => Err(missing),
        }
    }
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Smtp({}:{}, {:?})", self.server, self.port, self.encryption)
    }
}
