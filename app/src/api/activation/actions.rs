//! The buttons of the merchant's screens. Argument names are the names of the inputs; a missing one
//! counts as empty, so that the answer is a page with the reason, never a bare refusal.

use leptos::prelude::*;

use crate::error::ApiError;

/// «Aceptar y continuar».
#[server(prefix = "/api/activacion", endpoint = "aceptar")]
pub async fn aceptar(
    #[server(default)] camara: String,
    #[server(default)] identificacion: String,
    #[server(default)] correo: String,
    #[server(default)] celular: String,
    #[server(default)] clave: String,
) -> Result<(), ApiError> {
    use super::door::{leave_finished, take_step};
    use contract::activation::Credentials;

    let typed = Credentials { identificacion, correo, celular, clave };
    take_step(&camara, |activation| async move {
        leave_finished(&*activation).await?;
        activation.accept(typed).await
    })
    .await;
    Ok(())
}

/// «No aceptar y abandonar».
#[server(prefix = "/api/activacion", endpoint = "rehusar")]
pub async fn rehusar(
    #[server(default)] camara: String,
    #[server(default)] identificacion: String,
    #[server(default)] correo: String,
    #[server(default)] celular: String,
    #[server(default)] clave: String,
) -> Result<(), ApiError> {
    use super::door::{leave_finished, take_step};
    use contract::activation::Credentials;

    let typed = Credentials { identificacion, correo, celular, clave };
    take_step(&camara, |activation| async move {
        leave_finished(&*activation).await?;
        activation.refuse(typed).await
    })
    .await;
    Ok(())
}

/// «Activar».
#[server(prefix = "/api/activacion", endpoint = "confirmar")]
pub async fn confirmar(#[server(default)] camara: String, #[server(default)] pin: String) -> Result<(), ApiError> {
    super::door::take_step(&camara, |activation| async move { activation.confirm(pin).await }).await;
    Ok(())
}

/// «Reenviar PIN».
#[server(prefix = "/api/activacion", endpoint = "reenviar")]
pub async fn reenviar(#[server(default)] camara: String) -> Result<(), ApiError> {
    super::door::take_step(&camara, |activation| async move { activation.resend().await }).await;
    Ok(())
}

/// «Guardar mi contraseña»: a password of the merchant's own, typed twice.
#[server(prefix = "/api/activacion", endpoint = "elegir")]
pub async fn elegir(
    #[server(default)] camara: String,
    #[server(default)] nueva: String,
    #[server(default)] repetida: String,
) -> Result<(), ApiError> {
    super::door::take_step(&camara, |activation| async move { activation.choose(nueva, repetida).await }).await;
    Ok(())
}

/// «Abandonar»: this request only; the password stays.
#[server(prefix = "/api/activacion", endpoint = "abandonar")]
pub async fn abandonar(#[server(default)] camara: String) -> Result<(), ApiError> {
    super::door::take_step(&camara, |activation| async move { activation.abandon().await }).await;
    Ok(())
}

/// «Comenzar de nuevo»: an empty form.
#[server(prefix = "/api/activacion", endpoint = "reiniciar")]
pub async fn reiniciar(#[server(default)] camara: String) -> Result<(), ApiError> {
    super::door::take_step(&camara, |activation| async move { activation.restart().await }).await;
    Ok(())
}
