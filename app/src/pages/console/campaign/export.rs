//! «Exportar a Excel»: a plain form whose answer is the file. The password, when it must be typed
//! again, is asked for before the form leaves.

use leptos::html;
use leptos::prelude::*;

use crate::components::failure::Refusal;
use crate::components::task::sensitive_task;

/// The button, its form and its explanation.
#[component]
pub fn Export(
    /// The year in process.
    year: i32,
    /// Why this person may not.
    forbidden: Option<&'static str>,
) -> impl IntoView {
    let form = NodeRef::<html::Form>::new();
    let leave = sensitive_task(
        |()| async { Ok(()) },
        move |()| {
            if let Some(form) = form.try_get_untracked().flatten() {
                let _ = form.submit();
            }
        },
    );
    view! {
        <li class="actions__item">
            <form
                method="post"
                action="/consola/exportar"
                node_ref=form
                on:submit=move |event| {
                    event.prevent_default();
                    leave.run(());
                }
            >
                <input type="hidden" name="ano" value=year/>
                <button
                    class="button"
                    type="submit"
                    disabled=forbidden.is_some()
                    aria-describedby="exportar-explicacion"
                >
                    "Exportar a Excel"
                </button>
            </form>
            <div class="actions__help">
                <p id="exportar-explicacion">
                    "Descarga la relación de comerciantes con sus correos y celulares. Nunca contiene la contraseña."
                    {forbidden.map(|why| view! { " " <strong>{why}</strong> })}
                </p>
                <Refusal error=leave.error/>
            </div>
        </li>
    }
}
