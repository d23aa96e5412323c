//! The server's side of every step: from a typed chamber to its bound service, and from the
//! service's answer to the next page.

use std::sync::Arc;

use contract::activation::{ActivationDoor, ActivationService, Step};
use contract::{ChamberCode, ServiceError, ServiceResult};
use http::StatusCode;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

use crate::pages::activation::Screen;

/// One chamber's activation, bound to this request.
pub struct Entrance {
    /// The chamber.
    pub chamber: ChamberCode,
    /// Its service, bound to the request's cookie and network.
    pub service: Arc<dyn ActivationService>,
}

impl Entrance {
    /// Opens the door of a chamber as it stands in an address or form.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when it is no chamber of this installation.
    pub fn open(chamber: &str) -> ServiceResult<Self> {
        let chamber = ChamberCode::parse(chamber).ok_or(ServiceError::NotFound)?;
        let door = use_context::<ActivationDoor>().ok_or(ServiceError::NotFound)?;
        let service = door.open(chamber).ok_or(ServiceError::NotFound)?;
        Ok(Self { chamber, service })
    }
}

/// Takes one step at a chamber and sends the browser to the page where the transaction then stands,
/// or to the one that owns up to a fault. An unknown chamber leads home.
pub async fn take_step<F, Answer>(chamber: &str, step: F)
where
    F: FnOnce(Arc<dyn ActivationService>) -> Answer,
    Answer: Future<Output = ServiceResult<()>>,
{
    let Ok(Entrance { chamber, service }) = Entrance::open(chamber) else {
        return redirect("/");
    };
    let next = match step(service.clone()).await {
        Ok(()) => service.view().await.map(|view| Screen::of(&view.paso)),
        Err(error) => Err(error),
    };
    redirect(&next.unwrap_or(Screen::Fault).path(chamber));
}

/// Leaves a finished transaction behind: its form was filled in again.
pub async fn leave_finished(service: &dyn ActivationService) -> ServiceResult<()> {
    match service.view().await?.paso {
        Step::Form { .. } | Step::Pin { .. } | Step::OwnPassword => Ok(()),
        Step::Done | Step::Left | Step::Abandoned => service.restart().await,
    }
}

/// Answers the request with a redirect to an own path: 303, so that a browser fetches the next page
/// with GET whatever the method was.
pub fn redirect(path: &str) {
    leptos_axum::redirect(path);
    if let Some(response) = use_context::<ResponseOptions>() {
        // Our own client asks for JSON; everything else posted a form and wants the next page.
        let calls = use_context::<http::request::Parts>().is_some_and(|parts| {
            parts
                .headers
                .get(http::header::ACCEPT)
                .and_then(|v| v.to_str().ok())
                .is_some_and(|v| v.contains("application/json"))
        });
        if !calls {
            response.set_status(StatusCode::SEE_OTHER);
        }
    }
}
