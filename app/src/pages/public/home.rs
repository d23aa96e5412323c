//! The front door: the chambers served here.

use contract::console::PublicSite;
use leptos::prelude::*;

use super::frame::{Contact, PublicFrame, WayOut};
use crate::pages::activation::Screen;

/// `/`.
#[component]
pub fn Home() -> impl IntoView {
    let site = use_context::<PublicSite>().unwrap_or_default();
    let chambers = site
        .camaras
        .into_iter()
        .map(|chamber| {
            let way_in = Screen::Form.path(chamber.camara);
            let contact = Contact::from(chamber);
            let label = format!("Activar mi clave de {}", contact.name);
            view! {
                <li class="card chamber">
                    <div class="stack stack--tight">
                        <h2 class="chamber__name">{contact.name.clone()}</h2>
                        <WayOut contact/>
                    </div>
                    <a class="button button--primary" href=way_in aria-label=label>"Activar mi clave"</a>
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
                            <p><a class="button" href="/buzon">"Abrir el buzón"</a></p>
                        </section>
                    }
                })}
            <p><a class="standalone" href="/verificar">"Verificar si una carta es auténtica"</a></p>
            <p><a class="standalone" href="/consola">"Ingreso para funcionarios de la cámara"</a></p>
        </PublicFrame>
    }
}
