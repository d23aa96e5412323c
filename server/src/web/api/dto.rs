//! What goes in and out, as JSON. The comments of what goes out stand in the specification: they are
//! for the integrators, and in their language.

use std::borrow::Cow;

use domain::pin::Pin;
use domain::signature::Standing;
use serde::Serialize;
use serde_json::Value;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};
use zeroize::Zeroizing;

use super::fields::{Field, Form, JsonObject, schema_of};
use super::problem::{Code, Problem};
use crate::services::firmas::{Asked, Document, SigningView};

const ASKED: [Field; 8] = [
    Field {
        name: "documento_sha256",
        required: true,
        longest: 64,
        form: Form::Sha256,
        about: "SHA-256 del documento, en hexadecimal. El documento mismo nunca se envía.",
    },
    Field {
        name: "documento_nombre",
        required: true,
        longest: 200,
        form: Form::Line,
        about: "Nombre del documento, como lo conoce quien firma.",
    },
    Field {
        name: "documento_descripcion",
        required: false,
        longest: 500,
        form: Form::Line,
        about: "De qué trata el documento.",
    },
    Field {
        name: "identificacion",
        required: true,
        longest: 40,
        form: Form::Line,
        about: "Identificación de quien firma, como la digitó.",
    },
    Field {
        name: "correo",
        required: true,
        longest: 254,
        form: Form::Address,
        about: "Correo registrado de quien firma, como lo digitó.",
    },
    Field {
        name: "clave",
        required: true,
        longest: 128,
        form: Form::Secret,
        about: "Clave segura de quien firma. No la guarde ni la registre.",
    },
    Field {
        name: "idempotencia",
        required: false,
        longest: 64,
        form: Form::Token,
        about: "La misma idempotencia con los mismos datos da la misma solicitud, sin otro SMS.",
    },
    Field {
        name: "ip_firmante",
        required: false,
        longest: 45,
        form: Form::Ip,
        about: "Dirección de red de quien firma, como la ve su sistema; queda en el registro.",
    },
];

const PIN: [Field; 1] =
    [Field {
        name: "pin", required: true, longest: 6, form: Form::Pin, about: "El PIN del último SMS, sin espacios."
    }];

/// The body of `POST /firmas`.
pub(super) struct NewSignature;

/// The body of `…/confirmar`.
pub(super) struct TypedPin;

impl NewSignature {
    pub(super) fn read(body: JsonObject) -> Result<Asked, Problem> {
        let [sha256, nombre, descripcion, identificacion, correo, clave, idempotencia, ip] = body.read(&ASKED)?;
        Ok(Asked {
            document: Document {
                sha256: sha256.unwrap_or_default().to_ascii_lowercase(),
                nombre: nombre.unwrap_or_default(),
                descripcion,
            },
            identificacion: identificacion.unwrap_or_default(),
            correo: correo.unwrap_or_default(),
            clave: Zeroizing::new(clave.unwrap_or_default()),
            idempotencia,
            ip_firmante: ip.and_then(|text| text.parse().ok()),
        })
    }
}

impl TypedPin {
    pub(super) fn read(body: JsonObject) -> Result<Pin, Problem> {
        let [pin] = body.read(&PIN)?;
        pin.and_then(|typed| Pin::parse(&typed)).ok_or_else(|| Code::CamposInvalidos.into())
    }
}

impl PartialSchema for NewSignature {
    fn schema() -> RefOr<Schema> {
        schema_of(&ASKED, "Qué se firma y quién firma.")
    }
}

impl ToSchema for NewSignature {
    fn name() -> Cow<'static, str> {
        "SolicitudDeFirma".into()
    }
}

impl PartialSchema for TypedPin {
    fn schema() -> RefOr<Schema> {
        schema_of(&PIN, "El PIN que recibió quien firma.")
    }
}

impl ToSchema for TypedPin {
    fn name() -> Cow<'static, str> {
        "ConfirmacionConPin".into()
    }
}

/// En qué va una solicitud.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = EstadoDeFirma)]
pub(super) enum State {
    /// Espera el PIN.
    Pendiente,
    /// Los intentos errados anularon el PIN; se puede pedir otro.
    PinAnulado,
    /// Se le acabó el tiempo.
    Vencida,
    /// Firmada: `registro` trae la evidencia.
    Firmada,
}

/// Una solicitud de firma.
#[derive(Serialize, ToSchema)]
#[schema(as = Firma)]
pub(super) struct Signature {
    /// Identificador de la solicitud.
    #[schema(pattern = "^[0-9a-f]{32}$")]
    id: String,
    estado: State,
    /// Celular registrado al que va el PIN, enmascarado.
    #[schema(example = "300 *** **67")]
    celular: String,
    /// Si el proveedor de SMS recibió el último PIN; si no, pida otro de inmediato.
    pin_enviado: bool,
    /// Hasta cuándo sirve el último PIN.
    #[schema(format = DateTime)]
    vence_en: String,
    /// Hasta cuándo se puede confirmar o reenviar.
    #[schema(format = DateTime)]
    solicitud_vence_en: String,
    /// Desde cuándo se puede pedir otro PIN; falta cuando ya no se puede.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    reenvio_desde: Option<String>,
    /// SHA-256 del documento.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    documento_sha256: String,
    /// Nombre del documento.
    documento_nombre: String,
    /// De qué trata.
    #[serde(skip_serializing_if = "Option::is_none")]
    documento_descripcion: Option<String>,
    /// Cuándo se pidió.
    #[schema(format = DateTime)]
    creada_en: String,
    /// Cuándo se firmó.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    firmada_en: Option<String>,
    /// El registro firmado (JWS compacto). Guárdelo con el documento.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$")]
    registro: Option<String>,
}

impl From<SigningView> for Signature {
    fn from(view: SigningView) -> Self {
        Self {
            id: view.codigo,
            estado: match view.standing {
                Standing::Waiting => State::Pendiente,
                Standing::Voided => State::PinAnulado,
                // An abandoned one is never shown.
                Standing::Over | Standing::Abandoned => State::Vencida,
                Standing::Signed => State::Firmada,
            },
            celular: view.celular,
            pin_enviado: view.pin_sent,
            vence_en: view.pin_expires.iso(),
            solicitud_vence_en: view.expires.iso(),
            reenvio_desde: view.resend_from.map(|at| at.max(view.created).iso()),
            documento_sha256: view.document.sha256,
            documento_nombre: view.document.nombre,
            documento_descripcion: view.document.descripcion,
            creada_en: view.created.iso(),
            firmada_en: view.signed.map(|at| at.iso()),
            registro: view.record,
        }
    }
}

/// Llaves públicas (RFC 7517).
#[derive(Serialize, ToSchema)]
#[schema(as = Llaves)]
pub(super) struct Keys {
    /// Cada llave con la que se firmaron registros, con su certificado en `x5c`.
    #[schema(value_type = Vec<Object>)]
    pub(super) keys: Vec<Value>,
}
