//! The last screen: verified (manual, section 10).

use leptos::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::pages::public::frame::{Contact, PublicFrame};

/// The manual's letter and its two links.
#[component]
pub fn Done(
    /// The chamber.
    contact: Contact,
    /// Where «Renovar matrícula mercantil» leads; empty: no link.
    renew: String,
    /// Where «Menú principal» leads; empty: no link.
    menu: String,
) -> impl IntoView {
    view! {
        <PublicFrame title="Activación terminada" contact>
            <div class="outcome outcome--good">
                <Icon glyph=Glyph::Good/>
                <h1>"Su inscripción ha sido activada"</h1>
            </div>
            <div class="letter">
                <p>"Apreciado usuario:"</p>
                <p>
                    "Su inscripción como usuario verificado ha sido activada satisfactoriamente. A partir de este momento \
                     usted podrá realizar trámites en forma virtual y con total seguridad, sin necesidad de dirigirse a \
                     nuestras instalaciones. También le enviamos un correo electrónico de confirmación."
                </p>
                <p>
                    "Recuerde que la clave que le ha sido asignada es exclusiva para su utilización y usted es plenamente \
                     responsable del uso que se le dé a la misma."
                </p>
                <p>
                    "Igualmente tenga en cuenta que al momento de realizar un trámite virtual, y para poder firmarlo en \
                     forma electrónica, le será enviado en ese momento un PIN de firmado al número celular que tiene \
                     registrado. De tal suerte que deberá indicar tanto su contraseña segura como el PIN de firmado para \
                     que el trámite virtual pueda ser presentado."
                </p>
                <p>
                    "Lo invitamos a que a partir de este momento haga uso de esta herramienta que la Cámara de Comercio \
                     ha puesto a su disposición, y lo invitamos a RENOVAR EN FORMA FÁCIL, RÁPIDA Y EFECTIVA SU MATRÍCULA \
                     MERCANTIL."
                </p>
            </div>
            <div class="actions">
                {(!renew.is_empty())
                    .then(|| {
                        view! {
                            <a class="button button--primary" href=renew>
                                "Renovar matrícula mercantil"
                            </a>
                        }
                    })}
                {(!menu.is_empty())
                    .then(|| view! { <a class="button" href=menu>"Menú principal"</a> })}
            </div>
        </PublicFrame>
    }
}
