//! The batches that are over, behind a disclosure.

use contract::sending::BatchView;
use leptos::prelude::*;

use super::super::desk::Desk;
use super::rows::{MailsButton, MailsOf};
use super::title;
use crate::components::status::Status;
use crate::text;

/// The table, and the mails of the one that was chosen in it.
#[component]
pub fn Earlier(
    /// Them, the newest first.
    batches: Vec<BatchView>,
    /// What can be done.
    desk: Desk,
    /// Whether this person may.
    may_operate: bool,
) -> impl IntoView {
    let shown = desk.live.rows;
    let names: Vec<(i64, String)> = batches.iter().map(|batch| (batch.id, title(batch))).collect();
    let rows = batches.into_iter().map(|batch| view! { <Row batch desk/> }).collect_view();
    let below = move || {
        let chosen = shown.batch.get()?;
        let (id, name) = names.iter().find(|(id, _)| *id == chosen).cloned()?;
        Some(view! {
            <div class="stack batch__below">
                <h3>{name.clone()}</h3>
                <MailsOf id name desk may_operate/>
            </div>
        })
    };
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
                            <th scope="col" class="number">"Devueltos"</th>
                            <th scope="col">"Detalle"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {below}
        </details>
    }
}

#[component]
fn Row(batch: BatchView, desk: Desk) -> impl IntoView {
    let words = text::batch_state(batch.estado);
    let name = title(&batch);
    view! {
        <tr>
            <th scope="row" class="nowrap">{name.clone()}</th>
            <td class="nowrap">{batch.creado_en.date_time()}</td>
            <td>{batch.actor}</td>
            <td>
                <Status tone=words.tone glyph=words.glyph word=words.word/>
            </td>
            <td class="number">{text::number(batch.enviados)}</td>
            <td class="number">{text::number(batch.rechazados)}</td>
            <td class="number">{text::number(batch.inciertos)}</td>
            <td class="number">{text::number(batch.rebotados)}</td>
            <td>
                <MailsButton id=batch.id name=name.clone() shown=desk.live.rows/>
            </td>
        </tr>
    }
}
