//! The merchant's screens: form, PIN, done, left. One page a step; the transaction decides which.

mod done;
mod exit;
pub(in crate::pages) mod field;
mod form;
mod own_password;
mod pin;
mod resend;
mod screen;
mod summary;
pub mod text;

pub use screen::Screen;

use contract::activation::{ActivationView, Draft, Step};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::public::frame::Contact;
use super::public::refusal::Refused;
use crate::api::activation::ver;
use done::Done;
use exit::{Exit, Interrupted};
use form::{Form, FormParts};
use own_password::ChoosePassword;
use pin::{Pin, PinParts};

/// One step's page.
#[component]
pub fn ActivationPage(
    /// Which screen the address stands for.
    screen: Screen,
) -> impl IntoView {
    let params = use_params_map();
    let chamber = Memo::new(move |_| params.read().get("camara").unwrap_or_default());
    let view = Resource::new_blocking(move || chamber.get(), move |chamber| ver(chamber, screen));
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match view.await {
                    Ok(view) if screen.fits(&view.paso) => draw(screen, chamber.get_untracked(), view),
                    // The answer is a redirect; its body is never seen.
                    Ok(_) => ().into_any(),
                    Err(error) => view! { <Refused error chamber=chamber.get_untracked()/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

fn draw(screen: Screen, chamber: String, view: ActivationView) -> AnyView {
    let contact = Contact { name: view.camara_nombre, telephone: view.telefono, address: view.direccion };
    let now = view.ahora;
    let words = |draft: &Draft| view.aviso.as_ref().map(|notice| text::message(notice, draft, now));
    match (screen, view.paso) {
        (Screen::Fault, _) => view! { <Interrupted chamber contact/> }.into_any(),
        (_, Step::Form { borrador: draft }) => {
            let message = words(&draft);
            let parts = FormParts { chamber, contact, draft, message, with_pin: view.con_pin };
            view! { <Form parts/> }.into_any()
        }
        (_, Step::Pin { celular, vence_en, reenvio_desde }) => {
            let message = words(&Draft::default());
            let parts = PinParts {
                chamber,
                contact,
                message,
                mobile: celular,
                now,
                expires: vence_en,
                resend_from: reenvio_desde,
            };
            view! { <Pin parts/> }.into_any()
        }
        (_, Step::OwnPassword) => {
            let message = words(&Draft::default());
            view! { <ChoosePassword chamber contact message/> }.into_any()
        }
        // A finished transaction, and the mail's link followed again: four empty fields.
        (Screen::Form, _) => {
            let parts = FormParts { chamber, contact, draft: Draft::default(), message: None, with_pin: view.con_pin };
            view! { <Form parts/> }.into_any()
        }
        (_, Step::Done) => view! { <Done contact renew=view.enlace_renovar menu=view.enlace_menu/> }.into_any(),
        (_, step @ (Step::Left | Step::Abandoned)) => {
            let refused = step == Step::Left;
            view! { <Exit chamber contact refused/> }.into_any()
        }
    }
}
