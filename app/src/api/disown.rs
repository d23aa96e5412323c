//! «No fui yo»: what the link shows, and its one button. A plain form posts to it and is answered with a
//! redirect to the same address, with and without JavaScript.

// The macro makes a public struct of each function's arguments; they are named after what they hold.
#![allow(missing_docs)]

use contract::disown::DisownView;
use leptos::prelude::*;

use crate::error::ApiError;

/// What the page at this link shows; changes nothing. An unknown chamber is a 404, and so is a link that
/// is no good.
#[server(prefix = "/api/no-fui-yo", endpoint = "ver")]
pub async fn ver_enlace(camara: String, codigo: String) -> Result<DisownView, ApiError> {
    use crate::api::public::page_status;
    use contract::disown::DisownState;
    use http::StatusCode;

    let shown = async { open(&camara)?.1.view(&codigo).await };
    let view = shown.await.map_err(page_status)?;
    let status = match view.enlace {
        DisownState::Offered | DisownState::Frozen => StatusCode::OK,
        DisownState::Useless => StatusCode::NOT_FOUND,
        DisownState::Wait { .. } => StatusCode::TOO_MANY_REQUESTS,
    };
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(status);
    }
    Ok(view)
}

/// «No fui yo: suspender la clave». The page it leads to says where the link stands then.
#[server(prefix = "/api/no-fui-yo", endpoint = "suspender")]
pub async fn suspender(#[server(default)] camara: String, #[server(default)] codigo: String) -> Result<(), ApiError> {
    use crate::api::activation::redirect;
    use crate::api::public::page_status;
    use crate::components::pager::percent_encode;

    let Ok((chamber, links)) = open(&camara) else {
        redirect("/");
        return Ok(());
    };
    links.freeze(&codigo).await.map_err(page_status)?;
    // No code is longer; what is typed instead never makes an address.
    let code: String = codigo.trim().chars().take(64).collect();
    let code = if code.is_empty() { "0".to_owned() } else { percent_encode(&code) };
    redirect(&format!("/no-fui-yo/{chamber}/{code}"));
    Ok(())
}

#[cfg(feature = "ssr")]
fn open(
    camara: &str,
) -> contract::ServiceResult<(contract::ChamberCode, std::sync::Arc<dyn contract::disown::DisownService>)> {
    use contract::disown::DisownDoor;
    use contract::{ChamberCode, ServiceError};

    let chamber = ChamberCode::parse(camara).ok_or(ServiceError::NotFound)?;
    let door = use_context::<DisownDoor>().ok_or(ServiceError::NotFound)?;
    Ok((chamber, door.open(chamber).ok_or(ServiceError::NotFound)?))
}
