//! «Blanquear» and «Borrar No Activados»: how many go, how many stay, and the year typed.

use contract::campaign::{Deletion, DeletionReport};
use contract::sending::BatchState;
use leptos::prelude::*;

use super::batches::title;
use super::live::Live;
use crate::api::console::campaign::{delete, preview_deletion};
use crate::components::alert::Alert;
use crate::components::dialog::{Dialog, DialogActions, DialogHandle};
use crate::components::failure::Refusal;
use crate::components::field::TextField;
use crate::components::status::Tone;
use crate::components::task::{sensitive_task, task};
use crate::pages::console::layout::{Loading, Reload, Told};
use crate::text;

/// The action's name in the manual.
const fn name(kind: Deletion) -> &'static str {
    match kind {
        Deletion::Blanquear => "Blanquear",
        Deletion::BorrarNoActivados => "Borrar No Activados",
    }
}

/// The dialog.
#[component]
pub fn EraseDialog(
    /// The year in process.
    year: i32,
    /// Which of the two.
    kind: Deletion,
    /// When it was closed.
    on_close: Callback<()>,
) -> impl IntoView {
    view! {
        <Dialog id="borrado" title=format!("{} {year}", name(kind)) on_close>
            <Erasure year kind/>
        </Dialog>
    }
}

#[component]
fn Erasure(year: i32, kind: Deletion) -> impl IntoView {
    let handle = use_context::<DialogHandle>();
    let (told, reload) = (expect_context::<Told>(), expect_context::<Reload>());
    let expected = RwSignal::new(None::<DeletionReport>);
    let typed = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);

    let preview = task(
        move |()| preview_deletion(year, kind),
        move |report| {
            expected.try_set(Some(report));
        },
    );
    Effect::new(move |_| preview.run(()));

    let erasure = sensitive_task(
        move |typed: String| delete(year, kind, typed),
        move |done: DeletionReport| {
            if let Some(handle) = handle {
                handle.close();
            }
            told.say(outcome(done));
            reload.now();
        },
    );
    view! {
        <form
            class="form"
            on:submit=move |event| {
                event.prevent_default();
                let year_typed = typed.get_untracked();
                if year_typed.trim() == year.to_string() {
                    wrong.set(None);
                    erasure.run(year_typed);
                } else {
                    let sentence = text::invalid_field(contract::error::Field::YearConfirmation);
                    wrong.set(Some(sentence.to_owned()));
                }
            }
        >
            <div aria-live="polite">
                {move || match expected.get() {
                    Some(report) => view! { <Expected kind report/> }.into_any(),
                    None if preview.busy.get() => view! { <Loading/> }.into_any(),
                    None => ().into_any(),
                }}
            </div>
            <Running/>
            <Refusal error=preview.error/>
            <Refusal error=erasure.error/>
            <TextField
                name="ano-confirmacion"
                label="Digite el año en proceso para confirmar"
                hint=format!("Escriba {year}. Esta acción no se puede deshacer.")
                inputmode="numeric"
                value=typed
                error=wrong
                autofocus=true
            />
            <DialogActions>
                <button
                    class="button button--danger"
                    type="submit"
                    disabled=move || expected.read().is_none() || erasure.busy.get()
                >
                    {name(kind)}
                </button>
            </DialogActions>
        </form>
    }
}

/// What a deletion means to a batch that is not over.
#[component]
fn Running() -> impl IntoView {
    let live = expect_context::<Live>();
    move || {
        live.open_batches().first().map(|batch| {
            let state = if batch.estado == BatchState::EnPausa { "está en pausa" } else { "está en curso" };
            view! {
                <Alert tone=Tone::Bad title=format!("El {} {state} y se cancelará", title(batch).to_lowercase())>
                    <p>
                        "Lo que no ha salido no saldrá. Los correos que ya se entregaron al servidor llegarán, pero su \
                        contraseña no se podrá activar."
                    </p>
                </Alert>
            }
        })
    }
}

fn outcome(done: DeletionReport) -> String {
    format!(
        "{} y {}.",
        text::count(done.eliminados, "contraseña eliminada", "contraseñas eliminadas"),
        text::count(done.conservados, "conservada", "conservadas")
    )
}

#[component]
fn Expected(kind: Deletion, report: DeletionReport) -> impl IntoView {
    let what = match kind {
        Deletion::Blanquear => {
            "Se borran todas las del año: pendientes, enviadas, activadas y de prueba. Las enviadas \
            que aún no se activan dejarán de servir."
        }
        Deletion::BorrarNoActivados => {
            "Se borran las del año que no se han activado. Las ya enviadas que no se activan \
            dejarán de servir."
        }
    };
    view! {
        <Alert tone=Tone::Warn title=format!(
            "Se eliminarán {} y se conservarán {}",
            text::count(report.eliminados, "contraseña", "contraseñas"),
            text::number(report.conservados),
        )>
            <p>{what}</p>
            <p>"Los usuarios verificados, la auditoría y las evidencias de envío no se tocan."</p>
        </Alert>
    }
}
