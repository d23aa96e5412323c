//! The fields of the first screen: label, hint, error, control, in the order in which they are heard.

use contract::activation::FormField;
use leptos::prelude::*;

use super::check::{name, typing_fault};
use super::comfort::alive;
use crate::components::icon::{Glyph, Icon};

/// How a field looks to keyboards and password managers.
#[derive(Clone, Copy)]
struct Habits {
    label: &'static str,
    hint: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
}

const fn habits(field: FormField) -> Habits {
    match field {
        // No `inputmode=numeric` here: foreign identifications have letters, and so has the manual's
        // PRUEBA2247@ (section 11); a keypad of digits would lock both out on a telephone.
        FormField::Identificacion => Habits {
            label: "Identificación",
            hint: "Como aparece en el PDF, sin dígito de verificación.",
            kind: "text",
            autocomplete: "off",
        },
        FormField::Correo => Habits {
            label: "Correo electrónico registrado",
            hint: "El que tiene reportado en el registro mercantil.",
            kind: "email",
            autocomplete: "email",
        },
        FormField::Celular => Habits {
            label: "Número celular registrado",
            hint: "El mismo que tiene reportado en el registro mercantil.",
            kind: "tel",
            autocomplete: "tel",
        },
        FormField::Clave => Habits {
            label: "Clave preasignada",
            hint: "Está en el PDF adjunto al correo. Distingue mayúsculas y minúsculas.",
            kind: "password",
            autocomplete: "off",
        },
    }
}

/// One of the four fields.
#[component]
pub fn CredentialField(
    /// Which.
    field: FormField,
    /// What was typed before; never the password.
    #[prop(optional)]
    value: String,
    /// What is wrong with it.
    error: Option<String>,
) -> impl IntoView {
    let Habits { label, hint, kind, autocomplete } = habits(field);
    let id = name(field);
    let error = RwSignal::new(error);
    let visible = RwSignal::new(false);
    // Leaving a field that holds something says what is wrong with its form; an empty one is left in
    // peace until the form is sent, but a fault already shown goes away once it is mended.
    let on_blur = move |event| {
        let typed = event_target_value(&event);
        if !typed.trim().is_empty() {
            error.set(typing_fault(field, &typed).map(str::to_owned));
        }
    };
    let secret = matches!(field, FormField::Clave);
    let described = move || {
        if error.read().is_some() { format!("{id}-ayuda {id}-error") } else { format!("{id}-ayuda") }
    };
    view! {
        <div class="field" class:field--wrong=move || error.read().is_some()>
            <label class="field__label" for=id>{label}</label>
            <p class="field__hint" id=format!("{id}-ayuda")>{hint}</p>
            <FieldError id error/>
            <div class="field__row">
                <input
                    class="field__control"
                    id=id
                    name=id
                    type=move || if visible.get() { "text" } else { kind }
                    value=value
                    autocomplete=autocomplete
                    autocapitalize="none"
                    spellcheck="false"
                    aria-describedby=described
                    aria-invalid=move || error.read().is_some().then_some("true")
                    aria-required="true"
                    on:blur=on_blur
                />
                {secret.then(|| view! { <Reveal id visible/> })}
            </div>
        </div>
    }
}

/// The words beside a wrong field, the same as in the summary.
#[component]
pub fn FieldError(
    /// The field's `id`.
    id: &'static str,
    /// What is wrong with it.
    error: RwSignal<Option<String>>,
) -> impl IntoView {
    move || {
        error.get().map(|words| {
            view! {
                <p class="field__error" id=format!("{id}-error")>
                    <Icon glyph=Glyph::Warning/>
                    <span><span class="visually-hidden">"Error: "</span>{words}</span>
                </p>
            }
        })
    }
}

/// «Mostrar»: there only when it works.
#[component]
fn Reveal(id: &'static str, visible: RwSignal<bool>) -> impl IntoView {
    let alive = alive();
    view! {
        <button
            type="button"
            class="button field__reveal"
            hidden=move || !alive.get()
            aria-controls=id
            aria-label=move || if visible.get() { "Ocultar la clave" } else { "Mostrar la clave" }
            on:click=move |_| visible.update(|shown| *shown = !*shown)
        >
            {move || if visible.get() { "Ocultar" } else { "Mostrar" }}
        </button>
    }
}
