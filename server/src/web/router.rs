//! The site put together: the table of routes, the pages, and what every request passes on its way.

use std::time::Duration;

use app::{ActivationApp, ConsoleApp, activation_shell, console_shell};
use axum::extract::{DefaultBodyLimit, FromRef, Request, State};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::{Extension, Router};
use http::StatusCode;
use leptos::prelude::LeptosOptions;
use leptos_axum::{LeptosRoutes, generate_route_list, render_route_with_context};
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeDir;
use tower_http::timeout::TimeoutLayer;

use super::{api, body, context, gate, headers, metrics, observed, origin, routes};
use crate::observe::figures;
use crate::startup::App;

/// How long anything but an upload, an export or a stream may take.
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
    let forms = routes::forms()
        .into_router()
        .with_state(app.clone())
        .merge(pages)
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIMEOUT))
        .merge(routes::exports().into_router().with_state(app.clone()))
        .layer(from_fn_with_state(app.clone(), body::form));
    let uploads = routes::uploads()
        .into_router()
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(app.clone(), body::upload))
        .with_state(app.clone());
    let documents = routes::documents()
        .into_router()
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(app.clone(), body::document))
        .with_state(app.clone());
    let streams = routes::streams().into_router().with_state(app.clone());
    let watching =
        routes::watching().into_router().layer(Extension(metrics::Standing::default())).with_state(app.clone());
    forms
        .merge(uploads)
        .merge(documents)
        .merge(streams)
        .layer(from_fn_with_state(app.clone(), gate::staff_only))
        .layer(from_fn_with_state(app.clone(), context::bind))
        .layer(from_fn_with_state(app.clone(), origin::same_origin))
        .layer(CompressionLayer::new())
        .nest_service(
            "/pkg",
            ServeDir::new(app.settings.globals.site_root.join("pkg")).precompressed_br().precompressed_gzip(),
        )
        .merge(api::router(&app))
        .merge(watching)
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
            async move { (StatusCode::NOT_FOUND, page.await) }
        })
        .with_state(PageState(options))
}

pub(super) fn leptos_options(app: &App, client: &'static str) -> LeptosOptions {
    LeptosOptions::builder()
        .output_name(client)
        .site_root(app.settings.globals.site_root.to_string_lossy().into_owned())
        .site_pkg_dir("pkg")
        .build()
}
