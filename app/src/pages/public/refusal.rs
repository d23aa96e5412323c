//! Pages that say that there is no page, or that it could not be shown; each with a way out.

use contract::ServiceError;
use leptos::prelude::*;

use super::frame::{Contact, PublicFrame, WayOut};
use crate::error::ApiError;

/// Nothing at this address.
#[component]
pub fn NotFound(
    /// Who helps; by default the only chamber here.
    #[prop(default = Contact::known(""))]
    contact: Contact,
) -> impl IntoView {
    view! {
        <PublicFrame title="Página no encontrada" contact=contact.clone()>
            <h1>"Esta página no existe"</h1>
            <p>
                "Revise que la dirección esté completa, tal como aparece en el correo que recibió de su cámara de \
                 comercio."
            </p>
            <Help contact/>
        </PublicFrame>
    }
}

/// A page that could not be shown: not there, or a fault with its reference.
#[component]
pub fn Refused(
    /// Why.
    error: ApiError,
    /// The chamber's code as in the address, if one stands there.
    #[prop(optional)]
    chamber: String,
) -> impl IntoView {
    let contact = Contact::known(&chamber);
    let reference = match &error {
        ApiError::Service(ServiceError::NotFound) => return view! { <NotFound contact/> }.into_any(),
        ApiError::Service(ServiceError::Unexpected { reference }) => Some(reference.clone()),
        _ => None,
    };
    view! {
        <PublicFrame title="No pudimos mostrar la página" error=true contact=contact.clone()>
            <h1>"No pudimos mostrar la página"</h1>
            <p>"Ocurrió una falla de nuestro lado. Espere unos minutos y vuelva a cargarla; sus datos no se perdieron."</p>
            {reference.map(|reference| view! { <p>"Referencia de la falla: " <strong>{reference}</strong> "."</p> })}
            <Help contact/>
        </PublicFrame>
    }
    .into_any()
}

/// The way out: the chamber's telephone, or the front door, where every chamber's stands.
#[component]
fn Help(contact: Contact) -> impl IntoView {
    let known = !contact.name.is_empty();
    view! {
        {if known {
            view! {
                <div>
                    <p>"Si necesita ayuda, comuníquese con la cámara de comercio:"</p>
                    <WayOut contact/>
                </div>
            }
                .into_any()
        } else {
            view! { <p>"En la página de inicio está el teléfono de cada cámara de comercio."</p> }.into_any()
        }}
        <div class="actions"><a class="button" href="/">"Ir al inicio"</a></div>
    }
}
