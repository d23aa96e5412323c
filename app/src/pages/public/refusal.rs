//! Pages that say that there is no page, or that it could not be shown.

use contract::ServiceError;
use leptos::prelude::*;

use super::frame::PublicFrame;
use crate::error::ApiError;

/// Nothing at this address.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <PublicFrame title="Página no encontrada">
            <h1>"Esta página no existe"</h1>
            <p>
                "Revise que la dirección esté completa, tal como aparece en el correo que recibió de su cámara de \
                 comercio."
            </p>
            <p><a class="button" href="/" rel="external">"Ir al inicio"</a></p>
        </PublicFrame>
    }
}

/// A page that could not be shown: not there, or a fault with its reference.
#[component]
pub fn Refused(
    /// Why.
    error: ApiError,
) -> impl IntoView {
    let reference = match &error {
        ApiError::Service(ServiceError::NotFound) => return view! { <NotFound/> }.into_any(),
        ApiError::Service(ServiceError::Unexpected { reference }) => Some(reference.clone()),
        _ => None,
    };
    view! {
        <PublicFrame title="No pudimos mostrar la página" error=true>
            <h1>"No pudimos mostrar la página"</h1>
            <p>"Ocurrió una falla de nuestro lado. Espere unos minutos y vuelva a cargarla; sus datos no se perdieron."</p>
            <p>
                "Si la falla continúa, comuníquese con su cámara de comercio por el teléfono que ella publica."
                {reference.map(|reference| view! { " Referencia: " <strong>{reference}</strong> "." })}
            </p>
            <p><a class="button" href="/" rel="external">"Ir al inicio"</a></p>
        </PublicFrame>
    }
    .into_any()
}
