//! `/consola/sincronizacion`: the registry's age, the upload, the history, the rejected rows.

mod upload;

use contract::registry::{Freshness, Reject, STALE_AFTER_HOURS, SyncRecord};
use contract::staff::Permission;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use self::upload::Upload;
use super::layout::{Breadcrumb, Loading, Me, Reload, refusal_for};
use crate::api::console::registry::{RegistryData, registry};
use crate::components::alert::Alert;
use crate::components::failure::loaded;
use crate::components::pager::address;
use crate::components::status::{Status, Tone};
use crate::text;

/// The page.
#[component]
pub fn RegistryPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| query.read().get("rechazos").and_then(|id| id.parse::<i64>().ok()));
    let Reload(reload) = expect_context();
    let Me(me) = expect_context();
    let data = Resource::new_blocking(move || (asked.get(), reload.get()), |(rejects, _)| registry(rejects));
    view! {
        <Title text="Sincronización"/>
        <Breadcrumb steps=&["Módulo de Registro", "Sincronización"]/>
        <h1>"Sincronización de matriculados desde SIREP"</h1>
        <Transition fallback=Loading>
            {move || Suspend::new(async move { loaded(data.await, |data| view! { <Age freshness=data.freshness/> }) })}
        </Transition>
        <Suspense>
            {move || Suspend::new(async move {
                me.await
                    .ok()
                    .map(|staff| view! { <Upload forbidden=refusal_for(&staff, Permission::Operate)/> })
            })}
        </Suspense>
        <Transition>
            {move || Suspend::new(async move { data.await.ok().map(|data| view! { <Tables data/> }) })}
        </Transition>
    }
}

/// How old the registry is, with what that means for selecting.
#[component]
pub fn Age(
    /// The age.
    freshness: Freshness,
    /// A way to the upload, on pages that have none.
    #[prop(optional)]
    with_link: bool,
) -> impl IntoView {
    let link = with_link.then(|| {
        view! {
            <p>
                <a href="/consola/sincronizacion">"Ir a la sincronización"</a>
            </p>
        }
    });
    match (freshness.last_success, freshness.hours) {
        (Some(at), Some(hours)) => {
            let age = text::count(hours.max(0).unsigned_abs(), "hora", "horas");
            let (tone, title) = if freshness.stale {
                (Tone::Warn, format!("Los datos del registro tienen {age}"))
            } else {
                (Tone::Good, "Los datos del registro están al día".to_owned())
            };
            let advice = if freshness.stale {
                format!(
                    "Con más de {STALE_AFTER_HOURS} horas se pide un motivo para seleccionar. Conviene sincronizar \
                     todos los días."
                )
            } else {
                format!("Hace {age}.")
            };
            view! {
                <Alert tone title>
                    <p>
                        "Última sincronización: " <time datetime=at.iso()>{at.date_time()}</time> ". " {advice}
                    </p>
                    {link}
                </Alert>
            }
            .into_any()
        }
        _ => view! {
            <Alert tone=Tone::Warn title="Todavía no se ha sincronizado el registro mercantil">
                <p>"Cargue el archivo diario del SIREP: sin él no hay comerciantes que seleccionar."</p>
                {link}
            </Alert>
        }
        .into_any(),
    }
}

#[component]
fn Tables(data: RegistryData) -> impl IntoView {
    view! {
        {data.rejects.map(|(id, rows)| view! { <Rejects id rows/> })}
        <History history=data.history/>
    }
}

#[component]
fn History(history: Vec<SyncRecord>) -> impl IntoView {
    let empty = history.is_empty();
    let rows = history.into_iter().map(|record| view! { <HistoryRow record/> }).collect_view();
    view! {
        <div class="card card--flush">
            <div class="table-box" tabindex="0" role="group" aria-label="Historia de sincronizaciones">
                <table class="table">
                    <caption>"Últimas sincronizaciones"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Inicio"</th>
                            <th scope="col">"Archivo"</th>
                            <th scope="col">"Quién"</th>
                            <th scope="col">"Resultado"</th>
                            <th scope="col" class="number">"Leídas"</th>
                            <th scope="col" class="number">"Nuevas"</th>
                            <th scope="col" class="number">"Actualizadas"</th>
                            <th scope="col" class="number">"Sin cambio"</th>
                            <th scope="col" class="number">"Ilegibles"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {empty
                .then(|| {
                    view! {
                        <div class="empty">
                            <h2>"Todavía no hay sincronizaciones"</h2>
                            <p>"Elija el archivo del SIREP y cárguelo; aquí quedará su resultado."</p>
                        </div>
                    }
                })}
        </div>
    }
}

#[component]
fn HistoryRow(record: SyncRecord) -> impl IntoView {
    let state = text::sync_state(record.state);
    let counts = record.counts;
    let rejected = text::number(counts.rechazadas);
    let rejected = if counts.rechazadas > 0 {
        let href = format!("{}#rechazos", address("/consola/sincronizacion", &[("rechazos", &record.id.to_string())]));
        view! {
            <a href=href>
                {rejected} <span class="visually-hidden">" filas ilegibles: ver los motivos"</span>
            </a>
        }
        .into_any()
    } else {
        rejected.into_any()
    };
    view! {
        <tr>
            <td class="nowrap">
                <time datetime=record.started_at.iso()>{record.started_at.date_time()}</time>
            </td>
            <th scope="row" class="break">{record.file_name}</th>
            <td>{record.actor}</td>
            <td>
                <Status tone=state.tone glyph=state.glyph word=state.word/>
                <span class="note">{state.next}</span>
            </td>
            <td class="number">{text::number(counts.leidas)}</td>
            <td class="number">{text::number(counts.insertadas)}</td>
            <td class="number">{text::number(counts.actualizadas)}</td>
            <td class="number">{text::number(counts.sin_cambio)}</td>
            <td class="number">{rejected}</td>
        </tr>
    }
}

#[component]
fn Rejects(id: i64, rows: Vec<Reject>) -> impl IntoView {
    let shown = rows.len();
    let rows = rows
        .into_iter()
        .map(|reject| {
            let column = if reject.column.is_empty() { "Toda la fila".to_owned() } else { reject.column };
            view! {
                <tr>
                    <td class="number">{text::number(reject.line)}</td>
                    <td>{column}</td>
                    <td>{text::reject_reason(reject.reason)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="card card--flush" id="rechazos" aria-label="Filas ilegibles">
            <div class="table-box" tabindex="0" role="group" aria-label="Lista de filas ilegibles">
                <table class="table">
                    <caption>{format!("Filas ilegibles de la sincronización {id}")}</caption>
                    <thead>
                        <tr>
                            <th scope="col" class="number">"Línea"</th>
                            <th scope="col">"Columna"</th>
                            <th scope="col">"Motivo"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {(shown >= 1000).then(|| view! { <p class="pager">"Se muestran las primeras 1.000 filas."</p> })}
            {(shown == 0).then(|| view! { <p class="pager">"Esta sincronización no tiene filas ilegibles."</p> })}
        </section>
    }
}
