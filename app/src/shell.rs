//! The HTML document around an application, and the files that belong to it.

use std::hash::{DefaultHasher, Hasher};
use std::path::Path;

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

/// The addresses of an application's files. Each carries a mark of its content (`?v=…`), so that a
/// browser keeps it for good and still fetches a new one: a merchant's next page costs its HTML only.
#[derive(Clone, Debug)]
pub struct Package {
    style: String,
    badge: String,
    script: String,
    wasm: String,
}

impl Package {
    /// The files called `name` of the site that these options point to. Read once a process: what it
    /// serves does not change while it runs.
    #[must_use]
    pub fn read(options: &LeptosOptions, name: &str) -> Self {
        let folder = Path::new(&*options.site_root).join(&*options.site_pkg_dir);
        let address = |file: String| {
            let mark = std::fs::read(folder.join(&file)).map(|bytes| mark(&bytes)).unwrap_or_default();
            format!("/{}/{file}{mark}", options.site_pkg_dir)
        };
        Self {
            style: address(format!("{name}.css")),
            badge: address("insignia.svg".into()),
            script: address(format!("{name}.js")),
            wasm: address(format!("{name}_bg.wasm")),
        }
    }

    /// What hydrates the body at once. The root then says so with `data-vivo`; before that, a button
    /// that only opens a dialog does nothing.
    #[must_use]
    pub fn hydration(&self) -> Client {
        let Self { script, wasm, .. } = self;
        let start = format!(
            "import({script:?}).then(async m=>{{await m.default({{module_or_path:{wasm:?}}});m.hydrate();\
             document.documentElement.dataset.vivo=''}});"
        );
        Client { preload: script.clone(), start }
    }

    /// What fetches and starts a client once the page is loaded and the browser has nothing else to do.
    /// Such a page needs none, so that a client that cannot be had is not worth a word.
    #[must_use]
    pub fn comfort(&self) -> String {
        let Self { script, wasm, .. } = self;
        format!(
            "addEventListener('load',()=>(self.requestIdleCallback||setTimeout)(()=>import({script:?})\
             .then(m=>m.default({{module_or_path:{wasm:?}}})).catch(()=>{{}})));"
        )
    }
}

/// A client without which its pages do little.
pub struct Client {
    preload: String,
    start: String,
}

/// Told apart from every earlier content of the same name; not more is asked of it.
fn mark(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    format!("?v={:016x}", hasher.finish())
}

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

/// The document: language, style sheet, and the client that hydrates the body, if any.
///
/// `body_class` is `console` or `public` and chooses the size of the text. The script carries the
/// request's nonce, and so does its preload: under `'strict-dynamic'` a preload without one is refused.
pub fn document<F, V>(
    package: &Package,
    body_class: &'static str,
    client: Option<Client>,
    app: F,
) -> impl IntoView + use<F, V>
where
    F: FnOnce() -> V + 'static,
    V: IntoView + 'static,
{
    let client = client.map(|Client { preload, start }| {
        let nonce = use_nonce();
        view! {
            <link rel="modulepreload" href=preload nonce=nonce.clone()/>
            <script type="module" nonce=nonce>{start}</script>
        }
    });
    view! {
        <!DOCTYPE html>
        <html lang="es-CO">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="theme-color" media="(prefers-color-scheme: light)" content="#0b2f5c"/>
                <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#0a1d38"/>
                <meta name="format-detection" content="telephone=no"/>
                <link rel="stylesheet" href=package.style.clone()/>
                <link rel="icon" type="image/svg+xml" href=package.badge.clone()/>
                {client}
                <MetaTags/>
            </head>
            <body class=body_class>{app()}</body>
        </html>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_follows_the_content_and_only_the_content() {
        assert_eq!(mark(b"body{}"), mark(b"body{}"));
        assert_ne!(mark(b"body{}"), mark(b"body{} "));
    }

    #[test]
    fn a_file_that_is_not_there_keeps_its_plain_name() {
        let options = LeptosOptions::builder().output_name("x").site_root("no-such-folder").build();
        assert_eq!(Package::read(&options, "x").style, "/pkg/x.css");
    }
}
