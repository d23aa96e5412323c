//! Why a gateway cannot be set up.

/// Why a gateway cannot be set up: the variable at fault, for `revisar-config`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("SMS gateway: wrong {0}")]
pub struct SmsSetupError(pub String);

impl SmsSetupError {
    /// What to do about it, in Spanish.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self.0.rsplit('_').next() {
            Some("CA") => "no es un certificado legible (PEM)",
            Some("CABECERAS") => "una cabecera tiene un nombre que no vale o una plantilla errada",
            Some("CUERPO") => "la plantilla está errada; solo hay {{ celular }} y {{ texto }}",
            _ => "la dirección o su plantilla están erradas; solo hay {{ celular }} y {{ texto }}",
        }
    }
}
