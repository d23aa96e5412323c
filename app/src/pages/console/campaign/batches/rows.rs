//! «Ver correos»: a batch's mails, those that moved last first, each with its state, the server's
//! words and, for the refused ones, another try.

use contract::campaign::PasswordState;
use contract::page::Page;
use contract::sending::BatchRow;
use leptos::prelude::*;

use super::super::desk::Desk;
use super::super::live::Rows;
use super::super::troubled::NextStep;
use crate::components::alert::Alert;
use crate::components::status::{Status, Tone};
use crate::error::ApiError;
use crate::pages::console::layout::Loading;
use crate::text;

/// The states by which a batch's mails are looked through.
const STATES: [PasswordState; 10] = [
    PasswordState::Pendiente,
    PasswordState::Transmitiendo,
    PasswordState::Enviado,
    PasswordState::Reintento,
    PasswordState::Rechazado,
    PasswordState::Incierto,
    PasswordState::ErrorDatos,
    PasswordState::Rebotado,
    PasswordState::Suprimido,
    PasswordState::Activado,
];

impl Rows {
    /// Shows the mails of this batch, from the beginning; hides them when they are shown.
    pub fn open(self, id: i64) {
        let same = self.batch.get_untracked() == Some(id);
        self.state.set(String::new());
        self.page.set(1);
        self.found.set(None);
        self.batch.set((!same).then_some(id));
    }
}

/// What opens and closes the list of a batch's mails.
#[component]
pub fn MailsButton(
    /// The batch.
    id: i64,
    /// What it is called.
    name: String,
    /// Which batch is shown.
    shown: Rows,
) -> impl IntoView {
    let is_shown = move || shown.batch.get() == Some(id);
    view! {
        <button
            class="button button--small"
            type="button"
            aria-expanded=move || if is_shown() { "true" } else { "false" }
            aria-controls=region(id)
            on:click=move |_| shown.open(id)
        >
            {move || if is_shown() { "Ocultar correos" } else { "Ver correos" }}
            <span class="visually-hidden">{format!(" del {}", name.to_lowercase())}</span>
        </button>
    }
}

/// Where the mails of a batch are shown.
#[component]
pub fn MailsOf(
    /// The batch.
    id: i64,
    /// What it is called.
    name: String,
    /// What can be done.
    desk: Desk,
    /// Whether this person may.
    may_operate: bool,
) -> impl IntoView {
    let shown = desk.live.rows;
    let list = move || {
        let name = name.clone();
        (shown.batch.get() == Some(id)).then(move || view! { <List name desk may_operate/> })
    };
    view! { <div class="stack" id=region(id)>{list}</div> }
}

fn region(id: i64) -> String {
    format!("correos-{id}")
}

#[component]
fn List(name: String, desk: Desk, may_operate: bool) -> impl IntoView {
    let shown = desk.live.rows;
    let states = STATES
        .into_iter()
        .map(|state| view! { <option value=state.as_str()>{text::password_state(state).word}</option> })
        .collect_view();
    let label = format!("Correos del {}", name.to_lowercase());
    let mails = move || match shown.found.get() {
        None => view! { <Loading/> }.into_any(),
        Some(Err(error)) => view! { <Unreadable error/> }.into_any(),
        Some(Ok(page)) => {
            let label = label.clone();
            view! { <Mails page label desk may_operate/> }.into_any()
        }
    };
    view! {
        <div class="filters">
            <div class="field field--short">
                <label class="field__label" for="estado-correos">"Estado"</label>
                <select
                    class="field__control"
                    id="estado-correos"
                    prop:value=shown.state
                    on:change:target=move |event| {
                        shown.page.set(1);
                        shown.state.set(event.target().value());
                    }
                >
                    <option value="">"Todos"</option>
                    {states}
                </select>
            </div>
        </div>
        {mails}
    }
}

#[component]
fn Unreadable(error: ApiError) -> impl IntoView {
    view! {
        <Alert tone=Tone::Bad title="No fue posible consultar los correos del envío">
            <p>{error.to_string()}</p>
        </Alert>
    }
}

#[component]
fn Mails(page: Page<BatchRow>, label: String, desk: Desk, may_operate: bool) -> impl IntoView {
    let shown = desk.live.rows;
    let (number, pages, total) = (page.page, page.pages(), page.total);
    let (first, last) = (number <= 1, number >= pages);
    if page.rows.is_empty() {
        return view! { <p class="muted">"Ningún correo de este envío está en ese estado."</p> }.into_any();
    }
    let rows = page.rows.into_iter().map(|row| view! { <Row row desk may_operate/> }).collect_view();
    view! {
        <div class="table-box table-box--framed" tabindex="0" role="group" aria-label=label.clone()>
            <table class="table">
                <caption class="visually-hidden">{label.clone()}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Comerciante"</th>
                        <th scope="col">"Correo"</th>
                        <th scope="col">"Estado"</th>
                        <th scope="col">"Respuesta del servidor"</th>
                        <th scope="col">"Acciones"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <nav class="cluster cluster--apart small" aria-label="Páginas de los correos del envío">
            <span>{text::count(total, "correo", "correos")}</span>
            <span class="cluster">
                <button
                    class="button button--small"
                    type="button"
                    disabled=first
                    on:click=move |_| shown.page.set(number.max(2) - 1)
                >
                    "Anterior"
                </button>
                <span>"Página " {text::number(number)} " de " {text::number(pages)}</span>
                <button
                    class="button button--small"
                    type="button"
                    disabled=last
                    on:click=move |_| shown.page.set(number + 1)
                >
                    "Siguiente"
                </button>
            </span>
        </nav>
    }
    .into_any()
}

#[component]
fn Row(row: BatchRow, desk: Desk, may_operate: bool) -> impl IntoView {
    let words = text::password_state(row.estado);
    let id = row.id;
    let sent = row.enviada_en.map(|at| {
        view! { <span class="note">"Salió el " <time datetime=at.iso()>{at.date_time()}</time></span> }
    });
    let tries = (row.intentos > 0).then(|| {
        view! { <span class="note">{text::count(row.intentos, "intento no aceptado", "intentos no aceptados")}</span> }
    });
    let next = row.proximo_intento.map(|at| {
        view! { <span class="note">"Próximo intento: " <time datetime=at.iso()>{at.date_time()}</time></span> }
    });
    let action = may_operate.then(|| view! { <NextStep id state=row.estado name=row.nombre.clone() desk/> });
    view! {
        <tr>
            <th scope="row">{row.nombre.clone()}</th>
            <td class="break break--mail">{row.correo}</td>
            <td>
                <Status tone=words.tone glyph=words.glyph word=words.word/>
                {sent} {next}
            </td>
            <td class="break">{row.respuesta.unwrap_or_else(|| "Sin respuesta todavía".to_owned())} {tries}</td>
            <td>{action}</td>
        </tr>
    }
}
