//! The client of the merchant's pages. The server draws them whole and their forms are plain; this
//! finds what is there, by ids and `data-` attributes, and makes it more comfortable. It draws
//! nothing, sends nothing and intercepts nothing but a second tap: without it, every page works.
//!
//! No framework and no code of the console: a merchant's telephone downloads this over a slow line.

mod dom;
mod once;
mod pin;
mod resend;
mod reveal;
mod summary;
mod typing;

use wasm_bindgen::prelude::wasm_bindgen;

/// Brings the page to life, and says so on its root.
#[wasm_bindgen(start)]
pub fn start() {
    summary::lead();
    reveal::offer();
    typing::check();
    pin::await_message();
    resend::count_down();
    // Last: it holds back what the countdown has marked.
    once::guard();
    dom::set(&gloo::utils::document_element(), "data-vivo", "");
}
