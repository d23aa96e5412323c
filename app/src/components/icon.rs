//! Icons, drawn with SVG attributes only (the content policy allows no inline styles).

use leptos::prelude::*;

/// Which icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// A tick in a circle: done, in force.
    Good,
    /// A triangle with a mark: look here.
    Warning,
    /// A cross in a circle: refused, wrong.
    Bad,
    /// An «i» in a circle.
    Info,
    /// A clock: waiting.
    Clock,
    /// A question mark in a circle: nobody knows.
    Unknown,
    /// Two arrows: under way.
    Moving,
    /// A paper plane: sent.
    Sent,
    /// A dash in a circle: set aside, cancelled.
    Off,
    /// A padlock.
    Lock,
}

impl Glyph {
    /// The strokes on a 24×24 grid.
    const fn path(self) -> &'static str {
        match self {
            Self::Good => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8 12.3l2.8 2.8L16 9.5",
            Self::Warning => "M12 4 2.8 20h18.4zM12 10v4.5M12 17.2v.3",
            Self::Bad => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9 9l6 6M15 9l-6 6",
            Self::Info => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5.5M12 7.6v.3",
            Self::Clock => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2",
            Self::Unknown => {
                "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.6 9.6a2.4 2.4 0 1 1 3.4 2.2c-.7.4-1 .9-1 1.7M12 16.6v.3"
            }
            Self::Moving => "M4 11a8 8 0 0 1 14-4.5L20 8.5M20 4v4.5h-4.5M20 13a8 8 0 0 1-14 4.5L4 15.5M4 20v-4.5h4.5",
            Self::Sent => "M21 3 3 10.5l6.5 3L12.5 20zM9.5 13.5 21 3",
            Self::Off => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8 12h8",
            Self::Lock => "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
        }
    }
}

/// An icon beside a word that says the same: hidden from screen readers.
#[component]
pub fn Icon(
    /// Which one.
    glyph: Glyph,
) -> impl IntoView {
    view! {
        <svg
            class="icon"
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="2"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
            focusable="false"
        >
            <path d=glyph.path()></path>
        </svg>
    }
}
