//! What a page shows when it could not be loaded or an action was refused.

use contract::ServiceError;
use leptos::prelude::*;
use leptos_router::components::Redirect;

use super::alert::Alert;
use super::status::Tone;
use crate::error::ApiError;

/// A page that could not be loaded; without a session it leads to the login.
#[component]
pub fn Failure(
    /// Why.
    error: ApiError,
) -> impl IntoView {
    match error {
        ApiError::Service(ServiceError::NoSession) => {
            view! { <Redirect path="/consola/ingresar?motivo=sesion"/> }.into_any()
        }
        other => {
            let text = other.to_string();
            view! {
                <Alert tone=Tone::Bad title="No fue posible mostrar esta página">
                    <p>{text}</p>
                </Alert>
            }
            .into_any()
        }
    }
}

/// Shows what was loaded, or why not.
pub fn loaded<T, V: IntoView + 'static>(result: Result<T, ApiError>, show: impl FnOnce(T) -> V) -> AnyView {
    match result {
        Ok(data) => show(data).into_any(),
        Err(error) => view! { <Failure error/> }.into_any(),
    }
}

/// A refused action, read out as soon as it appears.
#[component]
pub fn Refusal(
    /// Why, if it was.
    error: RwSignal<Option<ApiError>>,
) -> impl IntoView {
    move || {
        error.get().map(|refusal| {
            let text = refusal.to_string();
            view! {
                <Alert tone=Tone::Bad title="No se completó la acción" live=true>
                    <p>{text}</p>
                </Alert>
            }
        })
    }
}
