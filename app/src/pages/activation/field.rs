//! The fields of the first screen: label, hint, error, control, in the order in which they are heard.

use contract::activation::FormField;
use contract::activation::check::name;
use leptos::prelude::*;

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

/// One of the four fields. The client checks it when it is left: by its `id`.
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
    let wrong = error.is_some();
    view! {
        <div class=field_class(wrong)>
            <label class="field__label" for=id>{label}</label>
            <p class="field__hint" id=format!("{id}-ayuda")>{hint}</p>
            <FieldError id error/>
            <div class="field__row">
                <input
                    class="field__control"
                    id=id
                    name=id
                    type=kind
                    value=value
                    autocomplete=autocomplete
                    autocapitalize="none"
                    spellcheck="false"
                    aria-describedby=described(id, wrong)
                    aria-invalid=wrong.then_some("true")
                    aria-required="true"
                />
                {(kind == "password").then(|| view! { <Reveal id/> })}
            </div>
        </div>
    }
}

/// The class of a field's box.
pub const fn field_class(wrong: bool) -> &'static str {
    if wrong { "field field--wrong" } else { "field" }
}

/// What a screen reader says after a field's name.
pub fn described(id: &str, wrong: bool) -> String {
    if wrong { format!("{id}-ayuda {id}-error") } else { format!("{id}-ayuda") }
}

/// The words beside a wrong field, the same as in the summary. Its place is there in any case: the
/// client shows it, and a screen reader hears it, when the field is left.
#[component]
pub fn FieldError(
    /// The field's `id`.
    id: &'static str,
    /// What is wrong with it.
    error: Option<String>,
) -> impl IntoView {
    let nothing = error.is_none();
    view! {
        <div aria-live="polite">
            <p class="field__error" id=format!("{id}-error") hidden=nothing>
                <Icon glyph=Glyph::Warning/>
                <span><span class="visually-hidden">"Error: "</span><span data-palabras="">{error}</span></span>
            </p>
        </div>
    }
}

/// «Mostrar»: the client shows it when it works.
#[component]
pub fn Reveal(
    /// The password's `id`.
    id: &'static str,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button field__reveal"
            hidden=true
            data-mostrar=id
            aria-controls=id
            aria-label="Mostrar la clave"
            data-otra="Ocultar la clave"
        >
            <span>"Mostrar"</span>
            <span hidden=true>"Ocultar"</span>
        </button>
    }
}
