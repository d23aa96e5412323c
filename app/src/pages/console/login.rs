//! `/consola/ingresar`: a plain form, so that it works before and without the client.

use contract::console::PublicSite;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::layout::Loading;
use crate::api::public::sitio;
use crate::components::alert::Alert;
use crate::components::failure::loaded;
use crate::components::status::Tone;

/// The login.
#[component]
pub fn LoginPage() -> impl IntoView {
    let site = Resource::new_blocking(|| (), |()| sitio());
    let query = use_query_map();
    let reason = Memo::new(move |_| query.read().get("motivo").unwrap_or_default());
    let failed = move || matches!(reason.get().as_str(), "credenciales" | "espera");
    view! {
        <Title text=move || if failed() { "Error: ingreso de funcionarios" } else { "Ingreso de funcionarios" }/>
        <main class="entry" id="contenido">
            <div class="entry__brand">
                <svg class="entry__mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
                    <path
                        class="entry__shield"
                        d="M16 2l12 4.4v8.8c0 7.2-4.9 12.3-12 14.8C8.9 27.5 4 22.4 4 15.2V6.4z"
                    ></path>
                    <circle cx="16" cy="13" r="3.6" class="entry__key"></circle>
                    <path d="M14.5 15h3l1.2 7.6h-5.4z" class="entry__key"></path>
                </svg>
                <p class="entry__name">"Clave Segura"</p>
                <p class="muted">"Generador de Contraseñas Seguras para las cámaras de comercio"</p>
            </div>
            <div class="card">
                <h1>"Ingreso de funcionarios"</h1>
                {move || explanation(&reason.get())}
                <Suspense fallback=Loading>
                    {move || Suspend::new(async move { loaded(site.await, |site| view! { <LoginForm site/> }) })}
                </Suspense>
            </div>
        </main>
    }
}

fn explanation(reason: &str) -> Option<AnyView> {
    let (tone, title, next) = match reason {
        "credenciales" => (
            Tone::Bad,
            "El usuario o la clave no son correctos.",
            "Verifique la cámara, el usuario y la clave, e intente de nuevo.",
        ),
        "espera" => (
            Tone::Bad,
            "Hubo demasiados intentos fallidos.",
            "Espere unos minutos antes de intentarlo de nuevo. Si olvidó su clave, solicite otra al administrador.",
        ),
        "sesion" => (
            Tone::Info,
            "Su sesión terminó.",
            "Por seguridad se cierra tras un tiempo sin actividad. Ingrese de nuevo.",
        ),
        "falla" => (
            Tone::Bad,
            "No fue posible ingresar por un error inesperado.",
            "Intente de nuevo en unos minutos; si se repite, informe al administrador.",
        ),
        "salida" => (Tone::Good, "Salió de la consola.", "Puede cerrar esta ventana."),
        _ => return None,
    };
    Some(
        view! {
            <Alert tone title live=true>
                <p>{next}</p>
            </Alert>
        }
        .into_any(),
    )
}

#[component]
fn LoginForm(site: PublicSite) -> impl IntoView {
    let options = site
        .camaras
        .iter()
        .map(|chamber| view! { <option value=chamber.camara.to_string()>{chamber.nombre.clone()}</option> })
        .collect_view();
    let demo = site.demo.then(|| {
        view! {
            <Alert tone=Tone::Info title="Esta es una demostración">
                <p>
                    "El usuario y la clave aparecen en la terminal donde se inició el programa. Los correos y los SMS \
                    llegan al "
                    <a href="/buzon" rel="external">"buzón de la demostración"</a> "."
                </p>
            </Alert>
        }
    });
    view! {
        <form class="form" method="post" action="/consola/ingresar">
            <div class="field">
                <label class="field__label" for="camara">"Cámara de comercio"</label>
                <select class="field__control" id="camara" name="camara" required>{options}</select>
            </div>
            <div class="field">
                <label class="field__label" for="usuario">"Usuario"</label>
                <input
                    class="field__control"
                    id="usuario"
                    name="usuario"
                    autocomplete="username"
                    autocapitalize="none"
                    spellcheck="false"
                    required
                />
            </div>
            <div class="field">
                <label class="field__label" for="clave">"Clave"</label>
                <input
                    class="field__control"
                    id="clave"
                    name="clave"
                    type="password"
                    autocomplete="current-password"
                    required
                />
            </div>
            <button class="button button--primary button--wide" type="submit">"Ingresar"</button>
        </form>
        {demo}
    }
}
