//! The facts of an activation, as they are kept, shown and signed: one value, one form. A member that is
//! not known is not there. New members are optional: a text once kept reads back and writes itself again
//! letter by letter, because its digest stands in the audit.

use contract::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The form of the facts; a new one whenever a member changes its meaning.
pub const VERSION: u32 = 1;

/// An instant to the second, written as ISO 8601 with Bogotá's offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When(pub Timestamp);

impl Serialize for When {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.iso())
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let at = OffsetDateTime::parse(&text, &Rfc3339).map_err(serde::de::Error::custom)?;
        Ok(Self(Timestamp(at.unix_timestamp().saturating_mul(1000))))
    }
}

/// Everything that is known of one activation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// [`VERSION`].
    pub version: u32,
    /// Made by the manual's test procedure, with an invented merchant.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub prueba: bool,
    /// Who activated.
    pub titular: Holder,
    /// Why this person was given a password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seleccion: Option<Selection>,
    /// How the password reached the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub envio: Option<Dispatch>,
    /// The PINs, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pin: Vec<PinEvent>,
    /// The activation itself.
    pub activacion: Activation,
}

/// The person, with the data that were compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// SII's class of identification.
    pub tipo_identificacion: String,
    /// The identification.
    pub identificacion: String,
    /// The name.
    pub nombre: String,
    /// The registration.
    pub matricula: String,
    /// The e-mail.
    pub correo: String,
    /// Where in the registry it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correo_origen: Option<String>,
    /// The mobile.
    pub celular: String,
    /// Where in the registry it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub celular_origen: Option<String>,
}

/// A selection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    /// When.
    pub en: When,
    /// The year in process.
    pub ano: i32,
    /// From which reading of the registry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sincronizacion: Option<Synchronisation>,
}

/// A reading of the registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Synchronisation {
    /// Its number.
    pub numero: i64,
    /// The file's name.
    pub archivo: String,
    /// The file's SHA-256.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminada_en: Option<When>,
    /// Rows read.
    pub leidas: i64,
}

/// The mail with the PDF.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispatch {
    /// The pre-assigned password's number.
    pub clave: i64,
    /// Which one of that number.
    pub generacion: i64,
    /// The batch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lote: Option<i64>,
    /// The mail's Message-ID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// When its content began to leave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transmitido_en: Option<When>,
    /// What the mail server answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub respuesta: Option<String>,
    /// When it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aceptado_en: Option<When>,
    /// The SHA-256 of the PDF as it left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pdf_sha256: Option<String>,
    /// The code printed on it, in groups of four.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documento: Option<String>,
    /// The version of the conditions that it carried: the SHA-256 of their text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condiciones: Option<String>,
    /// Until when it could be activated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vence_en: Option<When>,
    /// When a reminder left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recordado_en: Option<When>,
}

/// One thing that happened to a PIN.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinEvent {
    /// When.
    pub en: When,
    /// The audit's word for it.
    pub que: String,
    /// The audit's entry.
    pub secuencia: i64,
    /// The SMS, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sms: Option<Sms>,
}

/// An SMS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sms {
    /// Its number.
    pub numero: i64,
    /// To which mobile, masked.
    pub celular: String,
    /// What came of it.
    pub estado: String,
    /// Each provider asked.
    pub intentos: Vec<SmsAttempt>,
}

/// One provider's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SmsAttempt {
    /// When it was asked.
    pub en: When,
    /// Which one.
    pub proveedor: String,
    /// What it answered.
    pub resultado: String,
    /// Its own number for the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_proveedor: Option<String>,
}

/// The activation itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activation {
    /// The verified user's number.
    pub usuario: i64,
    /// When «Aceptar y continuar» was pressed with the right data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aceptacion: Option<Act>,
    /// When the user was verified.
    pub verificacion: Act,
    /// `doble` (password and PIN) or `solo_clave`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<String>,
    /// Whether the person chose a password of their own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub clave_propia: bool,
}

/// Something done from somewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// When.
    pub en: When,
    /// From which network address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direccion_red: Option<String>,
    /// With which browser, as it says itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agente: Option<String>,
}

impl Facts {
    /// The text whose digest is kept.
    ///
    /// # Errors
    /// Never with these types; serde says otherwise.
    pub fn text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_once_kept_writes_itself_again_letter_by_letter() {
        let kept = concat!(
            r#"{"version":1,"titular":{"tipo_identificacion":"1","identificacion":"71234567","#,
            r#""nombre":"ÑÚÑEZ \"ANA\" 🚀","matricula":"1001","correo":"a@b.co","celular":"3001234567"},"#,
            r#""pin":[{"en":"2026-11-23T18:29:05-05:00","que":"pin_errado","secuencia":7}],"#,
            r#""activacion":{"usuario":1,"verificacion":{"en":"2026-11-23T18:29:09-05:00"}}}"#
        );
        let facts: Facts = serde_json::from_str(kept).unwrap();
        assert_eq!(facts.text().unwrap(), kept);
    }
}
