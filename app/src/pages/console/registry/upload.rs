//! The upload of an extract, with its progress: the file goes as it is, in one request.

use gloo::events::EventListener;
use leptos::html;
use leptos::prelude::*;
use leptos::serde_json;
use leptos::wasm_bindgen::JsCast;
use send_wrapper::SendWrapper;
use serde::Deserialize;
use web_sys::{File, ProgressEvent, XmlHttpRequest};

use crate::components::alert::Alert;
use crate::components::pager::{address, percent_encode};
use crate::components::status::Tone;
use crate::pages::console::layout::Reload;
use crate::text;

/// What `/consola/carga` answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
struct Answer {
    ok: bool,
    leidas: u64,
    insertadas: u64,
    actualizadas: u64,
    sin_cambio: u64,
    rechazadas: u64,
    mensaje: String,
    sincronizacion: Option<i64>,
}

/// Where an upload stands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stage {
    /// Nothing chosen or nothing begun.
    Idle,
    /// On its way: percent.
    Sending(u64),
    /// Arrived; being read.
    Reading,
    /// In the registry.
    Done(Answer),
    /// Refused: the sentence, and the synchronisation whose rejected rows can be seen.
    Refused(String, Option<i64>),
}

impl Stage {
    const fn is_busy(&self) -> bool {
        matches!(self, Self::Sending(_) | Self::Reading)
    }
}

/// The form.
#[component]
pub fn Upload(
    /// Why this person may not.
    forbidden: Option<&'static str>,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let partial = RwSignal::new(false);
    let stage = RwSignal::new(Stage::Idle);
    let reload = expect_context::<Reload>();
    let listeners = StoredValue::new(Listeners::default());

    let begin = move || {
        let chosen = input.get_untracked().and_then(|input| input.files()).and_then(|files| files.get(0));
        match chosen {
            Some(file) => send(&file, partial.get_untracked(), stage, reload, listeners),
            None => {
                stage.set(Stage::Refused(text::invalid_field(contract::error::Field::File).to_owned(), None));
                if let Some(input) = input.get_untracked() {
                    let _ = input.focus();
                }
            }
        }
    };
    view! {
        <section class="card" aria-labelledby="carga-titulo">
            <h2 id="carga-titulo">"Cargar el archivo diario"</h2>
            <form
                class="form"
                on:submit=move |event| {
                    event.prevent_default();
                    begin();
                }
            >
                <div class="field">
                    <label class="field__label" for="archivo">"Archivo de matriculados"</label>
                    <p class="field__hint" id="archivo-ayuda">
                        "Texto separado por coma, punto y coma, barra o tabulador, en UTF-8, Windows-1252 o CP850; se \
                        reconocen solos."
                    </p>
                    <input
                        class="field__control"
                        id="archivo"
                        name="archivo"
                        type="file"
                        accept=".csv,.txt,text/csv,text/plain"
                        aria-describedby="archivo-ayuda"
                        disabled=forbidden.is_some()
                        node_ref=input
                    />
                </div>
                <label class="choice">
                    <input
                        type="checkbox"
                        name="parcial"
                        disabled=forbidden.is_some()
                        on:change:target=move |event| partial.set(event.target().checked())
                    />
                    <span>
                        "Aceptar las filas legibles aunque haya rechazadas"
                        <span class="field__hint">" (si no se marca y hay una fila ilegible, no se cambia nada)"</span>
                    </span>
                </label>
                {forbidden.map(|why| view! { <p class="muted">{why}</p> })}
                <div>
                    <button
                        class="button button--primary"
                        type="submit"
                        disabled=move || forbidden.is_some() || stage.read().is_busy()
                    >
                        "Cargar archivo"
                    </button>
                </div>
            </form>
            <Progress stage/>
        </section>
    }
}

#[component]
fn Progress(stage: RwSignal<Stage>) -> impl IntoView {
    let bar = move || match stage.get() {
        Stage::Sending(percent) => view! {
            <p>{format!("Subiendo el archivo: {percent} %")}</p>
            <progress class="progress" max="100" value=percent aria-label="Avance de la carga"></progress>
        }
        .into_any(),
        Stage::Reading => view! {
            <p>"El archivo llegó completo. Leyendo y comparando los matriculados…"</p>
            <progress class="progress" aria-label="Lectura del archivo"></progress>
        }
        .into_any(),
        _ => ().into_any(),
    };
    let outcome = move || match stage.get() {
        Stage::Done(answer) => view! {
            <Alert tone=Tone::Good title="El registro quedó sincronizado">
                <p>
                    {format!(
                        "{}: {}, {}, {} sin cambio y {}.",
                        text::count(answer.leidas, "fila leída", "filas leídas"),
                        text::count(answer.insertadas, "nueva", "nuevas"),
                        text::count(answer.actualizadas, "actualizada", "actualizadas"),
                        text::number(answer.sin_cambio),
                        text::count(answer.rechazadas, "rechazada", "rechazadas"),
                    )}
                </p>
            </Alert>
        }
        .into_any(),
        Stage::Refused(sentence, sync) => view! {
            <Alert tone=Tone::Bad title="No se cargó el archivo">
                <p>{sentence}</p>
                {sync
                    .map(|id| {
                        let href = address("/consola/sincronizacion", &[("rechazos", &id.to_string())]);
                        view! {
                            <p>
                                <a href=format!("{href}#rechazos")>"Ver las filas ilegibles y sus motivos"</a>
                            </p>
                        }
                    })}
            </Alert>
        }
        .into_any(),
        _ => ().into_any(),
    };
    view! {
        <div class="stack stack--tight">{bar}</div>
        <div role="status">{outcome}</div>
    }
}

/// What listens to an upload. Empty on the server: what belongs to one thread must not be made there,
/// because another one may drop it.
type Listeners = Option<SendWrapper<Vec<EventListener>>>;

/// Posts the file. `fetch` tells nothing of an upload's progress; `XMLHttpRequest` does.
fn send(file: &File, partial: bool, stage: RwSignal<Stage>, reload: Reload, listeners: StoredValue<Listeners>) {
    let parcial = if partial { "&parcial=1" } else { "" };
    let url = format!("/consola/carga?archivo={}{parcial}", percent_encode(&file.name()));
    let lost = || Stage::Refused(text::extract_fault(&contract::error::ExtractFault::Interrupted), None);
    let Ok(request) = XmlHttpRequest::new() else { return stage.set(lost()) };
    if request.open("POST", &url).is_err() {
        return stage.set(lost());
    }
    let _ = request.set_request_header("Content-Type", "application/octet-stream");
    stage.set(Stage::Sending(0));

    let mut attached = Vec::new();
    if let Ok(upload) = request.upload() {
        attached.push(EventListener::new(&upload, "progress", move |event| {
            if let Some(progress) = event.dyn_ref::<ProgressEvent>() {
                let percent = whole_percent(progress.loaded(), progress.total());
                stage.try_set(Stage::Sending(percent));
            }
        }));
        attached.push(EventListener::new(&upload, "load", move |_| {
            stage.try_set(Stage::Reading);
        }));
    }
    let answered = request.clone();
    attached.push(EventListener::new(&request, "loadend", move |_| {
        if answered.status() == Ok(401) {
            let _ = window().location().set_href("/consola/ingresar?motivo=sesion");
            return;
        }
        let body = answered.response_text().ok().flatten().unwrap_or_default();
        stage.try_set(match serde_json::from_str::<Answer>(&body) {
            Ok(answer) if answer.ok => Stage::Done(answer),
            Ok(answer) => Stage::Refused(answer.mensaje, answer.sincronizacion),
            Err(_) => lost(),
        });
        reload.now();
    }));
    listeners.try_update_value(|kept| *kept = Some(SendWrapper::new(attached)));
    if request.send_with_opt_blob(Some(file)).is_err() {
        stage.set(lost());
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // between 0 and 100
fn whole_percent(loaded: f64, total: f64) -> u64 {
    if total > 0.0 { (loaded * 100.0 / total).clamp(0.0, 100.0) as u64 } else { 0 }
}
