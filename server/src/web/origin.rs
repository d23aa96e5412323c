//! Requests that change something must come from our own pages.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode};

use crate::startup::App;

/// Refuses with 403 what a browser says comes from another site. Every browser sends at least one
/// of the two headers with a POST; what sends neither is no browser and carries no one's cookies.
pub async fn same_origin(State(app): State<App>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads || is_own(request.headers(), app.settings.globals.public_url.as_str()) {
        return next.run(request).await;
    }
    (StatusCode::FORBIDDEN, "La solicitud viene de otro sitio y no se aceptó.").into_response()
}

fn is_own(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => origin == public_url,
        (None, None) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_and_what_is_no_browser_may_post() {
        let own = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, value.parse().unwrap());
            }
            is_own(&headers, "https://claves.example.org")
        };
        assert!(own(&[("sec-fetch-site", "same-origin")]));
        assert!(own(&[("origin", "https://claves.example.org")]));
        assert!(own(&[]));
        assert!(!own(&[("sec-fetch-site", "cross-site"), ("origin", "https://claves.example.org")]));
        assert!(!own(&[("sec-fetch-site", "same-site")]));
        assert!(!own(&[("origin", "https://claves.example.org.evil.example")]));
        assert!(!own(&[("origin", "null")]));
    }
}
