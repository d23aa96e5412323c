//! `/api/v1/openapi.json`, from the handlers and the table of fields.

use axum::body::Bytes;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::server::Server;
use utoipa::openapi::{ContentBuilder, Ref, ResponseBuilder};
use utoipa::{Modify, OpenApi};

use super::dto::{Keys, NewSignature, Signature, TypedPin};
use super::handlers;
use super::problem::{MEDIA_TYPE, ProblemBody};
use crate::config::PublicUrl;

/// The refusals of each operation, beside those that any may give.
const REFUSALS: [(&str, &[u16]); 7] = [
    ("crearFirma", &[400, 401, 403, 409, 413, 415, 422, 429, 503]),
    ("verFirma", &[401, 404]),
    ("confirmarFirma", &[400, 401, 403, 404, 409, 413, 415, 422, 503]),
    ("reenviarPin", &[401, 404, 409, 429]),
    ("abandonarFirma", &[401, 404, 409]),
    ("verLlaves", &[]),
    ("verLlavesDeCamara", &[404]),
];

/// What any operation may answer.
const ANY: [u16; 2] = [408, 500];

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Clave Segura: servicio de firma",
        description = "Con este servicio los demás sistemas de la cámara piden a un usuario verificado que firme un \
                       documento. El resultado es un registro firmado (JWS) que cualquiera puede comprobar."
    ),
    paths(
        handlers::create,
        handlers::look,
        handlers::confirm,
        handlers::resend,
        handlers::abandon,
        handlers::all_keys,
        handlers::chamber_keys
    ),
    components(schemas(NewSignature, TypedPin, Signature, Keys, ProblemBody)),
    tags(
        (name = "Firmas", description = "Pedir, confirmar y consultar firmas."),
        (name = "Llaves", description = "Comprobar registros.")
    ),
    modifiers(&Common)
)]
struct Specification;

/// What is the same in many operations.
struct Common;

impl Modify for Common {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        if let Some(components) = &mut openapi.components {
            let about = "La clave del sistema, que la cámara entrega una sola vez al crearlo.";
            let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(about)).build();
            components.add_security_scheme("clave_de_sistema", SecurityScheme::Http(bearer));
        }
        for path in openapi.paths.paths.values_mut() {
            for operation in [&mut path.get, &mut path.post, &mut path.delete].into_iter().flatten() {
                add_refusals(operation);
            }
        }
    }
}

fn add_refusals(operation: &mut Operation) {
    let id = operation.operation_id.as_deref().unwrap_or_default();
    let own = REFUSALS.iter().find(|(known, _)| *known == id).map_or(&[][..], |(_, own)| own);
    for status in own.iter().chain(&ANY) {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problema"))).build();
        let mut response = ResponseBuilder::new().description(phrase(*status)).content(MEDIA_TYPE, content);
        let header = |kind: Type, about: &str| {
            HeaderBuilder::new().schema(Some(ObjectBuilder::new().schema_type(kind))).description(Some(about)).build()
        };
        match status {
            401 => response = response.header("WWW-Authenticate", header(Type::String, "Bearer.")),
            429 => response = response.header("Retry-After", header(Type::Integer, "Segundos por esperar.")),
            _ => {}
        }
        operation.responses.responses.insert(status.to_string(), response.build().into());
    }
}

fn phrase(status: u16) -> &'static str {
    match status {
        400 => "El cuerpo no es JSON (`json_invalido`).",
        401 => "Falta la clave del sistema o no está vigente (`no_autorizado`).",
        403 => "Datos o PIN errados, o identificación bloqueada.",
        404 => "No existe.",
        408 => "La solicitud tardó demasiado (`tiempo_agotado`).",
        409 => "El estado de la solicitud no lo permite.",
        413 => "El cuerpo pasa de 16 KiB (`cuerpo_demasiado_grande`).",
        415 => "El cuerpo no es `application/json` (`tipo_no_admitido`).",
        422 => "Campos que faltan o no tienen la forma debida (`campos_invalidos`).",
        429 => "Hay que esperar.",
        503 => "La cámara no puede firmar ahora (`no_disponible`).",
        _ => "Error interno (`error_interno`).",
    }
}

/// The specification of this installation.
pub(super) fn specification(public_url: &PublicUrl) -> Bytes {
    let mut openapi = Specification::openapi();
    openapi.info.version = env!("CARGO_PKG_VERSION").to_owned();
    openapi.servers = Some(vec![Server::new(public_url.as_str())]);
    serde_json::to_vec(&openapi).unwrap_or_default().into()
}
