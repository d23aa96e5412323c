//! «Enviar»: the manual's single field, and in words what will happen before it happens.

use contract::Timestamp;
use contract::campaign::Factor;
use contract::error::Field;
use contract::sending::{BatchState, BatchView, SendTarget, SendingOutlook, TEST_MAILS};
use leptos::prelude::*;

use super::batches::title;
use super::live::Live;
use super::notice::FactorNotice;
use super::pace::Pace;
use crate::api::console::sending::{outlook, start_batch};
use crate::components::alert::Alert;
use crate::components::dialog::{Dialog, DialogActions, DialogHandle};
use crate::components::failure::Refusal;
use crate::components::field::FieldError;
use crate::components::status::Tone;
use crate::components::task::{sensitive_task, task};
use crate::pages::console::layout::{Loading, Reload, Told};
use crate::text;

/// The dialog.
#[component]
pub fn SendDialog(
    /// The year in process.
    year: i32,
    /// The factor in force.
    factor: Factor,
    /// When it was closed.
    on_close: Callback<()>,
) -> impl IntoView {
    view! {
        <Dialog id="enviar-dialogo" title=format!("Enviar contraseñas de {year}") on_close>
            <FactorNotice factor/>
            <Sending year/>
        </Dialog>
    }
}

#[component]
fn Sending(year: i32) -> impl IntoView {
    let handle = use_context::<DialogHandle>();
    let (told, reload) = (expect_context::<Told>(), expect_context::<Reload>());
    let live = expect_context::<Live>();
    let now = move || live.progress.with(|progress| progress.as_ref().map(|now| now.ahora).unwrap_or_default());
    let found = RwSignal::new(None::<SendingOutlook>);
    let typed = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    // One key an opening: a double click, or a repeat after the password, gives the same batch.
    let key = StoredValue::new(String::new());

    let asking = task(
        move |()| outlook(year),
        move |outlook| {
            found.try_set(Some(outlook));
        },
    );
    Effect::new(move |_| {
        key.set_value(fresh_key());
        asking.run(());
    });
    let close = move || {
        if let Some(handle) = handle {
            handle.close();
        }
    };
    let sending = sensitive_task(
        move |(target, key): (String, String)| start_batch(year, target, key),
        move |batch: BatchView| {
            close();
            let ahead: Vec<_> = untrack(|| live.open_batches())
                .into_iter()
                .filter(|one| one.id < batch.id && one.estado == BatchState::EnCurso)
                .collect();
            told.say(started(&batch, &ahead));
            reload.now();
        },
    );
    let submit = move || {
        let text_typed = typed.get_untracked();
        if text_typed.trim().eq_ignore_ascii_case("x") {
            return close();
        }
        match SendTarget::parse(&text_typed) {
            Some(_) => {
                wrong.set(None);
                sending.run((text_typed, key.get_value()));
            }
            None => wrong.set(Some(text::invalid_field(Field::SendTarget).to_owned())),
        }
    };
    let impossible = move || found.read().as_ref().is_some_and(|outlook| !outlook.faltantes.is_empty());
    view! {
        <form
            class="form"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
        >
            {move || match found.get() {
                Some(outlook) => view! { <Outlook outlook now=untrack(now)/> }.into_any(),
                None if asking.busy.get() => view! { <Loading/> }.into_any(),
                None => ().into_any(),
            }}
            <Ahead live/>
            <Refusal error=asking.error/>
            <Refusal error=sending.error/>
            <div class=move || if wrong.read().is_some() { "field field--wrong" } else { "field" }>
                <label class="field__label" for="indique">"Indique"</label>
                <ul class="choices" id="indique-ayuda">
                    <li>"Digitar un email: Envía 2 emails de prueba a dicho correo."</li>
                    <li>"Número entre 1 y 500: Envía dicho número de emails."</li>
                    <li>"X: Sale sin ejecutar."</li>
                </ul>
                <FieldError id="indique-error".to_owned() error=wrong.into()/>
                <input
                    class="field__control"
                    id="indique"
                    name="indique"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    autofocus
                    aria-describedby="indique-ayuda indique-error"
                    aria-invalid=move || wrong.read().is_some().then_some("true")
                    prop:value=typed
                    on:input:target=move |event| {
                        typed.set(event.target().value());
                        wrong.set(None);
                    }
                />
            </div>
            <p class="effect" aria-live="polite">{move || effect(&typed.read(), found.read().as_ref(), untrack(now))}</p>
            <DialogActions>
                <button
                    class="button button--primary"
                    type="submit"
                    disabled=move || impossible() || sending.busy.get()
                >
                    {move || if sending.busy.get() { "Iniciando…" } else { "Enviar" }}
                </button>
            </DialogActions>
        </form>
    }
}

/// What is on its way already.
#[component]
fn Ahead(live: Live) -> impl IntoView {
    move || {
        live.open_batches().first().map(|batch| {
            let (state, meaning) = if batch.estado == BatchState::EnPausa {
                (
                    "está en pausa",
                    "Si inicia otro, tomará los siguientes correos pendientes, nunca los mismos, y no esperará al que \
                    está en pausa.",
                )
            } else {
                (
                    "está en curso",
                    "Si inicia otro, tomará los siguientes correos pendientes, nunca los mismos, y esperará su turno.",
                )
            };
            let open = format!("El {} {state}", title(batch).to_lowercase());
            view! {
                <p>
                    <strong>{open} ". "</strong>
                    {meaning}
                </p>
            }
        })
    }
}

#[component]
fn Outlook(outlook: SendingOutlook, now: Timestamp) -> impl IntoView {
    if outlook.faltantes.is_empty() {
        view! {
            <dl class="facts">
                <dt>"Pendientes de envío"</dt>
                <dd class="strong">{text::number(outlook.pendientes)}</dd>
                <dt>"Servidor de correo"</dt>
                <dd>{outlook.servidor}</dd>
                <dt>"Remitente"</dt>
                <dd>{outlook.remitente}</dd>
            </dl>
            <Pace pace=outlook.ritmo now/>
        }
        .into_any()
    } else {
        view! {
            <Alert tone=Tone::Warn title="Todavía no se puede enviar">
                <p>"Faltan parámetros en el CommonXX de la cámara: " <code>{outlook.faltantes.join(", ")}</code> "."</p>
            </Alert>
        }
        .into_any()
    }
}

/// What pressing «Enviar» would do now.
fn effect(typed: &str, outlook: Option<&SendingOutlook>, now: Timestamp) -> String {
    let Some(outlook) = outlook.filter(|outlook| outlook.faltantes.is_empty()) else { return String::new() };
    if typed.trim().is_empty() {
        return "Aquí se explicará qué va a ocurrir antes de que ocurra.".to_owned();
    }
    if typed.trim().eq_ignore_ascii_case("x") {
        return "Se saldrá sin ejecutar: no se enviará nada.".to_owned();
    }
    match SendTarget::parse(typed) {
        Some(SendTarget::Test(email)) => with_start(
            format!(
                "Se enviarán {TEST_MAILS} correos de prueba a {}, con comerciantes inventados, por {}. Las pruebas \
                 nunca se cuentan.",
                email.as_str(),
                outlook.servidor
            ),
            &text::start_under(&outlook.ritmo, u64::from(TEST_MAILS), now),
        ),
        Some(SendTarget::Count(_)) if outlook.pendientes == 0 => {
            "No hay contraseñas pendientes de envío: no se enviará nada.".to_owned()
        }
        Some(SendTarget::Count(asked)) => {
            let sent = u64::from(asked).min(outlook.pendientes);
            let left = outlook.pendientes - sent;
            let what = if sent == 1 {
                "Se enviará el primer correo pendiente".to_owned()
            } else {
                format!("Se enviarán los primeros {} correos pendientes", text::number(sent))
            };
            with_start(
                format!(
                    "{what}, por {}, con el remitente {}. Después {} {} por enviar.",
                    outlook.servidor,
                    outlook.remitente,
                    if left == 1 { "quedará" } else { "quedarán" },
                    text::number(left)
                ),
                &text::start_under(&outlook.ritmo, sent, now),
            )
        }
        None => format!("{}.", text::SEND_CHOICES),
    }
}

fn with_start(what: String, when: &str) -> String {
    if when.is_empty() { what } else { format!("{what} {when}") }
}

fn started(batch: &BatchView, ahead: &[BatchView]) -> String {
    let mails = if batch.prueba {
        text::count(batch.solicitados, "correo de prueba", "correos de prueba")
    } else {
        text::count(batch.solicitados, "correo", "correos")
    };
    match ahead.first() {
        Some(first) => format!(
            "El {} con {mails} espera su turno: primero sale el {}.",
            title(batch).to_lowercase(),
            title(first).to_lowercase()
        ),
        None => format!("Se inició el {} con {mails}.", title(batch).to_lowercase()),
    }
}

/// 128 random bits in hexadecimal, from the browser's generator.
fn fresh_key() -> String {
    let mut bytes = [0_u8; 16];
    if let Ok(crypto) = window().crypto() {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outlook(pendientes: u64) -> SendingOutlook {
        SendingOutlook {
            pendientes,
            servidor: "smtp.camara.test:587".into(),
            remitente: "Cámara <claves@camara.test>".into(),
            faltantes: Vec::new(),
            ritmo: contract::sending::PaceView::default(),
        }
    }

    #[test]
    fn what_will_happen_is_said_in_words_before_it_happens() {
        let say = |typed: &str| effect(typed, Some(&outlook(2)), Timestamp(0));
        assert!(say("ana@correo.com").contains("2 correos de prueba a ana@correo.com"));
        assert!(say("1").contains("el primer correo pendiente"));
        assert!(say("500").contains("los primeros 2 correos pendientes"));
        assert!(say("500").contains("quedarán 0 por enviar"));
        assert!(say("x").contains("sin ejecutar"));
        assert!(say("501").starts_with("Digite un correo electrónico"));
        assert!(effect("3", Some(&outlook(0)), Timestamp(0)).contains("no se enviará nada"));
        let mut incomplete = outlook(2);
        incomplete.faltantes.push("MASIVOS_SMTP_SERVER".into());
        assert_eq!(effect("3", Some(&incomplete), Timestamp(0)), "");
    }
}
