//! The client of the public pages. It names [`ActivationApp`] only, so that nothing of the console
//! is downloaded by a merchant.

use app::ActivationApp;
use wasm_bindgen::prelude::wasm_bindgen;

/// Brings the page that the server sent to life.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(ActivationApp);
}
