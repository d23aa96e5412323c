//! «Reintentar los rechazados»: asked first.

use leptos::prelude::*;

use super::super::live::Live;
use crate::api::console::sending::retry_failed;
use crate::components::dialog::{Dialog, DialogActions, DialogHandle};
use crate::components::failure::Refusal;
use crate::components::task::task;
use crate::pages::console::layout::Told;
use crate::text;

/// The question.
#[component]
pub fn RetryDialog(
    /// The batch.
    id: i64,
    /// What it is called.
    name: String,
    /// Its refused mails.
    failed: u64,
    /// When it was closed.
    on_close: Callback<()>,
) -> impl IntoView {
    view! {
        <Dialog id="reintentar" title="Reintentar los rechazados" on_close>
            <p>
                {format!(
                    "{} del {} {} a quedar por enviar, con la misma contraseña.",
                    text::count(failed, "correo rechazado", "correos rechazados"),
                    name.to_lowercase(),
                    if failed == 1 { "volverá" } else { "volverán" },
                )}
            </p>
            <p>
                "No se reintentan los dirigidos a direcciones que devolvieron correos: esas se habilitan una por una en "
                <a href="/consola/devueltos">"Correos devueltos"</a> "."
            </p>
            <Question id/>
        </Dialog>
    }
}

#[component]
fn Question(id: i64) -> impl IntoView {
    let handle = use_context::<DialogHandle>();
    let (told, live) = (expect_context::<Told>(), expect_context::<Live>());
    let retry = task(
        move |()| retry_failed(id),
        move |count| {
            if let Some(handle) = handle {
                handle.close();
            }
            told.say(match count {
                0 => "No había correos que se pudieran reintentar: sus direcciones devolvieron correos.".to_owned(),
                1 => "1 correo volvió a quedar por enviar.".to_owned(),
                count => format!("{} correos volvieron a quedar por enviar.", text::number(count)),
            });
            live.refresh_now();
        },
    );
    view! {
        <Refusal error=retry.error/>
        <DialogActions>
            <button
                class="button button--primary"
                type="button"
                disabled=move || retry.busy.get()
                on:click=move |_| retry.run(())
            >
                {move || if retry.busy.get() { "Reintentando…" } else { "Reintentar" }}
            </button>
        </DialogActions>
    }
}
