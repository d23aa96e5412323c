//! Security headers on every answer (OWASP ASVS 5.0, chapter 3), and which methods and hosts there are.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

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

/// What a page without any script may load.
pub const SCRIPTLESS_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                                     base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

/// What everything that is no page may load: nothing.
const BARE_POLICY: &str =
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; form-action 'none'";

/// What answers to any name: whoever watches the process asks it by its address.
const NAMELESS: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// Adds what is missing. Pages have their own policy with a nonce already.
pub async fn secure(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let (is_asset, may_be_found) = (path.starts_with("/pkg/"), path == "/");
    // `?v=…` is a mark of the content (`app::shell::Package`): what it names never changes.
    let is_marked = is_asset && request.uri().query().is_some_and(|query| query.starts_with("v="));
    let mut response = match refused(&app, &request) {
        Some(refusal) => refusal,
        None => next.run(request).await,
    };
    let found = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    let headers = response.headers_mut();
    set_missing(headers, CONTENT_SECURITY_POLICY, BARE_POLICY);
    set_missing(headers, X_CONTENT_TYPE_OPTIONS, "nosniff");
    // Not `no-referrer`: with it browsers send `Origin: null` on our own forms.
    set_missing(headers, REFERRER_POLICY, "same-origin");
    set_missing(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set_missing(headers, HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set_missing(headers, HeaderName::from_static("x-permitted-cross-domain-policies"), "none");
    set_missing(
        headers,
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), otp-credentials=(self)",
    );
    if !may_be_found {
        set_missing(headers, HeaderName::from_static("x-robots-tag"), "noindex, nofollow");
    }
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

/// Outside the API, which answers for itself, no route knows any other method; and no page is asked for under a foreign name: a browser that is
/// made to take this server for another site (DNS rebinding) gets nothing.
fn refused(app: &App, request: &Request) -> Option<Response> {
    let is_read_or_form = matches!(*request.method(), Method::GET | Method::HEAD | Method::POST);
    if !is_read_or_form && !request.uri().path().starts_with("/api/v1/") {
        let allow = [(ALLOW, HeaderValue::from_static("GET, HEAD, POST"))];
        return Some((StatusCode::METHOD_NOT_ALLOWED, allow).into_response());
    }
    let public = &app.settings.globals.public_url;
    let mut hosts = request.headers().get_all(HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok());
    let is_ours = host.is_some_and(|host| public.is_called(host)) && hosts.next().is_none();
    if is_ours || NAMELESS.contains(&request.uri().path()) {
        return None;
    }
    let text =
        "Esta dirección no corresponde al sitio (PUBLIC_URL); el proxy debe pasar la cabecera Host sin cambiarla.";
    Some((StatusCode::MISDIRECTED_REQUEST, text).into_response())
}

fn set_missing(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}
