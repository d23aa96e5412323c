//! «Seleccionar»: what it would do, and then, on a person's word, it.

use contract::ServiceError;
use contract::campaign::SelectionReport;
use contract::registry::Freshness;
use leptos::prelude::*;

use crate::api::console::campaign::{select, simulate};
use crate::components::alert::Alert;
use crate::components::dialog::{Dialog, DialogActions, DialogHandle};
use crate::components::failure::Refusal;
use crate::components::field::TextField;
use crate::components::status::Tone;
use crate::components::task::task;
use crate::error::ApiError;
use crate::pages::console::layout::{Loading, Reload, Told};
use crate::text;

/// The dialog.
#[component]
pub fn SelectDialog(
    /// The year in process.
    year: i32,
    /// The age of the registry.
    freshness: Freshness,
    /// When it was closed.
    on_close: Callback<()>,
) -> impl IntoView {
    view! {
        <Dialog id="seleccionar-dialogo" title=format!("Seleccionar comerciantes de {year}") on_close>
            <Selection year freshness/>
        </Dialog>
    }
}

#[component]
fn Selection(year: i32, freshness: Freshness) -> impl IntoView {
    let handle = use_context::<DialogHandle>();
    let (told, reload) = (expect_context::<Told>(), expect_context::<Reload>());
    let report = RwSignal::new(None::<SelectionReport>);
    let reason = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    let stale = RwSignal::new(freshness.stale && freshness.last_success.is_some());

    let simulation = task(
        move |()| simulate(year),
        move |found| {
            report.try_set(Some(found));
        },
    );
    Effect::new(move |_| simulation.run(()));

    let selection = task(
        move |reason: String| select(year, reason),
        move |done: SelectionReport| {
            if let Some(handle) = handle {
                handle.close();
            }
            let how_many = text::count(
                done.seleccionados,
                "comerciante quedó seleccionado",
                "comerciantes quedaron seleccionados",
            );
            told.say(format!("{how_many} y pendientes de envío."));
            reload.now();
        },
    );
    // The data may have grown old while the page stood open.
    Effect::new(move |_| {
        if matches!(selection.error.get(), Some(ApiError::Service(ServiceError::StaleRegistry { .. }))) {
            stale.set(true);
        }
    });
    let nobody = move || report.read().as_ref().is_none_or(|report| report.seleccionados == 0);
    view! {
        <form
            class="form"
            on:submit=move |event| {
                event.prevent_default();
                let typed = reason.get_untracked();
                if stale.get_untracked() && typed.chars().filter(|c| c.is_alphabetic()).count() < 5 {
                    wrong.set(Some(text::invalid_field(contract::error::Field::Reason).to_owned()));
                } else {
                    wrong.set(None);
                    selection.run(typed);
                }
            }
        >
            <div aria-live="polite">
                {move || match report.get() {
                    Some(report) => view! { <Report report/> }.into_any(),
                    None if simulation.busy.get() => view! { <Loading/> }.into_any(),
                    None => ().into_any(),
                }}
            </div>
            <Refusal error=simulation.error/>
            {move || stale.get().then(|| view! { <StaleReason freshness reason wrong/> })}
            <Refusal error=selection.error/>
            <DialogActions>
                <button
                    class="button button--primary"
                    type="submit"
                    disabled=move || nobody() || selection.busy.get()
                >
                    {move || if selection.busy.get() { "Seleccionando…" } else { "Seleccionar" }}
                </button>
            </DialogActions>
        </form>
    }
}

#[component]
fn Report(report: SelectionReport) -> impl IntoView {
    let rows = report
        .excluidos
        .iter()
        .map(|(reason, count)| {
            view! {
                <tr>
                    <th scope="row">{text::exclusion_reason(*reason)}</th>
                    <td class="number">{text::number(*count)}</td>
                </tr>
            }
        })
        .collect_view();
    let summary = match report.seleccionados {
        0 => "Ningún comerciante nuevo cumple las condiciones: no hay a quién seleccionar.".to_owned(),
        1 => "Se seleccionará 1 comerciante y tendrá una contraseña pre-asignada. Todavía no se envía ningún correo."
            .to_owned(),
        many => format!(
            "Se seleccionarán {} comerciantes y cada uno tendrá una contraseña pre-asignada. Todavía no se envía \
             ningún correo.",
            text::number(many)
        ),
    };
    view! {
        <div class="stack">
            <p class="strong">{summary}</p>
            <table class="table">
                <caption>
                    {format!("Por qué quedan por fuera los demás, de {} evaluados", text::number(report.evaluados))}
                </caption>
                <thead>
                    <tr>
                        <th scope="col">"Motivo"</th>
                        <th scope="col" class="number">"Comerciantes"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

#[component]
fn StaleReason(freshness: Freshness, reason: RwSignal<String>, wrong: RwSignal<Option<String>>) -> impl IntoView {
    let age = freshness.hours.map_or_else(
        || "más de 36 horas".to_owned(),
        |hours| text::count(hours.max(0).unsigned_abs(), "hora", "horas"),
    );
    view! {
        <Alert tone=Tone::Warn title=format!("Los datos del registro tienen {age}")>
            <p>"Lo recomendable es sincronizar primero. Si debe continuar, escriba el motivo; quedará auditado."</p>
        </Alert>
        <TextField
            name="motivo-seleccion"
            label="Motivo para seleccionar sin sincronizar"
            hint="Al menos 5 letras."
            value=reason
            error=wrong
        />
    }
}
