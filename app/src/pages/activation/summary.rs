//! The answer to the last action, above everything else.

use leptos::ev::MouseEvent;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;

use super::text::Message;
use crate::components::alert::Alert;
use crate::components::status::Tone;
use crate::pages::public::frame::{Contact, WayOut};

/// An error summary that takes the focus and leads to the fields, or a piece of good news.
#[component]
pub fn Summary(
    /// What to say.
    message: Message,
    /// The way out that ends a refusal.
    contact: Contact,
) -> impl IntoView {
    if message.tone != Tone::Bad {
        return view! { <Alert tone=message.tone title=message.title live=true><p>{message.body}</p></Alert> }
            .into_any();
    }
    let summary = NodeRef::<Div>::new();
    Effect::new(move |_| {
        if let Some(summary) = summary.get() {
            _ = summary.focus();
        }
    });
    let pointers = message
        .pointers
        .into_iter()
        .map(|pointer| {
            let id = pointer.id;
            view! {
                <li>
                    <a href=format!("#{id}") rel="external" on:click=move |event| focus(&event, id)>{pointer.words}</a>
                </li>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <div
            class="error-summary"
            role="alert"
            tabindex="-1"
            autofocus=true
            aria-labelledby="resumen"
            node_ref=summary
        >
            <h2 id="resumen" class="error-summary__title">{message.title}</h2>
            <p>{message.body}</p>
            {(!pointers.is_empty()).then(|| view! { <ul class="error-summary__list">{pointers}</ul> })}
            {message
                .way_out
                .then(|| {
                    view! {
                        <div>
                            <p>"Si necesita ayuda, comuníquese con " {contact.name.clone()} ":"</p>
                            <WayOut contact/>
                        </div>
                    }
                })}
        </div>
    }
    .into_any()
}

/// A link to a field also puts the cursor into it.
fn focus(event: &MouseEvent, id: &str) {
    let target = document().get_element_by_id(id).and_then(|e| e.dyn_into::<HtmlElement>().ok());
    if let Some(target) = target {
        event.prevent_default();
        target.scroll_into_view();
        _ = target.focus();
    }
}
