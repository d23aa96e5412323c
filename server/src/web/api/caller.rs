//! Who calls, and what is named in the path. Both are looked at before any body is.

use axum::extract::FromRequestParts;
use contract::ChamberCode;
use http::header::AUTHORIZATION;
use http::request::Parts;

use super::ApiState;
use super::problem::{Code, Problem};
use crate::services::firmas::{SigningDesk, authenticate};

/// Hexadecimal letters of a request's name.
const CODE_LENGTH: usize = 32;

/// The signing service, bound to the system whose key was shown.
pub(super) struct Caller(pub(super) SigningDesk);

impl FromRequestParts<ApiState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let key = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(bearer);
        let system = match key {
            Some(key) => authenticate(&state.app.db, key).await?,
            None => None,
        };
        // A key of a chamber that is configured no longer opens nothing.
        let desk = system.and_then(|system| state.app.signing(&state.tools, system));
        desk.map(Self).ok_or_else(|| Code::NoAutorizado.into())
    }
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

/// The request that the path names. Read from the path itself: one of another form is simply not there.
pub(super) struct RequestCode(pub(super) String);

impl FromRequestParts<ApiState> for RequestCode {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &ApiState) -> Result<Self, Problem> {
        let is_code = |text: &&str| {
            text.len() == CODE_LENGTH && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        };
        let named = fourth_segment(parts).filter(is_code);
        named.map(|code| Self(code.to_owned())).ok_or_else(|| Code::FirmaDesconocida.into())
    }
}

/// The chamber that the path names.
pub(super) struct Chamber(pub(super) ChamberCode);

impl FromRequestParts<ApiState> for Chamber {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &ApiState) -> Result<Self, Problem> {
        let code = fourth_segment(parts).and_then(ChamberCode::parse);
        code.map(Self).ok_or_else(|| Code::CamaraDesconocida.into())
    }
}

/// `/api/v1/firmas/THIS/…`.
fn fourth_segment(parts: &Parts) -> Option<&str> {
    parts.uri.path().split('/').nth(4)
}
