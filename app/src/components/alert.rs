//! What must not be missed.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use super::status::Tone;

/// A framed message: a bold first line, then what to do.
#[component]
pub fn Alert(
    /// How it is meant.
    tone: Tone,
    /// What happened, in one line.
    #[prop(into)]
    title: String,
    /// Whether it appears in answer to an action and must be read out at once.
    #[prop(optional)]
    live: bool,
    /// What to do.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let glyph = match tone {
        Tone::Good => Glyph::Good,
        Tone::Warn => Glyph::Warning,
        Tone::Bad => Glyph::Bad,
        Tone::Plain | Tone::Info => Glyph::Info,
    };
    view! {
        <div class=format!("alert alert--{}", tone.name()) role=live.then_some("alert")>
            <Icon glyph/>
            <div class="alert__body">
                <p class="alert__title">{title}</p>
                {children.map(|children| children())}
            </div>
        </div>
    }
}
