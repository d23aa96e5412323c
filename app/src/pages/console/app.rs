//! The console's root: its document and its routes.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;

use crate::shell::document;

/// The document around [`ConsoleApp`].
pub fn console_shell(options: LeptosOptions) -> impl IntoView {
    document(&options, "console", ConsoleApp)
}

/// The staff console, from `/consola` down.
#[component]
pub fn ConsoleApp() -> impl IntoView {
    provide_meta_context();
    view! { <main id="contenido"></main> }
}
