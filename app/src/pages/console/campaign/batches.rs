//! The year's batches and their progress, which survives reload and lost connection: every second
//! the database is asked, and nothing but the database knows.

use std::time::Duration;

use contract::ServiceError;
use contract::sending::{BatchState, BatchView};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::console::sending::{batches, cancel, pause, resume};
use crate::components::alert::Alert;
use crate::components::failure::Refusal;
use crate::components::status::{Status, Tone};
use crate::components::task::{Task, task};
use crate::error::ApiError;
use crate::pages::console::layout::Reload;
use crate::text;

/// How often a running batch is looked at.
const EVERY: Duration = Duration::from_secs(1);

/// What can be done with a batch.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Pause,
    Resume,
    Cancel,
}

/// The panel.
#[component]
pub fn Batches(
    /// The year in process.
    year: i32,
    /// As they stood when the page was made.
    initial: Vec<BatchView>,
    /// Whether this person may pause, resume and cancel.
    may_operate: bool,
) -> impl IntoView {
    let list = RwSignal::new(initial);
    let lost = RwSignal::new(false);
    let reload = expect_context::<Reload>();
    watch(year, list, lost, reload);

    let order = task(
        |(id, order): (i64, Order)| async move {
            match order {
                Order::Pause => pause(id).await,
                Order::Resume => resume(id).await,
                Order::Cancel => cancel(id).await,
            }
        },
        move |_| reload.now(),
    );
    let current = move || {
        list.get()
            .into_iter()
            .enumerate()
            .filter(|(place, batch)| *place == 0 || is_open(batch))
            .map(|(_, batch)| view! { <Batch batch may_operate order/> })
            .collect_view()
    };
    let earlier = move || {
        let done: Vec<_> =
            list.get().into_iter().enumerate().filter(|(i, batch)| *i > 0 && !is_open(batch)).map(|(_, b)| b).collect();
        (!done.is_empty()).then(|| view! { <Earlier batches=done/> })
    };
    move || {
        (!list.read().is_empty()).then(|| {
            view! {
                <section class="card" aria-labelledby="envios-titulo">
                    <h2 id="envios-titulo">"Envíos"</h2>
                    <div role="status">
                        {move || {
                            lost.get()
                                .then(|| {
                                    view! {
                                        <Alert tone=Tone::Warn title="Se perdió la conexión con el servidor">
                                            <p>"El envío continúa allá. Esta página se pondrá al día sola."</p>
                                        </Alert>
                                    }
                                })
                        }}
                    </div>
                    <Refusal error=order.error/>
                    {current}
                    {earlier}
                </section>
            }
        })
    }
}

/// Asks for the batches every second while one of them moves.
fn watch(year: i32, list: RwSignal<Vec<BatchView>>, lost: RwSignal<bool>, reload: Reload) {
    let asking = StoredValue::new(false);
    let moving = move || list.try_with_untracked(|batches| batches.iter().any(is_moving)).unwrap_or(false);
    let tick = move || {
        if !moving() || asking.try_get_value().unwrap_or(true) {
            return;
        }
        asking.set_value(true);
        spawn_local(async move {
            match batches(year).await {
                Ok(now) => {
                    lost.try_set(false);
                    list.try_set(now);
                    if !moving() {
                        reload.now();
                    }
                }
                Err(ApiError::Connection) => {
                    lost.try_set(true);
                }
                Err(ApiError::Service(ServiceError::NoSession)) => {
                    let _ = window().location().set_href("/consola/ingresar?motivo=sesion");
                }
                Err(_) => {}
            }
            asking.try_update_value(|asking| *asking = false);
        });
    };
    Effect::new(move |_| {
        if let Ok(timer) = set_interval_with_handle(tick, EVERY) {
            on_cleanup(move || timer.clear());
        }
    });
}

const fn is_moving(batch: &BatchView) -> bool {
    matches!(batch.estado, BatchState::EnCurso)
        || (matches!(batch.estado, BatchState::EnPausa) && batch.reanuda_en.is_some())
}

const fn is_open(batch: &BatchView) -> bool {
    matches!(batch.estado, BatchState::EnCurso | BatchState::EnPausa)
}

fn title(batch: &BatchView) -> String {
    if batch.prueba { format!("Envío de prueba {}", batch.id) } else { format!("Envío {}", batch.id) }
}

#[component]
fn Batch(batch: BatchView, may_operate: bool, order: Task<(i64, Order)>) -> impl IntoView {
    let words = text::batch_state(batch.estado);
    let settled = batch.enviados + batch.rechazados + batch.inciertos;
    let name = title(&batch);
    // Read out by tenths, not every second.
    let spoken = format!(
        "{name}: {}, {} %",
        words.word.to_lowercase(),
        (settled * 10).checked_div(batch.solicitados).unwrap_or(10) * 10
    );
    let figures = [
        ("Enviados", batch.enviados),
        ("Rechazados", batch.rechazados),
        ("Por reintentar", batch.reintento),
        ("Inciertos", batch.inciertos),
        ("Pendientes", batch.pendientes),
    ]
    .map(|(word, figure)| {
        view! {
            <div class="figures__item">
                <dt>{word}</dt>
                <dd>{text::number(figure)}</dd>
            </div>
        }
    });
    let paused = batch.pausa.clone().map(|reason| {
        let resumes = batch.reanuda_en.map(|at| {
            view! {
                <p>"Continuará por sí solo el " <time datetime=at.iso()>{at.date_time()}</time> "."</p>
            }
        });
        view! {
            <Alert tone=Tone::Warn title="Por qué está en pausa">
                <p>{text::pause_reason(&reason)}</p>
                {resumes}
            </Alert>
        }
    });
    let buttons = may_operate.then(|| view! { <Orders id=batch.id state=batch.estado name=name.clone() order/> });
    view! {
        <article class="batch" aria-label=name.clone()>
            <div class="card__head">
                <h3>{name.clone()}</h3>
                <Status tone=words.tone glyph=words.glyph word=words.word/>
            </div>
            <p class="visually-hidden" role="status">{spoken}</p>
            <progress
                class="progress"
                max=batch.solicitados.max(1)
                value=settled
                aria-label=format!("Avance de {}", name.to_lowercase())
            ></progress>
            <p class="muted">
                {format!("{} de {}", text::number(settled), text::count(batch.solicitados, "correo", "correos"))}
                ", por " {batch.actor.clone()} " el "
                <time datetime=batch.creado_en.iso()>{batch.creado_en.date_time()}</time> ". " {words.next}
            </p>
            <dl class="figures">{figures}</dl>
            {paused}
            {batch
                .ultima_respuesta
                .map(|reply| view! { <p class="small">"Última respuesta del servidor: " <code>{reply}</code></p> })}
            {buttons}
        </article>
    }
}

#[component]
fn Orders(id: i64, state: BatchState, name: String, order: Task<(i64, Order)>) -> impl IntoView {
    let offered: &[(Order, &str)] = match state {
        BatchState::EnCurso => &[(Order::Pause, "Pausar"), (Order::Cancel, "Cancelar")],
        BatchState::EnPausa => &[(Order::Resume, "Reanudar"), (Order::Cancel, "Cancelar")],
        BatchState::Terminado | BatchState::Cancelado => &[],
    };
    let name = name.to_lowercase();
    let buttons = offered
        .iter()
        .map(|(what, word)| {
            let what = *what;
            view! {
                <button
                    class="button button--small"
                    type="button"
                    disabled=move || order.busy.get()
                    on:click=move |_| order.run((id, what))
                >
                    {*word}
                    <span class="visually-hidden">{format!(" {name}")}</span>
                </button>
            }
        })
        .collect_view();
    view! { <div class="cluster">{buttons}</div> }
}

#[component]
fn Earlier(batches: Vec<BatchView>) -> impl IntoView {
    let rows = batches
        .into_iter()
        .map(|batch| {
            let words = text::batch_state(batch.estado);
            view! {
                <tr>
                    <th scope="row">{title(&batch)}</th>
                    <td class="nowrap">{batch.creado_en.date_time()}</td>
                    <td>{batch.actor.clone()}</td>
                    <td>
                        <Status tone=words.tone glyph=words.glyph word=words.word/>
                    </td>
                    <td class="number">{text::number(batch.enviados)}</td>
                    <td class="number">{text::number(batch.rechazados)}</td>
                    <td class="number">{text::number(batch.inciertos)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <details>
            <summary>"Envíos anteriores"</summary>
            <div class="table-box" tabindex="0" role="group" aria-label="Lista de envíos anteriores">
                <table class="table">
                    <caption>"Envíos anteriores del año"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Envío"</th>
                            <th scope="col">"Inicio"</th>
                            <th scope="col">"Quién"</th>
                            <th scope="col">"Estado"</th>
                            <th scope="col" class="number">"Enviados"</th>
                            <th scope="col" class="number">"Rechazados"</th>
                            <th scope="col" class="number">"Inciertos"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
}
