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
use contract::verification::VerificationService;
use http::header::{CONTENT_SECURITY_POLICY, SET_COOKIE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, header};
use leptos::prelude::{provide_context, use_context};

use super::headers::page_policy;
use crate::config::{self, covers};
use crate::secrets::random_token;
use crate::services::activation::Origin;
use crate::services::actor::Actor;
use crate::services::staff::Insider;
use crate::startup::App;

/// A staff session's cookie: no other site, not even by a link, makes the browser send it.
pub const SESSION: Cookie = Cookie { name: "sesion", same_site: "Strict" };

/// The public transaction's cookie. Merchants come by a link in a mail, and may come back by it.
const ACTIVATION: Cookie = Cookie { name: "activacion", same_site: "Lax" };

/// One of our cookies.
#[derive(Clone, Copy)]
pub struct Cookie {
    name: &'static str,
    same_site: &'static str,
}

/// The most addresses of `X-Forwarded-For` that are looked at, from the nearest on.
const MOST_HOPS: usize = 32;

/// What an open page asks for by itself: looking on is no use of the session, so that it ends in time.
const LOOKING_ON: [&str; 4] =
    ["/consola/eventos", "/api/consola/progreso", "/api/consola/campana-al-dia", "/api/consola/correos-del-envio"];

/// Who sent the request, where a handler of its own (upload, export) needs it.
#[derive(Clone)]
pub struct Caller(pub Actor);

/// Whose session the request came with, whole or not, where log-in and account need it.
#[derive(Clone)]
pub struct Inside(pub Insider);

/// The network address the request came from.
#[derive(Clone, Copy)]
pub struct Network(pub IpAddr);

/// The services of one request, as the pages find them.
#[derive(Clone)]
struct Bound {
    console: Option<Console>,
    activation: ActivationDoor,
    disown: DisownDoor,
    verification: Arc<dyn VerificationService>,
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
            app.staff.peek(&token).await
        } else {
            app.staff.resolve(&token).await
        };
        match found {
            Ok(Some((actor, session))) => {
                request.extensions_mut().insert(Inside(session.insider.clone()));
                console = app.console(&actor, session);
                request.extensions_mut().insert(Caller(actor));
            }
            // Of one that is not whole yet, only the second step knows.
            Ok(None) => {
                if let Ok(Some(insider)) = app.staff.insider(&token).await {
                    request.extensions_mut().insert(Inside(insider));
                }
            }
            Err(_) => {}
        }
    }

    let known = cookie(&app, request.headers(), ACTIVATION).filter(|token| token.len() == 43).map(str::to_owned);
    let is_public = ["/activacion/", "/api/activacion/"].iter().any(|prefix| request.uri().path().starts_with(prefix));
    let fresh = (known.is_none() && is_public).then(random_token);
    let activation_token = known.or_else(|| fresh.clone()).unwrap_or_default();

    let agent = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    let origin = Origin::new(network, agent);
    let (door_app, disown_app) = (app.clone(), app.clone());
    let bound = Bound {
        console,
        activation: ActivationDoor(Arc::new(move |camara| {
            door_app.activation(camara, &activation_token, origin.clone())
        })),
        verification: app.verification(),
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
    provide_context(bound.verification);
    provide_context(bound.site);
    if let (Some(nonce), Some(response)) = (leptos::nonce::use_nonce(), use_context::<leptos_axum::ResponseOptions>())
        && let Ok(policy) = HeaderValue::from_str(&page_policy(&nonce))
    {
        response.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
}

/// `__Host-` binds a cookie to this host over TLS; browsers refuse the prefix without TLS.
fn cookie_name(app: &App, cookie: Cookie) -> String {
    let prefix = if app.settings.globals.public_url.is_https() { "__Host-" } else { "" };
    format!("{prefix}{}", cookie.name)
}

/// A `Set-Cookie` value that lives as long as the browser's session.
pub fn set_cookie(app: &App, cookie: Cookie, value: &str) -> String {
    let secure = if app.settings.globals.public_url.is_https() { "; Secure" } else { "" };
    format!("{}={value}; Path=/; HttpOnly; SameSite={}{secure}", cookie_name(app, cookie), cookie.same_site)
}

/// The value of one of our cookies.
pub fn cookie<'a>(app: &App, headers: &'a HeaderMap, cookie: Cookie) -> Option<&'a str> {
    let name = cookie_name(app, cookie);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name && !value.is_empty()).then_some(value))
}

/// The sender's address: the connection's own, or, from a trusted proxy, what the proxies say.
pub(super) fn network(app: &App, request: &Request) -> IpAddr {
    let connection = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = connection.map_or(IpAddr::from([127, 0, 0, 1]), |ConnectInfo(address)| address.ip());
    sender(peer.to_canonical(), request.headers(), &app.settings.globals.trusted_proxies)
}

/// From the nearest hop backwards: the first address that is no trusted proxy. What stands before it was
/// written by anybody. A hop that cannot be read ends the search at the proxy that wrote it. `Forwarded`
/// is no source: a proxy that speaks only the other header passes on whatever its client wrote there.
#[must_use]
pub fn sender(peer: IpAddr, headers: &HeaderMap, trusted: &[config::Network]) -> IpAddr {
    if !covers(trusted, peer) {
        return peer;
    }
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    // As bytes: what a client wrote before it may be no text at all.
    let hops = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    let mut nearest = peer;
    for hop in hops.take(MOST_HOPS) {
        let Some(address) = std::str::from_utf8(hop).ok().and_then(|hop| hop_address(hop.trim())) else {
            return nearest;
        };
        nearest = address.to_canonical();
        if !covers(trusted, nearest) {
            return nearest;
        }
    }
    nearest
}

/// `190.0.0.1`, `190.0.0.1:4711`, `2001:db8::1`, `[2001:db8::1]:4711`.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(hop);
    bare.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}
