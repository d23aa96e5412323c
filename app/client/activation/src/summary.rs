//! The error summary: it is the first thing read, and its links put the cursor into the field.

use gloo::utils::document;

use crate::dom;

/// Takes the focus to the summary, unless the person is already somewhere, and follows its links.
pub fn lead() {
    let Some(summary) = dom::first(".error-summary") else { return };
    let at_rest = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
    if at_rest {
        _ = summary.focus();
    }
    for link in dom::all(".error-summary a[href^='#']") {
        let target = link.get_attribute("href").and_then(|href| dom::by_id(href.get(1..)?));
        let Some(target): Option<web_sys::HtmlElement> = target else { continue };
        dom::on_before(&link, "click", move |event| {
            event.prevent_default();
            target.scroll_into_view();
            _ = target.focus();
        });
    }
}
