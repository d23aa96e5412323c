//! `/metrics` for Prometheus: what this process counted, and what stands in the database right now.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Extension, Request, State};
use axum::response::{IntoResponse, Response};
use contract::Timestamp;
use contract::campaign::PasswordState;
use contract::sending::BatchState;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use tokio::sync::Mutex;

use super::context::network;
use crate::config::covers;
use crate::db::{Db, sql};
use crate::observe::figures;
use crate::startup::App;

/// Prometheus' text format.
const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What a proxy adds: with one of these a request that seems to come from this machine came from anybody,
/// through a proxy that is not in `PROXIES_CONFIABLES`.
const FORWARDED: [&str; 4] = ["x-forwarded-for", "x-real-ip", "forwarded", "via"];

/// What stands in the database, counted a moment ago: several who ask at once cost one counting.
#[derive(Clone, Default)]
pub struct Standing(Arc<Mutex<Option<(Timestamp, String)>>>);

/// How long a counting serves.
const FRESH_SECONDS: i64 = 10;

impl Standing {
    async fn text(&self, app: &App) -> Result<String, DbErr> {
        let mut counted = self.0.lock().await;
        let now = app.clock.now();
        let is_fresh = |at: Timestamp| (0..FRESH_SECONDS).contains(&now.seconds_since(at));
        if let Some((_, text)) = counted.as_ref().filter(|(at, _)| is_fresh(*at)) {
            return Ok(text.clone());
        }
        let text = standing(app).await?;
        *counted = Some((now, text.clone()));
        Ok(text)
    }
}

/// The figures, for this machine and `METRICAS_REDES`; for everyone else there is no such page.
pub async fn metrics(State(app): State<App>, Extension(kept): Extension<Standing>, request: Request) -> Response {
    if !may_read(&app, network(&app, &request), request.headers()) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let counted = figures::install().map(|handle| handle.render()).unwrap_or_default();
    match kept.text(&app).await {
        Ok(standing) => ([(CONTENT_TYPE, TEXT_FORMAT)], counted + &standing).into_response(),
        Err(error) => {
            tracing::error!(%error, "metrics: the database failed");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

fn may_read(app: &App, address: IpAddr, headers: &HeaderMap) -> bool {
    let readers = &app.settings.globals.metrics_readers;
    let address = address.to_canonical();
    let forwarded = FORWARDED.iter().any(|name| headers.contains_key(*name));
    (address.is_loopback() && !forwarded) || covers(readers, address)
}

#[derive(FromQueryResult)]
struct Counted {
    camara: String,
    estado: String,
    cuantos: i64,
}

#[derive(FromQueryResult)]
struct Oldest {
    camara: String,
    desde: i64,
}

/// The gauges. A state without rows is written as 0, so that an alert sees it come and go.
async fn standing(app: &App) -> Result<String, DbErr> {
    let mut text = String::new();
    let passwords = count(
        &app.db,
        "SELECT camara, estado, COUNT(*) AS cuantos FROM claves_preasignadas \
                                    GROUP BY camara, estado",
    )
    .await?;
    let states = PasswordState::ALL.map(PasswordState::as_str);
    gauge(&mut text, app, "clave_segura_claves", "Pre-assigned passwords by state.", &states, passwords);
    let batches =
        count(&app.db, "SELECT camara, estado, COUNT(*) AS cuantos FROM lotes GROUP BY camara, estado").await?;
    let states = [BatchState::EnCurso, BatchState::EnPausa, BatchState::Terminado, BatchState::Cancelado];
    gauge(&mut text, app, "clave_segura_lotes", "Batches by state.", &states.map(BatchState::as_str), batches);

    let oldest = "SELECT l.camara AS camara, MIN(l.creado_en) AS desde FROM lotes l WHERE l.estado = 'en_curso' \
                  AND EXISTS (SELECT 1 FROM claves_preasignadas c WHERE c.lote_id = l.id AND c.estado = 'pendiente') \
                  GROUP BY l.camara";
    let rows = app.db.reader().query_all_raw(sql(app.db.backend(), oldest, [])).await?;
    let mut since = BTreeMap::new();
    for row in &rows {
        let row = Oldest::from_query_result(row, "")?;
        since.insert(row.camara, row.desde);
    }
    let name = "clave_segura_cola_antiguedad_seconds";
    head(&mut text, name, "Age of the oldest pending mail of a running batch.");
    for camara in app.chambers.keys() {
        let age = since.get(camara.as_str()).map_or(0, |from| app.clock.now().seconds_since(Timestamp(*from)));
        let _ = writeln!(text, "{name}{{camara=\"{camara}\"}} {}", age.max(0));
    }
    Ok(text)
}

async fn count(db: &Db, text: &str) -> Result<BTreeMap<(String, String), i64>, DbErr> {
    let rows = db.reader().query_all_raw(sql(db.backend(), text, [])).await?;
    let mut counted = BTreeMap::new();
    for row in &rows {
        let row = Counted::from_query_result(row, "")?;
        counted.insert((row.camara, row.estado), row.cuantos);
    }
    Ok(counted)
}

fn gauge(
    text: &mut String,
    app: &App,
    name: &str,
    help: &str,
    states: &[&str],
    mut counted: BTreeMap<(String, String), i64>,
) {
    head(text, name, help);
    for camara in app.chambers.keys() {
        for estado in states {
            counted.entry((camara.to_string(), (*estado).to_owned())).or_insert(0);
        }
    }
    for ((camara, estado), value) in counted {
        let _ = writeln!(text, "{name}{{camara=\"{camara}\",estado=\"{estado}\"}} {value}");
    }
}

fn head(text: &mut String, name: &str, help: &str) {
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
}
