//! A state as a word with its icon; the colour only seconds it.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// How a state or a message is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Nothing special.
    Plain,
    /// Good news.
    Good,
    /// Worth knowing.
    Info,
    /// Asks for attention.
    Warn,
    /// Went wrong, or is about to destroy something.
    Bad,
}

impl Tone {
    /// The suffix in the style sheets.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Good => "good",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}

/// A badge.
#[component]
pub fn Status(
    /// How it is meant.
    tone: Tone,
    /// Its icon.
    glyph: Glyph,
    /// The word.
    #[prop(into)]
    word: String,
) -> impl IntoView {
    view! {
        <span class=format!("status status--{}", tone.name())>
            <Icon glyph/>
            {word}
        </span>
    }
}
