//! The HTML document around an application: the same for the console and for the public pages.

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

/// A whole document without any script, for what is shown once and must not stay in a client's memory.
#[cfg(feature = "ssr")]
pub fn document_without_script(
    title: &'static str,
    style: &'static str,
    body_class: &'static str,
    view: impl FnOnce() -> AnyView,
) -> String {
    let owner = Owner::new();
    let html = owner.with(|| {
        view! {
            <!DOCTYPE html>
            <html lang="es-CO">
                <head>
                    <meta charset="utf-8"/>
                    <meta name="viewport" content="width=device-width, initial-scale=1"/>
                    <meta name="color-scheme" content="light dark"/>
                    <title>{format!("{title} · Clave Segura")}</title>
                    <link rel="icon" type="image/svg+xml" href="/pkg/insignia.svg"/>
                    <link rel="stylesheet" href=style/>
                </head>
                <body class=body_class>{view()}</body>
            </html>
        }
        .to_html()
    });
    owner.cleanup();
    // Marks for a client that hydrates; in a title they would be read as text. Text never holds them: it is escaped.
    html.replace("<!>", "")
}

/// The document: language, style sheet, and the module that hydrates the body.
///
/// The style sheet is `/pkg/{output_name}.css`, the client `/pkg/{output_name}.js` with its
/// `/pkg/{output_name}_bg.wasm`. `body_class` is `console` or `public` and chooses the size of the
/// text. The script carries the request's nonce, and so does its preload: under `'strict-dynamic'`
/// a preload without one is refused. Once the client has taken over, the root says so with
/// `data-vivo`; before that, a button that only opens a dialog does nothing.
pub fn document<F, V>(options: &LeptosOptions, body_class: &'static str, app: F) -> impl IntoView + use<F, V>
where
    F: FnOnce() -> V + 'static,
    V: IntoView + 'static,
{
    let package = format!("/{}/{}", options.site_pkg_dir, options.output_name);
    let start = format!(
        "import({:?}).then(async m=>{{await m.default({{module_or_path:{:?}}});m.hydrate();\
         document.documentElement.dataset.vivo=''}});",
        format!("{package}.js"),
        format!("{package}_bg.wasm"),
    );
    let nonce = use_nonce();
    view! {
        <!DOCTYPE html>
        <html lang="es-CO">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="format-detection" content="telephone=no"/>
                <link rel="icon" type="image/svg+xml" href=format!("/{}/insignia.svg", options.site_pkg_dir)/>
                <link rel="stylesheet" href=format!("{package}.css")/>
                <link rel="modulepreload" href=format!("{package}.js") nonce=nonce.clone()/>
                <script type="module" nonce=nonce>{start}</script>
                <MetaTags/>
            </head>
            <body class=body_class>{app()}</body>
        </html>
    }
}
