//! The answer to the last action, above everything else.

use leptos::prelude::*;

use super::text::Message;
use crate::components::alert::Alert;
use crate::components::status::Tone;
use crate::pages::public::frame::{Contact, WayOut};

/// An error summary that leads to the fields, or a piece of good news. `autofocus` gives the summary
/// the focus where the browser follows it; the client sees to the others.
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
    let pointers = message
        .pointers
        .into_iter()
        .map(|pointer| {
            view! { <li><a href=format!("#{}", pointer.id)>{pointer.words}</a></li> }
        })
        .collect::<Vec<_>>();
    view! {
        <div class="error-summary" role="alert" tabindex="-1" autofocus=true aria-labelledby="resumen">
            <h2 id="resumen" class="error-summary__title">{message.title}</h2>
            <p>{message.body}</p>
            {(!pointers.is_empty()).then(|| view! { <ul class="error-summary__list">{pointers}</ul> })}
            {message
                .way_out
                .then(|| {
                    view! {
                        <div>
                            <p>"Si necesita ayuda, comuníquese con la cámara de comercio:"</p>
                            <WayOut contact/>
                        </div>
                    }
                })}
        </div>
    }
    .into_any()
}
