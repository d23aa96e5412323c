//! What WASM adds to pages that are complete without it. Effects never run on the server, so both
//! sides draw the same page first.

use std::time::Duration;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

/// `true` once the page lives in the browser: what needs it is shown only then.
pub fn alive() -> ReadSignal<bool> {
    let (alive, set_alive) = signal(false);
    Effect::new(move |_| set_alive.set(true));
    alive
}

/// Keeps a form from being sent twice. Buttons are not disabled, only marked: a disabled one would
/// lose its `formaction`. After 15 seconds without an answer it may be sent again.
#[derive(Clone, Copy)]
pub struct SendOnce(RwSignal<bool>);

impl SendOnce {
    /// Nothing sent yet.
    pub fn new() -> Self {
        Self(RwSignal::new(false))
    }

    /// Lets the first submission through and holds back what follows.
    pub fn on_submit(self, event: &SubmitEvent) {
        if self.0.get_untracked() {
            event.prevent_default();
            return;
        }
        self.0.set(true);
        let sent = self.0;
        set_timeout(move || _ = sent.try_set(false), Duration::from_secs(15));
    }

    /// For `aria-disabled` on the form's buttons.
    pub fn busy(self) -> Option<&'static str> {
        self.0.get().then_some("true")
    }
}
