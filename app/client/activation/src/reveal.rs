//! «Mostrar» beside a password: there only when it works.

use web_sys::HtmlElement;

use crate::dom;

/// Every button `data-mostrar="id"` shows and hides the field of that `id`. It carries both its words,
/// one of them hidden, and the name that comes next in `data-otra`.
pub fn offer() {
    for button in dom::all("button[data-mostrar]") {
        let Some(field) = button.get_attribute("data-mostrar").and_then(|id| dom::field(&id)) else { continue };
        // A password in clear when the form leaves would be remembered as a plain text.
        if let Some(form) = field.form() {
            let field = field.clone();
            dom::on(&form, "submit", move |_| field.set_type("password"));
        }
        let face = button.clone();
        dom::on(&button, "click", move |_| {
            field.set_type(if field.type_() == "password" { "text" } else { "password" });
            turn(&face);
        });
        button.set_hidden(false);
    }
}

fn turn(button: &HtmlElement) {
    let words = button.children();
    for word in (0..words.length()).filter_map(|at| words.item(at)) {
        let hidden = word.has_attribute("hidden");
        dom::set_or_remove(&word, "hidden", (!hidden).then_some(""));
    }
    if let (Some(now), Some(next)) = (button.get_attribute("aria-label"), button.get_attribute("data-otra")) {
        dom::set(button, "aria-label", &next);
        dom::set(button, "data-otra", &now);
    }
}
