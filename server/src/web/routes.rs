//! Every route of the site, with who may ask for it: the router is built from this table, and the test
//! of access walks it, so that no route escapes it.

use app::{ActivationApp, ConsoleApp};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, delete, get, post};
use http::header::REFERER;
use http::{HeaderValue, Method, StatusCode};
use leptos_axum::generate_route_list;

use super::{
    account, api, context, evidence, export, health, mailbox, metrics, progress, sample, second_factor, session,
    upload, verify,
};
use crate::startup::App;

/// Who may ask for a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Anyone,
    /// Staff with a whole session; each service asks for the role.
    Staff,
    /// Staff whose password was right, for the second step.
    SecondStep,
    /// Whoever watches the process: `/metrics` asks for the network.
    Monitor,
    /// A system of the chamber, by its key.
    System,
}

/// One method of one route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteInfo {
    /// The method.
    pub method: Method,
    /// The pattern, with its parameters in braces.
    pub path: String,
    /// Who may ask for it.
    pub access: Access,
}

/// Routes and the router made of them, over the state that their handlers find.
pub(super) struct Table<S = App> {
    routes: Vec<RouteInfo>,
    router: Router<S>,
}

impl<S: Clone + Send + Sync + 'static> Default for Table<S> {
    fn default() -> Self {
        Self { routes: Vec::new(), router: Router::new() }
    }
}

impl<S: Clone + Send + Sync + 'static> Table<S> {
    pub(super) fn get<H, T>(self, access: Access, path: &str, handler: H) -> Self
    where
        H: axum::handler::Handler<T, S>,
        T: 'static,
    {
        self.with(Method::GET, access, path, get(handler))
    }

    pub(super) fn post<H, T>(self, access: Access, path: &str, handler: H) -> Self
    where
        H: axum::handler::Handler<T, S>,
        T: 'static,
    {
        self.with(Method::POST, access, path, post(handler))
    }

    pub(super) fn delete<H, T>(self, access: Access, path: &str, handler: H) -> Self
    where
        H: axum::handler::Handler<T, S>,
        T: 'static,
    {
        self.with(Method::DELETE, access, path, delete(handler))
    }

    fn with(mut self, method: Method, access: Access, path: &str, handler: MethodRouter<S>) -> Self {
        self.routes.push(RouteInfo { method, path: path.to_owned(), access });
        self.router = self.router.route(path, handler);
        self
    }

    /// What axum serves.
    pub(super) fn into_router(self) -> Router<S> {
        self.router
    }
}

/// Forms, and files that are at hand.
pub(super) fn forms() -> Table {
    use Access::{Anyone, SecondStep, Staff};
    Table::default()
        .post(Anyone, "/consola/ingresar", session::login)
        .post(Anyone, "/consola/salir", session::logout)
        .get(SecondStep, second_factor::CODE, second_factor::code_page)
        .post(SecondStep, second_factor::CODE, second_factor::second_step)
        .get(SecondStep, second_factor::ENROL, second_factor::enrol_page)
        .post(SecondStep, second_factor::ENROL, second_factor::confirm)
        .post(Staff, "/consola/mi-cuenta/clave", account::change_password)
        .post(Staff, "/consola/mi-cuenta/segundo-factor", account::begin_factor)
        .post(Staff, "/consola/mi-cuenta/sin-segundo-factor", account::remove_factor)
        .post(Staff, "/consola/mi-cuenta/sesiones", account::end_sessions)
        .get(Anyone, "/activacion", only_chamber)
        .get(Anyone, "/buzon/correo/{id}/adjunto/{index}", mailbox::attachment)
        .with(Method::POST, Anyone, FUNCTIONS, post(server_function))
}

/// A form whose answer may be long in the making.
pub(super) fn exports() -> Table {
    use Access::Staff;
    Table::default()
        .post(Staff, "/consola/exportar", export::download)
        .post(Staff, "/consola/auditoria/exportar", evidence::audit_trail)
        .post(Staff, "/consola/acta", evidence::acta)
        .get(Staff, "/consola/documento-muestra", sample::show)
}

/// A body that may be long on its way.
pub(super) fn uploads() -> Table {
    Table::default().post(Access::Staff, "/consola/carga", upload::upload)
}

/// A file that somebody wants to know about.
pub(super) fn documents() -> Table {
    Table::default().post(Access::Anyone, verify::VERIFY, verify::verify)
}

/// Answers that do not end by themselves.
pub(super) fn streams() -> Table {
    Table::default().get(Access::Staff, "/consola/eventos", progress::events)
}

/// What is asked for without cookies.
pub(super) fn watching() -> Table {
    Table::default().get(Access::Anyone, "/healthz", health::alive).get(Access::Anyone, "/readyz", health::ready).get(
        Access::Monitor,
        "/metrics",
        metrics::metrics,
    )
}

/// Where every server function lies.
const FUNCTIONS: &str = "/api/{*function}";

/// Every route: ours, the pages', and one for each server function.
#[must_use]
pub fn routes() -> Vec<RouteInfo> {
    let tables = [forms(), exports(), uploads(), documents(), streams(), watching()];
    let own = tables.into_iter().flat_map(|table| table.routes).filter(|route| route.path != FUNCTIONS);
    let own = own.chain(api::table().routes);
    let pages = generate_route_list(ConsoleApp).into_iter().chain(generate_route_list(ActivationApp));
    let pages = pages.map(|page| {
        let path = page.path().to_owned();
        let access = if path != "/consola/ingresar" && is_console(&path) { Access::Staff } else { Access::Anyone };
        RouteInfo { method: Method::GET, path, access }
    });
    let functions = server_function_paths().into_iter().map(|path| {
        let access = if path.starts_with("/api/consola/") { Access::Staff } else { Access::Anyone };
        RouteInfo { method: Method::POST, path, access }
    });
    own.chain(pages).chain(functions).collect()
}

fn is_console(path: &str) -> bool {
    path == "/consola" || path.starts_with("/consola/")
}

/// The path of every registered server function.
#[must_use]
pub fn server_function_paths() -> Vec<String> {
    server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()).collect()
}

/// The short address that people type: the activation, where there is but one chamber.
async fn only_chamber(State(app): State<App>) -> Redirect {
    let mut chambers = app.chambers.keys();
    match (chambers.next(), chambers.next()) {
        (Some(only), None) => Redirect::to(&format!("/activacion/{only}")),
        _ => Redirect::to("/"),
    }
}

async fn server_function(State(app): State<App>, mut request: Request) -> Response {
    // A form without script is led back to the page that it came from: only if that is one of ours.
    let own = |referer: &HeaderValue| {
        let rest = referer.to_str().ok()?.strip_prefix(app.settings.globals.public_url.as_str())?;
        rest.starts_with('/').then_some(())
    };
    if request.headers().get(REFERER).and_then(own).is_none() {
        request.headers_mut().remove(REFERER);
    }
    let response = leptos_axum::handle_server_fns_with_context(context::provide, request).await.into_response();
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    // Arguments that cannot be read are the caller's fault, not the server's.
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, MAX_FAULT).await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    if bytes == UNREADABLE {
        parts.status = StatusCode::BAD_REQUEST;
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// [`app::error::ApiError::Protocol`] as it is sent.
const UNREADABLE: &[u8] = br#""Protocol""#;

/// More than any fault takes.
const MAX_FAULT: usize = 64 * 1024;
