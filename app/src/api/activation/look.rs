//! What a page shows.

use contract::activation::ActivationView;

use super::door::{Entrance, redirect};
use crate::api::public::page_status;
use crate::error::ApiError;
use crate::pages::activation::Screen;

/// Everything the page at this address shows. When the transaction stands elsewhere, the browser is
/// redirected and the page left empty; an unknown chamber is a 404.
///
/// # Errors
/// The service's own, with the status that it means to a browser.
pub async fn ver(camara: String, pantalla: Screen) -> Result<ActivationView, ApiError> {
    let shown = async {
        let entrance = Entrance::open(&camara)?;
        let view = entrance.service.view().await?;
        if !pantalla.fits(&view.paso) {
            redirect(&Screen::of(&view.paso).path(entrance.chamber));
        }
        Ok(view)
    };
    shown.await.map_err(page_status)
}
