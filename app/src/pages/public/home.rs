//! The front door: the chambers served here.

use contract::console::PublicSite;
use leptos::prelude::*;

use super::frame::PublicFrame;
use super::refusal::Refused;
use crate::api::public::sitio;
use crate::pages::activation::Screen;

/// `/`.
#[component]
pub fn Home() -> impl IntoView {
    let site = Resource::new_blocking(|| (), |()| sitio());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match site.await {
                    Ok(site) => view! { <Welcome site/> }.into_any(),
                    Err(error) => view! { <Refused error/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Welcome(site: PublicSite) -> impl IntoView {
    let chambers = site
        .camaras
        .into_iter()
        .map(|chamber| {
            view! {
                <li class="card chamber">
                    <h2 class="chamber__name">{chamber.nombre}</h2>
                    <a class="button button--primary" href=Screen::Form.path(chamber.camara) rel="external">
                        "Activar mi clave"
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <PublicFrame title="Clave Segura">
            <div class="stack">
                <h1>"Active su clave segura"</h1>
                <p>
                    "Si su cámara de comercio le envió por correo electrónico una clave preasignada, actívela aquí para \
                     hacer sus trámites en forma virtual. El servicio no tiene ningún costo."
                </p>
            </div>
            <ul class="chambers">{chambers}</ul>
            {site
                .demo
                .then(|| {
                    view! {
                        <section class="card" aria-labelledby="demostracion">
                            <h2 id="demostracion">"Demostración"</h2>
                            <p>
                                "Los correos y mensajes de texto de esta demostración no salen de este equipo: se \
                                 leen en el buzón."
                            </p>
                            <p><a class="button" href="/buzon" rel="external">"Abrir el buzón"</a></p>
                        </section>
                    }
                })}
            <p><a class="standalone" href="/consola" rel="external">"Ingreso para funcionarios de la cámara"</a></p>
        </PublicFrame>
    }
}
