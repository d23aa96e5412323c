//! The little that everything here asks of the page.

use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::{document, document_element};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement};

/// The elements of the page that a selector finds.
pub fn all(selector: &str) -> Vec<HtmlElement> {
    within(&document_element(), selector)
}

/// Those below an element.
pub fn within(root: &Element, selector: &str) -> Vec<HtmlElement> {
    let found = root.query_selector_all(selector);
    let nodes = found.map(|list| (0..list.length()).filter_map(move |at| list.item(at)));
    nodes.into_iter().flatten().filter_map(|node| node.dyn_into().ok()).collect()
}

/// The first of them.
pub fn first(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}

/// The element with an `id`.
pub fn by_id<T: JsCast>(id: &str) -> Option<T> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// The field with an `id`.
pub fn field(id: &str) -> Option<HtmlInputElement> {
    by_id(id)
}

/// Sets an attribute; it can only fail for a name that is none.
pub fn set(element: &Element, name: &str, value: &str) {
    _ = element.set_attribute(name, value);
}

/// Sets an attribute, or takes it away.
pub fn set_or_remove(element: &Element, name: &str, value: Option<&str>) {
    match value {
        Some(value) => set(element, name, value),
        None => _ = element.remove_attribute(name),
    }
}

/// Listens for as long as the page lives.
pub fn on(element: &HtmlElement, event: &'static str, heard: impl FnMut(&Event) + 'static) {
    EventListener::new(element, event, heard).forget();
}

/// The same for who may hold the event back.
pub fn on_before(element: &HtmlElement, event: &'static str, heard: impl FnMut(&Event) + 'static) {
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(element, event, options, heard).forget();
}
