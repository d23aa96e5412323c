//! Security headers on every answer (OWASP ASVS 5.0, chapter 3).

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::startup::App;

/// What a page may load: its own style, images and calls, and the scripts that carry its nonce.
/// `'wasm-unsafe-eval'` lets the client be compiled; nothing inline passes without the nonce.
pub fn page_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
         object-src 'none'; frame-ancestors 'none'"
    )
}

/// What everything that is no page may load: nothing.
const BARE_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Adds what is missing. Pages have their own policy with a nonce already.
pub async fn secure(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_asset = request.uri().path().starts_with("/pkg/");
    // `?v=…` is a mark of the content (`app::shell::Package`): what it names never changes.
    let is_marked = is_asset && request.uri().query().is_some_and(|query| query.starts_with("v="));
    let mut response = next.run(request).await;
    let found = response.status().is_success() || response.status() == http::StatusCode::NOT_MODIFIED;
    let headers = response.headers_mut();
    set_missing(headers, CONTENT_SECURITY_POLICY, BARE_POLICY);
    set_missing(headers, X_CONTENT_TYPE_OPTIONS, "nosniff");
    // Not `no-referrer`: with it browsers send `Origin: null` on our own forms.
    set_missing(headers, REFERRER_POLICY, "same-origin");
    set_missing(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set_missing(headers, HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set_missing(
        headers,
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), otp-credentials=(self)",
    );
    let cache = match (is_asset, is_marked && found) {
        (true, true) => "public, max-age=31536000, immutable",
        // Plain names stay the same over builds, so that they are asked for again.
        (true, false) => "no-cache",
        // Pages hold personal data.
        (false, _) => "no-store",
    };
    set_missing(headers, CACHE_CONTROL, cache);
    if app.settings.globals.public_url.is_https() {
        set_missing(headers, STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains");
    }
    response
}

fn set_missing(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}
