//! Rows that need a person's eye; for the uncertain ones, the two choices.

use contract::campaign::PasswordState;
use contract::sending::{TroubledRow, UncertainChoice};
use leptos::prelude::*;

use super::Opened;
use super::desk::Desk;
use super::live::Live;
use crate::api::console::sending::settle_uncertain;
use crate::components::dialog::{Dialog, DialogActions, DialogHandle};
use crate::components::failure::Refusal;
use crate::components::status::Status;
use crate::components::task::task;
use crate::pages::console::layout::Told;
use crate::text;

/// The table; nothing when nothing is wrong.
#[component]
pub fn Troubled(
    /// The rows.
    rows: Vec<TroubledRow>,
    /// Whether this person may decide.
    may_operate: bool,
    /// What can be done.
    desk: Desk,
) -> impl IntoView {
    (!rows.is_empty()).then(|| {
        let rows = rows.into_iter().map(|row| view! { <Row row may_operate desk/> }).collect_view();
        view! {
            <section class="card card--flush" aria-label="Correos que requieren su atención">
                <div class="table-box" tabindex="0" role="group" aria-label="Lista de correos por atender">
                    <table class="table">
                        <caption>"Correos que requieren su atención"</caption>
                        <thead>
                            <tr>
                                <th scope="col">"Comerciante"</th>
                                <th scope="col">"Correo"</th>
                                <th scope="col">"Estado"</th>
                                <th scope="col">"Respuesta del servidor"</th>
                                <th scope="col">"Decisión"</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </section>
        }
    })
}

/// What a person can do with a mail in this state: another try for a refused one, the two ways out of
/// doubt for an uncertain one, nothing else.
#[component]
pub fn NextStep(
    /// The row.
    id: i64,
    /// Its state.
    state: PasswordState,
    /// The merchant.
    name: String,
    /// What can be done.
    desk: Desk,
) -> impl IntoView {
    let again = desk.again;
    match state {
        PasswordState::Incierto => view! { <Choices id name desk/> }.into_any(),
        PasswordState::Rechazado | PasswordState::ErrorDatos => view! {
            <button
                class="button button--small"
                type="button"
                disabled=move || again.busy.get()
                on:click=move |_| again.run(id)
            >
                "Reintentar"
                <span class="visually-hidden">{format!(" el correo de {name}")}</span>
            </button>
        }
        .into_any(),
        _ => ().into_any(),
    }
}

#[component]
fn Choices(id: i64, name: String, desk: Desk) -> impl IntoView {
    let Desk { opened, take_as_sent, .. } = desk;
    let (for_sent, for_again) = (name.clone(), name.clone());
    view! {
        <div class="cluster">
            <button
                class="button button--small"
                type="button"
                disabled=move || take_as_sent.busy.get()
                on:click=move |_| take_as_sent.run(id)
            >
                "Dar por enviado"
                <span class="visually-hidden">{format!(" el correo de {for_sent}")}</span>
            </button>
            <button
                class="button button--small"
                type="button"
                on:click=move |_| opened.set(Some(Opened::Resend { id, name: name.clone() }))
            >
                "Reenviar"
                <span class="visually-hidden">{format!(" el correo de {for_again}")}</span>
            </button>
        </div>
    }
}

#[component]
fn Row(row: TroubledRow, may_operate: bool, desk: Desk) -> impl IntoView {
    let words = text::password_state(row.estado);
    let step = may_operate.then(|| view! { <NextStep id=row.id state=row.estado name=row.nombre.clone() desk/> });
    view! {
        <tr>
            <th scope="row">{row.nombre}</th>
            <td class="break break--mail">{row.correo}</td>
            <td>
                <Status tone=words.tone glyph=words.glyph word=words.word/>
                <span class="note">{words.next}</span>
            </td>
            <td class="break">{row.respuesta.unwrap_or_else(|| "Sin respuesta".to_owned())}</td>
            <td>{step}</td>
        </tr>
    }
}

/// «Reenviar»: warned that a duplicate is possible.
#[component]
pub fn ResendDialog(
    /// The row.
    id: i64,
    /// The merchant.
    name: String,
    /// When it was closed.
    on_close: Callback<()>,
) -> impl IntoView {
    view! {
        <Dialog id="reenviar" title="Reenviar un correo de entrega incierta" on_close>
            <p>
                "No se sabe si el servidor alcanzó a aceptar el correo de " <strong>{name}</strong>
                ". Si lo aceptó, el comerciante recibirá el mismo correo dos veces, con la misma contraseña."
            </p>
            <Resend id/>
        </Dialog>
    }
}

#[component]
fn Resend(id: i64) -> impl IntoView {
    let handle = use_context::<DialogHandle>();
    let (told, live) = (expect_context::<Told>(), expect_context::<Live>());
    let resend = task(
        move |()| settle_uncertain(id, UncertainChoice::Reenviar),
        move |()| {
            if let Some(handle) = handle {
                handle.close();
            }
            told.say("El correo volvió a quedar por enviar.");
            live.refresh_now();
        },
    );
    view! {
        <Refusal error=resend.error/>
        <DialogActions>
            <button
                class="button button--primary"
                type="button"
                disabled=move || resend.busy.get()
                on:click=move |_| resend.run(())
            >
                "Reenviar"
            </button>
        </DialogActions>
    }
}
