//! What a request carries: before it reaches a page or a server function, its cookies are turned
//! into services bound to whoever sent it. Without a session there is no `Console` to be found.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use contract::activation::ActivationDoor;
use contract::console::{Console, PublicSite};
use contract::disown::DisownDoor;
use contract::mailbox::MailboxService;
use http::header::{CONTENT_SECURITY_POLICY, SET_COOKIE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue};
use leptos::prelude::{provide_context, use_context};

use super::headers::page_policy;
use crate::secrets::random_token;
use crate::services::actor::Actor;
use crate::services::staff;
use crate::startup::App;

/// A staff session's cookie.
pub const SESSION: &str = "sesion";

/// The public transaction's cookie.
const ACTIVATION: &str = "activacion";

/// What an open page asks for by itself: looking on is no use of the session, so that it ends in time.
const LOOKING_ON: [&str; 4] =
    ["/consola/eventos", "/api/consola/progreso", "/api/consola/campana-al-dia", "/api/consola/correos-del-envio"];

/// Who sent the request, where a handler of its own (upload, export) needs it.
#[derive(Clone)]
pub struct Caller(pub Actor);

/// The network address the request came from.
#[derive(Clone, Copy)]
pub struct Network(pub IpAddr);

/// The services of one request, as the pages find them.
#[derive(Clone)]
struct Bound {
    console: Option<Console>,
    activation: ActivationDoor,
    disown: DisownDoor,
    site: PublicSite,
    mailbox: Option<Arc<dyn MailboxService>>,
}

/// Resolves cookies and binds services; gives the browser its activation cookie when it has none.
pub async fn bind(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let network = network(&app, &request);
    request.extensions_mut().insert(Network(network));

    let session_token = cookie(&app, request.headers(), SESSION).map(str::to_owned);
    let mut console = None;
    if let Some(token) = session_token {
        let found = if LOOKING_ON.contains(&request.uri().path()) {
            staff::peek(&app.db, &app.clock, &token).await
        } else {
            staff::resolve(&app.db, &app.clock, &token).await
        };
        if let Ok(Some((actor, session))) = found {
            console = app.console(&actor, session);
            request.extensions_mut().insert(Caller(actor));
        }
    }

    let known = cookie(&app, request.headers(), ACTIVATION).filter(|token| token.len() == 43).map(str::to_owned);
    let is_public = ["/activacion/", "/api/activacion/"].iter().any(|prefix| request.uri().path().starts_with(prefix));
    let fresh = (known.is_none() && is_public).then(random_token);
    let activation_token = known.or_else(|| fresh.clone()).unwrap_or_default();

    let (door_app, disown_app) = (app.clone(), app.clone());
    let bound = Bound {
        console,
        activation: ActivationDoor(Arc::new(move |camara| door_app.activation(camara, &activation_token, network))),
        disown: DisownDoor(Arc::new(move |camara| disown_app.disown(camara, network))),
        site: app.public_site(),
        mailbox: app.mailbox.clone().map(|mailbox| mailbox as Arc<dyn MailboxService>),
    };
    request.extensions_mut().insert(bound);

    let mut response = next.run(request).await;
    if let Some(token) = fresh
        && let Ok(value) = HeaderValue::from_str(&set_cookie(&app, ACTIVATION, &token))
    {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}

/// Hands the request's services to Leptos, and its page the policy with the nonce.
pub fn provide() {
    let Some(bound) = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Bound>().cloned()) else {
        return;
    };
    if let Some(console) = bound.console {
        provide_context(console);
    }
    if let Some(mailbox) = bound.mailbox {
        provide_context(mailbox);
    }
    provide_context(bound.activation);
    provide_context(bound.disown);
    provide_context(bound.site);
    if let (Some(nonce), Some(response)) = (leptos::nonce::use_nonce(), use_context::<leptos_axum::ResponseOptions>())
        && let Ok(policy) = HeaderValue::from_str(&page_policy(&nonce))
    {
        response.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
}

/// `__Host-` binds a cookie to this host over TLS; browsers refuse the prefix without TLS.
fn cookie_name(app: &App, name: &str) -> String {
    let prefix = if app.settings.globals.public_url.is_https() { "__Host-" } else { "" };
    format!("{prefix}{name}")
}

/// A `Set-Cookie` value that lives as long as the browser's session.
pub fn set_cookie(app: &App, name: &str, value: &str) -> String {
    let secure = if app.settings.globals.public_url.is_https() { "; Secure" } else { "" };
    format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}", cookie_name(app, name))
}

/// The value of one of our cookies.
pub fn cookie<'a>(app: &App, headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let name = cookie_name(app, name);
    headers
        .get_all(http::header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name && !value.is_empty()).then_some(value))
}

/// The sender's address: the connection's own, or, from a trusted proxy, the last address in
/// `X-Forwarded-For` that is no trusted proxy itself.
pub(super) fn network(app: &App, request: &Request) -> IpAddr {
    let connection = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = connection.map_or(IpAddr::from([127, 0, 0, 1]), |ConnectInfo(address)| address.ip());
    let trusted = &app.settings.globals.trusted_proxies;
    if !trusted.contains(&peer) {
        return peer;
    }
    let forwarded: Vec<IpAddr> = request
        .headers()
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|part| part.trim().parse().ok())
        .collect();
    forwarded.into_iter().rev().find(|address| !trusted.contains(address)).unwrap_or(peer)
}
