//! «Activación detenida por intentos»: a merchant calls because the page tells him to wait; staff see
//! until when, and let him try again. The identification goes in a post, never in the address.

use contract::attempts::{AttemptsState, AttemptsView, UnlockReason};
use contract::staff::Permission;
use leptos::prelude::*;

use crate::api::console::attempts::{attempts, unlock};
use crate::components::dialog::{Dialog, DialogActions, DialogHandle};
use crate::components::failure::Refusal;
use crate::components::field::TextField;
use crate::components::icon::Glyph;
use crate::components::status::{Status, Tone};
use crate::components::task::task;
use crate::pages::console::layout::{Me, Told, refusal_for};
use crate::text;

/// The card.
#[component]
pub(super) fn Attempts() -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    // The identification that was asked for, with what is counted against it.
    let found = RwSignal::new(None::<(String, AttemptsView)>);
    let unlocking = RwSignal::new(false);
    let Me(me) = expect_context();
    let ask = task(
        |identification: String| async move {
            let view = attempts(identification.clone()).await?;
            Ok((identification, view))
        },
        move |answer| found.set(Some(answer)),
    );
    view! {
        <section class="card" aria-labelledby="intentos-titulo">
            <h2 id="intentos-titulo">"Activación detenida por intentos"</h2>
            <p class="muted">
                "Si un comerciante dice que la página de activación le pide esperar o comunicarse con la Cámara, consulte \
                aquí su identificación."
            </p>
            <form
                class="filters"
                on:submit=move |event| {
                    event.prevent_default();
                    let identification = typed.get_untracked().trim().to_owned();
                    found.set(None);
                    if identification.is_empty() {
                        wrong.set(Some(text::invalid_field(contract::error::Field::Identification).to_owned()));
                    } else {
                        wrong.set(None);
                        ask.run(identification);
                    }
                }
            >
                <TextField name="identificacion" label="Identificación" value=typed error=wrong/>
                <button class="button" type="submit" disabled=move || ask.busy.get()>"Consultar intentos"</button>
            </form>
            <Refusal error=ask.error/>
            <div role="status">
                {move || {
                    let (_, view) = found.get()?;
                    let open = (view.fallos > 0)
                        .then(|| {
                            view! {
                                <Suspense>
                                    {move || Suspend::new(async move {
                                        let forbidden = me.await.ok()
                                            .and_then(|staff| refusal_for(&staff, Permission::Operate));
                                        view! {
                                            <button
                                                class="button"
                                                type="button"
                                                disabled=forbidden.is_some()
                                                on:click=move |_| unlocking.set(true)
                                            >
                                                "Desbloquear"
                                            </button>
                                            {forbidden.map(|why| view! { <p class="muted small">{why}</p> })}
                                        }
                                    })}
                                </Suspense>
                            }
                        });
                    Some(view! { <div class="cluster"><Standing view/> {open}</div> })
                }}
            </div>
        </section>
        {move || {
            let (identification, _) = found.get().filter(|_| unlocking.get())?;
            Some(view! { <UnlockDialog identification unlocking found/> })
        }}
    }
}

/// Whether it may try, in words.
#[component]
fn Standing(view: AttemptsView) -> impl IntoView {
    let failures = match view.fallos {
        0 => "Sin intentos errados.".to_owned(),
        fallos => format!("{} desde el último acierto.", text::count(fallos, "intento errado", "intentos errados")),
    };
    let (tone, glyph, word, next) = match view.estado {
        AttemptsState::Free => (Tone::Good, Glyph::Good, "Puede intentar ahora", String::new()),
        AttemptsState::Paused { hasta } => (
            Tone::Warn,
            Glyph::Clock,
            "En pausa",
            format!("Podrá intentar de nuevo el {}, o ya mismo si usted lo desbloquea.", hasta.date_time()),
        ),
        AttemptsState::Stopped => (
            Tone::Bad,
            Glyph::Lock,
            "Detenida",
            "No podrá intentar de nuevo hasta que un funcionario lo desbloquee.".to_owned(),
        ),
    };
    view! {
        <p>
            <Status tone glyph word/>
            " "
            {failures}
            " "
            {next}
        </p>
    }
}

#[component]
fn UnlockDialog(
    identification: String,
    unlocking: RwSignal<bool>,
    found: RwSignal<Option<(String, AttemptsView)>>,
) -> impl IntoView {
    let on_close = Callback::new(move |()| unlocking.set(false));
    view! {
        <Dialog id="desbloquear" title="Desbloquear la activación" on_close>
            <p>
                "La identificación "
                <strong>{identification.clone()}</strong>
                " podrá volver a intentar la activación y sus intentos errados se cuentan desde cero."
            </p>
            <UnlockForm identification unlocking found/>
        </Dialog>
    }
}

/// The mandatory reason: a choice, so that nobody's data get into the trail.
#[component]
fn UnlockForm(
    identification: String,
    unlocking: RwSignal<bool>,
    found: RwSignal<Option<(String, AttemptsView)>>,
) -> impl IntoView {
    let reason = RwSignal::new(None::<UnlockReason>);
    let wrong = RwSignal::new(false);
    let handle = use_context::<DialogHandle>();
    let told = expect_context::<Told>();
    let finish = task(
        move |reason: UnlockReason| {
            let identification = identification.clone();
            async move { unlock(identification, reason).await }
        },
        move |()| {
            if let Some(handle) = handle {
                handle.close();
            }
            unlocking.set(false);
            found.set(None);
            told.say("La identificación puede intentar la activación de nuevo.");
        },
    );
    let choices = UnlockReason::ALL
        .into_iter()
        .map(|one| view! { <option value=one.as_str()>{text::unlock_reason(one)}</option> })
        .collect_view();
    view! {
        <form
            class="form"
            on:submit=move |event| {
                event.prevent_default();
                wrong.set(reason.get_untracked().is_none());
                if let Some(reason) = reason.get_untracked() {
                    finish.run(reason);
                }
            }
        >
            <Refusal error=finish.error/>
            <div class="field">
                <label class="field__label" for="causa">"Motivo"</label>
                <p class="field__hint" id="causa-ayuda">"Obligatorio. Queda en la auditoría."</p>
                {move || wrong.get().then(|| view! { <p class="field__error" id="causa-error">"Elija el motivo."</p> })}
                <select
                    class="field__control"
                    id="causa"
                    name="causa"
                    aria-describedby="causa-ayuda causa-error"
                    aria-invalid=move || wrong.get().then_some("true")
                    on:change:target=move |event| reason.set(UnlockReason::parse(&event.target().value()))
                >
                    <option value="">"Elija un motivo"</option>
                    {choices}
                </select>
            </div>
            <DialogActions>
                <button class="button button--primary" type="submit" disabled=move || finish.busy.get()>
                    "Desbloquear"
                </button>
            </DialogActions>
        </form>
    }
}
