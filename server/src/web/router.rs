//! Every route in one place.

use std::time::Duration;

use app::{ActivationApp, ConsoleApp, activation_shell, console_shell};
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef, Request, State};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Redirect};
use axum::routing::{get, post};
use leptos::prelude::LeptosOptions;
use leptos_axum::{LeptosRoutes, generate_route_list, handle_server_fns_with_context, render_route_with_context};
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::services::ServeDir;
use tower_http::timeout::TimeoutLayer;

use super::{
    api, context, export, gate, headers, health, mailbox, metrics, observed, origin, progress, session, upload,
};
use crate::observe::figures;
use crate::startup::App;

/// The largest body of a form or a server function.
const MAX_BODY: usize = 64 * 1024;

/// The largest extract: the country's 1.7 million merchants with room to spare.
const MAX_UPLOAD: usize = 4 * 1024 * 1024 * 1024;

/// How long anything but an upload or a stream may take.
const TIMEOUT: Duration = Duration::from_secs(60);

/// State of Leptos' routes: the options of the client that hydrates them.
#[derive(Clone)]
struct PageState(LeptosOptions);

impl FromRef<PageState> for LeptosOptions {
    fn from_ref(state: &PageState) -> Self {
        state.0.clone()
    }
}

/// The whole site.
pub fn router(app: App) -> Router {
    figures::install();
    let pages = console_pages(&app).merge(public_pages(&app));
    let limited = Router::new()
        .route("/consola/ingresar", post(session::login))
        .route("/consola/salir", post(session::logout))
        .route("/activacion", get(only_chamber))
        .route("/consola/exportar", post(export::download))
        .route("/buzon/correo/{id}/adjunto/{index}", get(mailbox::attachment))
        .with_state(app.clone())
        .route("/api/{*function}", post(server_function))
        .merge(pages)
        .layer(RequestBodyLimitLayer::new(MAX_BODY))
        .layer(TimeoutLayer::with_status_code(http::StatusCode::REQUEST_TIMEOUT, TIMEOUT));
    let uploads = Router::new()
        .route("/consola/carga", post(upload::upload))
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(MAX_UPLOAD))
        .with_state(app.clone());
    let live = Router::new().route("/consola/eventos", get(progress::events)).with_state(app.clone());
    limited
        .merge(uploads)
        .merge(live)
        .layer(from_fn_with_state(app.clone(), gate::staff_only))
        .layer(from_fn_with_state(app.clone(), context::bind))
        .layer(from_fn_with_state(app.clone(), origin::same_origin))
        .layer(CompressionLayer::new())
        .nest_service(
            "/pkg",
            ServeDir::new(app.settings.globals.site_root.join("pkg")).precompressed_br().precompressed_gzip(),
        )
        .merge(api::router(&app))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready).with_state(app.clone()))
        .route("/metrics", get(metrics::metrics).with_state(app.clone()))
        .layer(from_fn_with_state(app, headers::secure))
        .layer(from_fn(observed::observe))
}

/// The pages of each application are routed by hand, because `leptos_routes` would register every
/// server function once for each of the two.
fn console_pages(app: &App) -> Router {
    let options = leptos_options(app, "consola");
    let shell_options = options.clone();
    let routes = generate_route_list(ConsoleApp);
    let pages =
        render_route_with_context(routes.clone(), context::provide, move || console_shell(shell_options.clone()));
    Router::new()
        .leptos_routes_with_handler(routes, move |state: State<PageState>, request: Request| pages(state, request))
        .with_state(PageState(options))
}

/// The merchants' pages; whatever no route knows is answered by their «no encontrada».
fn public_pages(app: &App) -> Router {
    let options = leptos_options(app, "activacion");
    let shell_options = options.clone();
    let fallback_options = options.clone();
    let not_found = leptos_axum::render_app_to_stream_with_context(context::provide, move || {
        activation_shell(fallback_options.clone())
    });
    let routes = generate_route_list(ActivationApp);
    let pages =
        render_route_with_context(routes.clone(), context::provide, move || activation_shell(shell_options.clone()));
    Router::new()
        .leptos_routes_with_handler(routes, move |state: State<PageState>, request: Request| pages(state, request))
        .fallback(move |request: Request| {
            let page = not_found(request);
            async move { (http::StatusCode::NOT_FOUND, page.await) }
        })
        .with_state(PageState(options))
}

/// The path of every registered server function, for the test that walks them all.
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

async fn server_function(request: Request) -> impl IntoResponse {
    handle_server_fns_with_context(context::provide, request).await
}

fn leptos_options(app: &App, client: &'static str) -> LeptosOptions {
    LeptosOptions::builder()
        .output_name(client)
        .site_root(app.settings.globals.site_root.to_string_lossy().into_owned())
        .site_pkg_dir("pkg")
        .build()
}
