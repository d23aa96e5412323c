//! «Probar conexión»: what works, what does not, and which variable to change. No mail is sent, and an
//! SMS only when asked for.

use contract::diagnosis::{Diagnosis, Step, StepReport};
use leptos::prelude::*;

use super::sms::SmsTrial;
use crate::api::console::diagnosis::try_connection;
use crate::components::alert::Alert;
use crate::components::dialog::{Dialog, DialogActions};
use crate::components::failure::Refusal;
use crate::components::icon::{Glyph, Icon};
use crate::components::status::{Status, Tone};
use crate::components::task::task;
use crate::text::{self, dns_hint, dns_look, step_fault, step_name};

/// In the order in which they are tried.
const STEPS: [Step; 5] = [Step::Nombre, Step::Conexion, Step::Cifrado, Step::Autenticacion, Step::Remitente];

/// The dialog; the trial begins as it opens.
#[component]
pub fn DiagnosisDialog(
    /// When it was closed.
    on_close: Callback<()>,
) -> impl IntoView {
    view! {
        <Dialog id="probar-conexion-dialogo" title="Probar conexión con el servidor de correo" on_close>
            <Trial/>
        </Dialog>
    }
}

#[component]
fn Trial() -> impl IntoView {
    let found = RwSignal::new(None::<Diagnosis>);
    let trial = task(
        move |()| try_connection(),
        move |diagnosis| {
            found.try_set(Some(diagnosis));
        },
    );
    Effect::new(move |_| trial.run(()));
    let result = move || match found.get() {
        Some(diagnosis) if !trial.busy.get() => view! { <Result diagnosis/> }.into_any(),
        _ if trial.error.read().is_some() => ().into_any(),
        _ => view! { <Waiting/> }.into_any(),
    };
    view! {
        <div class="stack" aria-live="polite" aria-busy=move || if trial.busy.get() { "true" } else { "false" }>
            {result}
        </div>
        <Refusal error=trial.error/>
        <SmsTrial/>
        <DialogActions leave="Cerrar">
            <button
                class="button button--primary"
                type="button"
                aria-disabled=move || trial.busy.get().then_some("true")
                on:click=move |_| trial.run(())
            >
                {move || if trial.busy.get() { "Probando…" } else { "Probar de nuevo" }}
            </button>
        </DialogActions>
    }
}

#[component]
fn Waiting() -> impl IntoView {
    let steps = STEPS
        .map(|step| {
            view! {
                <li class="steps__item">
                    <span class="steps__mark"><Icon glyph=Glyph::Clock/></span>
                    <p class="steps__name">{step_name(step)}</p>
                    <p class="steps__time muted">"Por probar"</p>
                </li>
            }
        })
        .collect_view();
    view! {
        <p>"Se está probando el servidor de correo de la cámara, paso por paso. Puede tardar hasta un minuto; no se envía ningún correo."</p>
        <progress class="progress" aria-label="Prueba de la conexión en curso"></progress>
        <ol class="steps">{steps}</ol>
    }
}

#[component]
fn Result(diagnosis: Diagnosis) -> impl IntoView {
    let well = diagnosis.is_well();
    let failed = diagnosis.pasos.iter().find(|step| step.falla.is_some()).map(|step| step_name(step.paso));
    let verdict = if well {
        view! {
            <Alert tone=Tone::Good title=format!("La conexión con {} funciona", diagnosis.servidor)>
                <p>"El servidor aceptó el remitente. No se envió ningún correo."</p>
            </Alert>
        }
        .into_any()
    } else {
        let title = failed.map_or_else(
            || format!("No se pudo probar {}", diagnosis.servidor),
            |step| format!("La conexión con {} falla en: {step}", diagnosis.servidor),
        );
        view! {
            <Alert tone=Tone::Bad title>
                <p>"Así no podría salir ningún correo. Siga la indicación del paso señalado y pruebe de nuevo."</p>
            </Alert>
        }
        .into_any()
    };
    // Without encryption or account there is nothing to try; after a fault nothing more is.
    let broken = diagnosis.pasos.iter().any(|report| report.falla.is_some());
    let steps = STEPS
        .map(|step| {
            let report = diagnosis.pasos.iter().find(|report| report.paso == step).cloned();
            view! { <StepItem step report broken/> }
        })
        .collect_view();
    let hints = diagnosis
        .dns
        .iter()
        .map(|hint| {
            let (tone, glyph, word) = dns_look(*hint);
            view! {
                <li class="hints__item">
                    <Status tone glyph word/>
                    <span>{dns_hint(*hint)}</span>
                </li>
            }
        })
        .collect_view();
    let domain = (!diagnosis.dns.is_empty()).then(|| {
        view! {
            <h3>{format!("Lo que el DNS dice de {}", diagnosis.dominio)}</h3>
            <ul class="hints">{hints}</ul>
        }
    });
    view! { {verdict} <ol class="steps">{steps}</ol> {domain} }
}

#[component]
fn StepItem(step: Step, report: Option<StepReport>, broken: bool) -> impl IntoView {
    let Some(report) = report else {
        let why = if broken { "No se alcanzó a probar" } else { "No se usa con esta configuración" };
        return view! {
            <li class="steps__item">
                <span class="steps__mark"><Icon glyph=Glyph::Off/></span>
                <p class="steps__name muted">{step_name(step)}</p>
                <p class="steps__time muted">{why}</p>
            </li>
        }
        .into_any();
    };
    let (class, glyph, word) = match report.falla {
        None => ("steps__item steps__item--good", Glyph::Good, "Bien"),
        Some(_) => ("steps__item steps__item--bad", Glyph::Bad, "Falló"),
    };
    let detail =
        (!report.detalle.is_empty()).then(|| view! { <p class="steps__detail"><code>{report.detalle}</code></p> });
    let remedy = report.falla.map(|fault| {
        view! {
            <p class="steps__remedy">
                <strong>"Qué hacer: "</strong>
                {step_fault(fault)}
            </p>
        }
    });
    view! {
        <li class=class>
            <span class="steps__mark"><Icon glyph/></span>
            <p class="steps__name">{step_name(step)}</p>
            <p class="steps__time">{format!("{word}, {} ms", text::number(report.milisegundos))}</p>
            {detail} {remedy}
        </li>
    }
    .into_any()
}
