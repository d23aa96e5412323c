//! One batch: how far it is, how fast it goes, why it stands, and what can be done.

use contract::Timestamp;
use contract::sending::{BatchState, BatchView, PauseReason};
use leptos::prelude::*;

use super::super::Opened;
use super::super::desk::{Desk, Order};
use super::rows::{MailsButton, MailsOf};
use super::title;
use crate::components::alert::Alert;
use crate::components::status::{Status, Tone};
use crate::text;

/// The card.
#[component]
pub fn Card(
    /// The batch.
    batch: BatchView,
    /// The server's time at which it stood so.
    now: Timestamp,
    /// What can be done.
    desk: Desk,
    /// Whether this person may.
    may_operate: bool,
) -> impl IntoView {
    let words = text::batch_state(batch.estado);
    let name = title(&batch);
    let settled = batch.enviados + batch.rechazados + batch.inciertos;
    let tenths = (settled * 10).checked_div(batch.solicitados).unwrap_or(10) * 10;
    // Read out by tenths, not every second.
    let spoken = format!("{name}: {}, {tenths} %", words.word.to_lowercase());
    let speed = text::speed(&batch, now);
    view! {
        <article class="batch" aria-label=name.clone()>
            <div class="card__head">
                <h3>{name.clone()}</h3>
                <Status tone=words.tone glyph=words.glyph word=words.word/>
            </div>
            <p class="visually-hidden" role="status">{spoken}</p>
            <div class="batch__bar">
                <progress
                    class="progress"
                    max=batch.solicitados.max(1)
                    value=settled
                    aria-label=format!("Avance de {}", name.to_lowercase())
                ></progress>
                <p class="batch__ahead">
                    <strong>
                        {format!("{} de {}", text::number(settled), text::count(batch.solicitados, "correo", "correos"))}
                    </strong>
                    <span class="muted">{speed}</span>
                </p>
            </div>
            <Figures batch=batch.clone()/>
            <Pause batch=batch.clone() now desk may_operate/>
            <dl class="facts small">
                <dt>"Lo inició"</dt>
                <dd>
                    {batch.actor.clone()} ", el " <time datetime=batch.creado_en.iso()>{batch.creado_en.date_time()}</time>
                    {batch
                        .terminado_en
                        .map(|at| view! { "; terminó el " <time datetime=at.iso()>{at.date_time()}</time> })} ". "
                    {words.next}
                </dd>
                {batch
                    .ultima_respuesta
                    .clone()
                    .map(|reply| view! { <dt>"Última respuesta del servidor"</dt> <dd><code>{reply}</code></dd> })}
            </dl>
            <Orders batch=batch.clone() name=name.clone() desk may_operate/>
            <MailsOf id=batch.id name=name.clone() desk may_operate/>
        </article>
    }
}

#[component]
fn Figures(batch: BatchView) -> impl IntoView {
    let mut figures = vec![
        ("Enviados", batch.enviados),
        ("Rechazados", batch.rechazados),
        ("Por reintentar", batch.reintento),
        ("Inciertos", batch.inciertos),
        ("Devueltos", batch.rebotados),
        ("Pendientes", batch.pendientes),
    ];
    if batch.retirados > 0 {
        figures.push(("Retirados", batch.retirados));
    }
    let items = figures
        .into_iter()
        .map(|(word, figure)| {
            let class = if figure == 0 { "figures__item figures__item--none" } else { "figures__item" };
            view! {
                <div class=class>
                    <dt>{word}</dt>
                    <dd>{text::number(figure)}</dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <dl class="figures">{items}</dl>
        {(batch.retirados > 0)
            .then(|| {
                view! {
                    <p class="muted small">
                        "Los retirados ya no pertenecen a este envío: volvieron a quedar pendientes al cancelarlo, los tomó \
                        un envío posterior, o se borraron con «Blanquear» o «Borrar No Activados»."
                    </p>
                }
            })}
    }
}

/// Why it stands, what to do, and when it goes on.
#[component]
fn Pause(batch: BatchView, now: Timestamp, desk: Desk, may_operate: bool) -> impl IntoView {
    let opened = desk.opened;
    batch.pausa.filter(|_| batch.estado == BatchState::EnPausa).map(|reason| {
        let of_the_server = matches!(
            reason,
            PauseReason::Unreachable
                | PauseReason::Tls
                | PauseReason::Authentication
                | PauseReason::Account
                | PauseReason::Breaker
        );
        let tone = if matches!(reason, PauseReason::Staff | PauseReason::Pace) { Tone::Info } else { Tone::Warn };
        let resumes = batch.reanuda_en.map(|at| {
            view! {
                <p>
                    "Continuará por sí solo " <time datetime=at.iso()>{text::moment(at, now)}</time> "."
                </p>
            }
        });
        let trial = (of_the_server && may_operate).then(|| {
            view! {
                <div>
                    <button class="button button--small" type="button" on:click=move |_| opened.set(Some(Opened::Diagnosis))>
                        "Probar conexión"
                    </button>
                </div>
            }
        });
        view! {
            <Alert tone title="Por qué está en pausa">
                <p>{text::pause_reason(&reason)}</p>
                {resumes}
                {trial}
            </Alert>
        }
    })
}

/// The buttons that its state allows.
#[component]
fn Orders(batch: BatchView, name: String, desk: Desk, may_operate: bool) -> impl IntoView {
    let Desk { opened, order, .. } = desk;
    let (id, failed) = (batch.id, batch.rechazados);
    let offered: &[(Order, &str)] = match batch.estado {
        BatchState::EnCurso => &[(Order::Pause, "Pausar"), (Order::Cancel, "Cancelar")],
        BatchState::EnPausa => &[(Order::Resume, "Reanudar"), (Order::Cancel, "Cancelar")],
        BatchState::Terminado | BatchState::Cancelado => &[],
    };
    let shown = desk.live.rows;
    let retriable = may_operate && failed > 0 && !batch.prueba && batch.estado != BatchState::Cancelado;
    let spoken_name = name.to_lowercase();
    let (retry_name, batch_name) = (spoken_name.clone(), name.clone());
    let retry = retriable.then(|| {
        view! {
            <button
                class="button button--small"
                type="button"
                on:click=move |_| opened.set(Some(Opened::Retry { id, name: name.clone(), failed }))
            >
                "Reintentar los rechazados"
                <span class="visually-hidden">{format!(" del {retry_name}")}</span>
            </button>
        }
    });
    let orders = may_operate.then(|| {
        offered
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
                        <span class="visually-hidden">{format!(" {spoken_name}")}</span>
                    </button>
                }
            })
            .collect_view()
    });
    view! {
        <div class="cluster">
            {orders} {retry} <MailsButton id name=batch_name shown/>
        </div>
    }
}
