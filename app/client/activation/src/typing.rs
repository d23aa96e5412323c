//! What is wrong with the typing of a field, said when it is left, in the server's own words.

use contract::activation::check::{FIELDS, name, typing_fault};
use gloo::timers::callback::Timeout;
use web_sys::{HtmlElement, HtmlInputElement};

use crate::dom;

/// A tap leaves the field and presses what lies under the finger in one: nothing may move in between.
const AFTER_THE_TAP_MS: u32 = 300;

/// Checks each of the four fields when it is left. An empty one is left in peace until the form is
/// sent; a fault already shown goes away once it is mended.
pub fn check() {
    for field in FIELDS {
        let Some(input) = dom::field(name(field)) else { continue };
        let typed = input.clone();
        dom::on(&input, "blur", move |_| {
            let typed = typed.clone();
            let look = move || {
                let value = typed.value();
                if !value.trim().is_empty() {
                    show(&typed, typing_fault(field, &value));
                }
            };
            Timeout::new(AFTER_THE_TAP_MS, look).forget();
        });
    }
}

/// Shows a fault beside its field, or takes it away. The server drew its place, hidden.
pub fn show(input: &HtmlInputElement, fault: Option<&str>) {
    let id = input.id();
    let place = format!("{id}-error");
    let Some(line) = dom::by_id::<HtmlElement>(&place) else { return };
    let Some(words) = dom::within(&line, "[data-palabras]").into_iter().next() else { return };
    words.set_text_content(fault);
    line.set_hidden(fault.is_none());
    let described = if fault.is_some() { format!("{id}-ayuda {place}") } else { format!("{id}-ayuda") };
    dom::set(input, "aria-describedby", &described);
    dom::set_or_remove(input, "aria-invalid", fault.map(|_| "true"));
    if let Ok(Some(field)) = input.closest(".field") {
        field.set_class_name(if fault.is_some() { "field field--wrong" } else { "field" });
    }
}
