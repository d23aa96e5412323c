//! A labelled field: label, hint, error, control.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// A one-line text field bound to a signal.
#[component]
pub fn TextField(
    /// Its name and id.
    name: &'static str,
    /// What is to be typed.
    #[prop(into)]
    label: String,
    /// How.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is typed.
    value: RwSignal<String>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// `password`, `search`, …
    #[prop(default = "text")]
    kind: &'static str,
    /// The browser's memory.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// The keyboard of a telephone.
    #[prop(optional)]
    inputmode: Option<&'static str>,
    /// Whether it takes the focus when its dialog opens.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let hint_id = format!("{name}-ayuda");
    let error_id = format!("{name}-error");
    let has_hint = hint.is_some();
    let described = {
        let (hint_id, error_id) = (hint_id.clone(), error_id.clone());
        move || match (has_hint, error.get().is_some()) {
            (true, true) => Some(format!("{hint_id} {error_id}")),
            (true, false) => Some(hint_id.clone()),
            (false, true) => Some(error_id.clone()),
            (false, false) => None,
        }
    };
    view! {
        <div class=move || if error.get().is_some() { "field field--wrong" } else { "field" }>
            <label class="field__label" for=name>{label}</label>
            {hint.map(|text| view! { <p class="field__hint" id=hint_id>{text}</p> })}
            <FieldError id=error_id error/>
            <input
                class="field__control"
                id=name
                name=name
                type=kind
                autocomplete=autocomplete
                inputmode=inputmode
                autofocus=autofocus
                spellcheck="false"
                aria-describedby=described
                aria-invalid=move || error.get().is_some().then_some("true")
                prop:value=value
                on:input:target=move |event| value.set(event.target().value())
            />
        </div>
    }
}

/// What is wrong with a field, read out when it appears.
#[component]
pub fn FieldError(
    /// Its id, for `aria-describedby`.
    id: String,
    /// What is wrong.
    error: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <div id=id aria-live="polite">
            {move || {
                error
                    .get()
                    .map(|text| {
                        view! {
                            <p class="field__error">
                                <Icon glyph=Glyph::Bad/>
                                <span>
                                    <span class="visually-hidden">"Error: "</span>
                                    {text}
                                </span>
                            </p>
                        }
                    })
            }}
        </div>
    }
}
