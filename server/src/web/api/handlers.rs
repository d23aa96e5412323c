//! The endpoints: from HTTP to the service and back.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use contract::Timestamp;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use http::{HeaderValue, StatusCode};
use serde_json::Value;

use super::ApiState;
use super::caller::{Caller, Chamber, RequestCode};
use super::dto::{Keys, NewSignature, Signature, TypedPin};
use super::fields::JsonObject;
use super::problem::{Code, Problem};
use crate::config;
use crate::services::firmas::{SigningRefusal, SigningView};

/// What is the same for everybody and changes seldom.
const CACHED: HeaderValue = HeaderValue::from_static("public, max-age=300");

const JWK_SET: &str = "application/jwk-set+json";

type Answer = Result<Response, Problem>;

impl ApiState {
    fn now(&self) -> Timestamp {
        self.tools.clock.now()
    }

    fn shown(&self, result: Result<SigningView, SigningRefusal>) -> Answer {
        match result {
            Ok(view) => Ok(Json(Signature::from(view)).into_response()),
            Err(refusal) => Err(Problem::of_refusal(refusal, self.now())),
        }
    }
}

#[utoipa::path(
    post, path = "/api/v1/firmas", operation_id = "crearFirma", tag = "Firmas",
    summary = "Pide la firma de un documento",
    description = "Compara la identificación, el correo y la clave con los de un usuario verificado vigente y le envía \
                   un PIN por SMS. Cualquier dato errado da la misma respuesta.",
    request_body = NewSignature,
    responses(
        (status = 201, description = "Solicitud creada; el PIN va en camino.", body = Signature,
         headers(("Location" = String, description = "Dirección de la solicitud.")),
         links(
            ("ver" = (operation_id = "verFirma", parameters(("id" = "$response.body#/id")))),
            ("confirmar" = (operation_id = "confirmarFirma", parameters(("id" = "$response.body#/id")))),
            ("reenviar" = (operation_id = "reenviarPin", parameters(("id" = "$response.body#/id")))),
            ("abandonar" = (operation_id = "abandonarFirma", parameters(("id" = "$response.body#/id"))))
         )),
        (status = 200, description = "La idempotencia ya tenía esta solicitud.", body = Signature),
    ),
    security(("clave_de_sistema" = []))
)]
pub(super) async fn create(Caller(desk): Caller, State(state): State<ApiState>, body: JsonObject) -> Answer {
    match desk.ask(NewSignature::read(body)?).await {
        Ok((view, true)) => {
            let location = format!("/api/v1/firmas/{}", view.codigo);
            Ok((StatusCode::CREATED, [(LOCATION, location)], Json(Signature::from(view))).into_response())
        }
        Ok((view, false)) => state.shown(Ok(view)),
        Err(refusal) => state.shown(Err(refusal)),
    }
}

#[utoipa::path(
    get, path = "/api/v1/firmas/{id}", operation_id = "verFirma", tag = "Firmas",
    summary = "Consulta una solicitud",
    description = "Su estado y, cuando está firmada, el registro.",
    params(("id" = String, Path, description = "Identificador de la solicitud.", pattern = "^[0-9a-f]{32}$")),
    responses((status = 200, description = "La solicitud.", body = Signature)),
    security(("clave_de_sistema" = []))
)]
pub(super) async fn look(
    Caller(desk): Caller,
    State(state): State<ApiState>,
    RequestCode(code): RequestCode,
) -> Answer {
    state.shown(desk.look(&code).await)
}

#[utoipa::path(
    post, path = "/api/v1/firmas/{id}/confirmar", operation_id = "confirmarFirma", tag = "Firmas",
    summary = "Confirma con el PIN y firma",
    description = "Con el PIN correcto devuelve la solicitud firmada con su registro. Si la respuesta se pierde, envíe \
                   el mismo PIN otra vez: devuelve el mismo registro.",
    params(("id" = String, Path, description = "Identificador de la solicitud.", pattern = "^[0-9a-f]{32}$")),
    request_body = TypedPin,
    responses((status = 200, description = "Firmada.", body = Signature)),
    security(("clave_de_sistema" = []))
)]
pub(super) async fn confirm(
    Caller(desk): Caller,
    State(state): State<ApiState>,
    RequestCode(code): RequestCode,
    body: JsonObject,
) -> Answer {
    let pin = TypedPin::read(body)?;
    state.shown(desk.confirm(&code, &pin).await)
}

#[utoipa::path(
    post, path = "/api/v1/firmas/{id}/reenviar", operation_id = "reenviarPin", tag = "Firmas",
    summary = "Envía otro PIN",
    description = "El PIN anterior deja de servir.",
    params(("id" = String, Path, description = "Identificador de la solicitud.", pattern = "^[0-9a-f]{32}$")),
    responses((status = 200, description = "Otro PIN va en camino.", body = Signature)),
    security(("clave_de_sistema" = []))
)]
pub(super) async fn resend(
    Caller(desk): Caller,
    State(state): State<ApiState>,
    RequestCode(code): RequestCode,
) -> Answer {
    state.shown(desk.resend(&code).await)
}

#[utoipa::path(
    delete, path = "/api/v1/firmas/{id}", operation_id = "abandonarFirma", tag = "Firmas",
    summary = "Abandona una solicitud",
    description = "Desde entonces no existe. Una solicitud firmada no se puede abandonar.",
    params(("id" = String, Path, description = "Identificador de la solicitud.", pattern = "^[0-9a-f]{32}$")),
    responses((status = 204, description = "Abandonada.")),
    security(("clave_de_sistema" = []))
)]
pub(super) async fn abandon(
    Caller(desk): Caller,
    State(state): State<ApiState>,
    RequestCode(code): RequestCode,
) -> Answer {
    match desk.abandon(&code).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(refusal) => state.shown(Err(refusal)),
    }
}

#[utoipa::path(
    get, path = "/api/v1/llaves", operation_id = "verLlaves", tag = "Llaves",
    summary = "Llaves públicas de todas las cámaras",
    description = "Con ellas cualquiera comprueba un registro. No pide clave.",
    responses((status = 200, description = "Las llaves.", body = Keys, content_type = "application/jwk-set+json")),
    security(())
)]
pub(super) async fn all_keys(State(state): State<ApiState>) -> Answer {
    let mut keys = Vec::new();
    for chamber in state.app.chambers.values() {
        keys.extend(published(&state, chamber).await?);
    }
    Ok(key_set(keys))
}

#[utoipa::path(
    get, path = "/api/v1/camaras/{camara}/llaves", operation_id = "verLlavesDeCamara", tag = "Llaves",
    summary = "Llaves públicas de una cámara",
    description = "La dirección es el emisor (`iss`) del registro seguido de `/llaves`. No pide clave.",
    params(("camara" = String, Path, description = "Código de la cámara.", pattern = "^[0-9]{2}$")),
    responses((status = 200, description = "Las llaves.", body = Keys, content_type = "application/jwk-set+json")),
    security(())
)]
pub(super) async fn chamber_keys(State(state): State<ApiState>, Chamber(camara): Chamber) -> Answer {
    let chamber = state.app.chambers.get(&camara).ok_or(Code::CamaraDesconocida)?;
    Ok(key_set(published(&state, chamber).await?))
}

/// The specification. It does not describe itself.
pub(super) async fn specification(State(state): State<ApiState>) -> Response {
    let json = HeaderValue::from_static("application/json");
    ([(CONTENT_TYPE, json), (CACHE_CONTROL, CACHED)], state.specification).into_response()
}

async fn published(state: &ApiState, chamber: &config::Chamber) -> Result<Vec<Value>, Problem> {
    Ok(state.tools.keys.published(&state.app.db, chamber, state.now()).await?)
}

fn key_set(keys: Vec<Value>) -> Response {
    let headers = [(CONTENT_TYPE, HeaderValue::from_static(JWK_SET)), (CACHE_CONTROL, CACHED)];
    (headers, Json(Keys { keys })).into_response()
}
