//! Refusals as RFC 9457 has them: a status, a code that never changes, and Spanish that says what to
//! do. Nothing of what was sent comes back in one.

use axum::Json;
use axum::response::{IntoResponse, Response};
use contract::{ServiceError, Timestamp};
use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::services::firmas::SigningRefusal;

/// The media type of a refusal.
pub(super) const MEDIA_TYPE: &str = "application/problem+json";

/// How long to wait when nobody can say when a budget has room again, in seconds.
const BUDGET_WAIT: i64 = 3600;

/// Every code. Systems branch on them: they are only ever added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Codigo, description = "Código estable del problema: decida según él, nunca según los textos.")]
#[allow(missing_docs)] // each is its own name; `words` says the rest
pub(super) enum Code {
    JsonInvalido,
    NoAutorizado,
    CredencialesErradas,
    IdentidadBloqueada,
    PinErrado,
    FirmaDesconocida,
    CamaraDesconocida,
    RutaDesconocida,
    MetodoNoPermitido,
    TiempoAgotado,
    IdempotenciaReutilizada,
    PinAnulado,
    PinVencido,
    FirmaVencida,
    YaFirmada,
    UsuarioNoVigente,
    ReenviosAgotados,
    CuerpoDemasiadoGrande,
    TipoNoAdmitido,
    CamposInvalidos,
    DemasiadosIntentos,
    ReenvioPronto,
    LimiteSms,
    ErrorInterno,
    NoDisponible,
}

impl Code {
    /// Status, title, and what to do.
    fn words(self) -> (StatusCode, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Self::JsonInvalido => {
                (S::BAD_REQUEST, "El cuerpo no es JSON", "Envíe un objeto JSON bien formado, en UTF-8.")
            }
            Self::NoAutorizado => (
                S::UNAUTHORIZED,
                "Falta la clave del sistema",
                "Envíe la clave vigente del sistema en el encabezado Authorization: Bearer.",
            ),
            Self::CredencialesErradas => (
                S::FORBIDDEN,
                "Los datos no coinciden",
                "La identificación, el correo o la clave no corresponden a un usuario verificado vigente de la cámara. \
                 Pida a la persona que revise los datos y vuelva a intentarlo.",
            ),
            Self::IdentidadBloqueada => (
                S::FORBIDDEN,
                "Identificación bloqueada",
                "Hubo demasiados intentos con esta identificación. La persona debe comunicarse con la cámara para \
                 desbloquearla.",
            ),
            Self::PinErrado => {
                (S::FORBIDDEN, "El PIN no es correcto", "Pida a la persona el PIN del último SMS y vuelva a enviarlo.")
            }
            Self::FirmaDesconocida => (
                S::NOT_FOUND,
                "No existe esa solicitud de firma",
                "Revise el identificador; las solicitudes abandonadas y las de otro sistema no se muestran.",
            ),
            Self::CamaraDesconocida => {
                (S::NOT_FOUND, "No existe esa cámara", "Revise el código de la cámara: dos dígitos.")
            }
            Self::RutaDesconocida => {
                (S::NOT_FOUND, "No existe esa dirección", "Revise la dirección en /api/v1/openapi.json.")
            }
            Self::MetodoNoPermitido => {
                (S::METHOD_NOT_ALLOWED, "Método no permitido", "Use uno de los métodos que indica el encabezado Allow.")
            }
            Self::TiempoAgotado => {
                (S::REQUEST_TIMEOUT, "La solicitud tardó demasiado", "Vuelva a enviarla con la misma idempotencia.")
            }
            Self::IdempotenciaReutilizada => (
                S::CONFLICT,
                "Idempotencia ya usada",
                "Esa idempotencia ya se usó con otros datos o su solicitud se abandonó. Envíe una nueva.",
            ),
            Self::PinAnulado => {
                (S::CONFLICT, "PIN anulado", "El PIN se anuló por los intentos errados. Pida otro con /reenviar.")
            }
            Self::PinVencido => (S::CONFLICT, "PIN vencido", "El PIN ya venció. Pida otro con /reenviar."),
            Self::FirmaVencida => (S::CONFLICT, "Solicitud vencida", "La solicitud ya venció. Cree una nueva."),
            Self::YaFirmada => (
                S::CONFLICT,
                "Ya está firmada",
                "El documento ya se firmó. Consulte la solicitud para obtener el registro.",
            ),
            Self::UsuarioNoVigente => (
                S::CONFLICT,
                "El usuario ya no está vigente",
                "La persona debe comunicarse con la cámara; la solicitud no se puede firmar.",
            ),
            Self::ReenviosAgotados => {
                (S::CONFLICT, "No quedan reenvíos", "Esta solicitud no admite más PIN. Abandónela y cree una nueva.")
            }
            Self::CuerpoDemasiadoGrande => {
                (S::PAYLOAD_TOO_LARGE, "Cuerpo demasiado grande", "El cuerpo no puede pasar de 16 KiB.")
            }
            Self::TipoNoAdmitido => (
                S::UNSUPPORTED_MEDIA_TYPE,
                "Tipo de contenido no admitido",
                "Envíe el cuerpo como JSON, con Content-Type: application/json.",
            ),
            Self::CamposInvalidos => {
                (S::UNPROCESSABLE_ENTITY, "Campos inválidos", "Corrija los campos que indica «errores».")
            }
            Self::DemasiadosIntentos => (
                S::TOO_MANY_REQUESTS,
                "Demasiados intentos",
                "Hubo varios intentos fallidos. Vuelva a intentarlo cuando lo indica Retry-After.",
            ),
            Self::ReenvioPronto => (
                S::TOO_MANY_REQUESTS,
                "Todavía no se puede reenviar",
                "Espere a que llegue el SMS; pida otro PIN cuando lo indica Retry-After.",
            ),
            Self::LimiteSms => (
                S::TOO_MANY_REQUESTS,
                "Límite de SMS",
                "Se alcanzó el límite de SMS de las últimas 24 horas. Intente más tarde o comuníquese con la cámara.",
            ),
            Self::ErrorInterno => {
                (S::INTERNAL_SERVER_ERROR, "Error interno", "Informe a la cámara la referencia e intente más tarde.")
            }
            Self::NoDisponible => (
                S::SERVICE_UNAVAILABLE,
                "Firma no disponible",
                "La cámara no puede firmar en este momento. Intente más tarde o comuníquese con ella.",
            ),
        }
    }

    fn name(self) -> String {
        serde_json::to_value(self).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

/// One field at fault.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CampoErrado)]
pub(super) struct FieldFault {
    /// Nombre del campo.
    pub campo: &'static str,
    /// Qué debe contener.
    pub detalle: String,
}

/// A refusal on its way out.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    code: Code,
    faults: Vec<FieldFault>,
    remaining: Option<u8>,
    reference: Option<String>,
    /// In seconds.
    retry_after: Option<i64>,
}

/// Problema según la RFC 9457.
#[derive(Serialize, ToSchema)]
#[schema(as = Problema)]
pub(super) struct ProblemBody {
    /// `urn:clave-segura:` seguido del código.
    #[serde(rename = "type")]
    kind: String,
    /// Título breve.
    title: &'static str,
    /// El mismo estado HTTP de la respuesta.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// Qué hacer.
    detail: &'static str,
    codigo: Code,
    /// Con `campos_invalidos`: cada campo por corregir.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errores: Vec<FieldFault>,
    /// Con `pin_errado`: intentos antes de que el PIN se anule.
    #[serde(skip_serializing_if = "Option::is_none")]
    intentos_restantes: Option<u8>,
    /// Con `error_interno`: nombre del caso en los registros del servidor.
    #[serde(skip_serializing_if = "Option::is_none")]
    referencia: Option<String>,
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Self { code, faults: Vec::new(), remaining: None, reference: None, retry_after: None }
    }
}

impl Problem {
    /// `campos_invalidos`.
    pub(super) fn of_fields(faults: Vec<FieldFault>) -> Self {
        Self { faults, ..Code::CamposInvalidos.into() }
    }

    /// What a refusal of the service is here, `now` for the time to wait.
    pub(super) fn of_refusal(refusal: SigningRefusal, now: Timestamp) -> Self {
        // A second more than is left of the present one: whoever waits so long is not too early.
        let until = |at: Timestamp| Some((at.seconds_since(now) + 1).max(1));
        match refusal {
            SigningRefusal::Credentials => Code::CredencialesErradas.into(),
            SigningRefusal::Locked => Code::IdentidadBloqueada.into(),
            SigningRefusal::Wait { until: at } => Self { retry_after: until(at), ..Code::DemasiadosIntentos.into() },
            SigningRefusal::SmsBudget => Self { retry_after: Some(BUDGET_WAIT), ..Code::LimiteSms.into() },
            SigningRefusal::IdempotencyReused => Code::IdempotenciaReutilizada.into(),
            SigningRefusal::NotFound => Code::FirmaDesconocida.into(),
            SigningRefusal::WrongPin { remaining } => Self { remaining: Some(remaining), ..Code::PinErrado.into() },
            SigningRefusal::PinVoided => Code::PinAnulado.into(),
            SigningRefusal::PinExpired => Code::PinVencido.into(),
            SigningRefusal::Over => Code::FirmaVencida.into(),
            SigningRefusal::AlreadySigned => Code::YaFirmada.into(),
            SigningRefusal::UserGone => Code::UsuarioNoVigente.into(),
            SigningRefusal::TooSoon { from } => Self { retry_after: until(from), ..Code::ReenvioPronto.into() },
            SigningRefusal::Exhausted => Code::ReenviosAgotados.into(),
            SigningRefusal::Unavailable => Code::NoDisponible.into(),
            SigningRefusal::Failed(error) => error.into(),
        }
    }
}

impl From<ServiceError> for Problem {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::DiskFull => Code::NoDisponible.into(),
            ServiceError::Unexpected { reference } => Self { reference: Some(reference), ..Code::ErrorInterno.into() },
            _ => Code::ErrorInterno.into(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, title, detail) = self.code.words();
        let body = ProblemBody {
            kind: format!("urn:clave-segura:{}", self.code.name()),
            title,
            status: status.as_u16(),
            detail,
            codigo: self.code,
            errores: self.faults,
            intentos_restantes: self.remaining,
            referencia: self.reference,
        };
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.code == Code::NoAutorizado {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"firmas\""));
        }
        response
    }
}
