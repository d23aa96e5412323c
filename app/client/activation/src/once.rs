//! A form is sent once. Buttons are not disabled, only marked: a disabled one would lose its
//! `formaction` and its focus, and what is marked by the countdown is held back as well.

use gloo::timers::callback::Timeout;
use gloo::utils::window;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, PageTransitionEvent};

use crate::dom;

/// After so long without an answer a form may be sent again.
const PATIENCE_MS: u32 = 15_000;

/// The mark of a form that is on its way.
const SENT: &str = "data-enviado";

/// Lets each form's first sending through and holds back what follows.
pub fn guard() {
    for form in dom::all("form[method=post]") {
        let sent = form.clone();
        dom::on_before(&form, "submit", move |event| {
            if buttons(&sent).iter().any(is_marked) {
                event.prevent_default();
                return;
            }
            mark(&sent);
            let waiting = sent.clone();
            Timeout::new(PATIENCE_MS, move || release(&waiting)).forget();
        });
    }
    // «Atrás» may bring the page back as it was left, with its forms still marked.
    gloo::events::EventListener::new(&window(), "pageshow", |event| {
        if is_from_memory(event) {
            dom::all("form[data-enviado]").iter().for_each(release);
        }
    })
    .forget();
}

fn is_from_memory(event: &Event) -> bool {
    event.dyn_ref::<PageTransitionEvent>().is_some_and(PageTransitionEvent::persisted)
}

fn is_marked(button: &HtmlElement) -> bool {
    button.get_attribute("aria-disabled").is_some_and(|value| value == "true")
}

fn mark(form: &HtmlElement) {
    dom::set(form, SENT, "");
    buttons(form).iter().for_each(|button| dom::set(button, "aria-disabled", "true"));
}

fn release(form: &HtmlElement) {
    if form.has_attribute(SENT) {
        _ = form.remove_attribute(SENT);
        buttons(form).iter().for_each(|button| _ = button.remove_attribute("aria-disabled"));
    }
}

fn buttons(form: &HtmlElement) -> Vec<HtmlElement> {
    dom::within(form, "button[type=submit]")
}
