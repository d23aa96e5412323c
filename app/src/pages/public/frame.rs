//! The sheet on which every public page is printed: the chamber's name above, its telephone and
//! address below, one main heading between.

use contract::console::{ChamberChoice, PublicSite};
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::pages::activation::text::{dialled, page_title};
use crate::shell::Package;

/// Where a person can turn to instead: the chamber's telephone and address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// The chamber's name; empty on pages of no chamber.
    pub name: String,
    /// Its telephone; empty when it is not known.
    pub telephone: String,
    /// Its address; empty when it is not known.
    pub address: String,
}

impl From<ChamberChoice> for Contact {
    fn from(chamber: ChamberChoice) -> Self {
        Self { name: chamber.nombre, telephone: chamber.telefono, address: chamber.direccion }
    }
}

impl Contact {
    /// Whom to turn to when a page cannot be shown: the chamber of that code, else the only one here,
    /// else nobody in particular.
    #[must_use]
    pub fn known(chamber: &str) -> Self {
        let mut chambers = use_context::<PublicSite>().unwrap_or_default().camaras;
        match chambers.iter().position(|known| known.camara.as_str() == chamber) {
            Some(at) => chambers.swap_remove(at).into(),
            None if chambers.len() == 1 => chambers.swap_remove(0).into(),
            None => Self::default(),
        }
    }
}

/// Header, main part and footer.
#[component]
pub fn PublicFrame(
    /// The page's name, for the window's title.
    #[prop(into)]
    title: String,
    /// Whether the page tells of an error: the title then says so first.
    #[prop(optional)]
    error: bool,
    /// The chamber.
    #[prop(optional)]
    contact: Contact,
    /// The page; its `h1` is its own.
    children: Children,
) -> impl IntoView {
    let chamber = if contact.name.is_empty() { "Clave Segura".to_owned() } else { contact.name.clone() };
    view! {
        <Title text=page_title(&title, &contact.name, error)/>
        <a class="skip-link" href="#contenido">"Ir al contenido"</a>
        <header class="public-bar">
            <div class="public-bar__inner">
                <Shield/>
                <span class="public-bar__name">{chamber}</span>
            </div>
        </header>
        <main id="contenido" class="public-main" tabindex="-1">
            {children()}
        </main>
        <footer class="public-foot">
            <div class="public-foot__inner">
                {(!contact.name.is_empty())
                    .then(|| {
                        view! {
                            <p class="strong">{contact.name.clone()}</p>
                            <WayOut contact=contact.clone()/>
                        }
                    })}
                <p class="muted">"Nunca le pediremos su clave ni su PIN por teléfono, por correo o por chat."</p>
            </div>
        </footer>
    }
}

/// The product's mark, as in `style/insignia.svg`; drawn here, it costs no request of its own.
#[component]
fn Shield() -> impl IntoView {
    view! {
        <svg class="public-bar__mark" viewBox="0 0 32 32" width="36" height="36" aria-hidden="true" focusable="false">
            <rect width="32" height="32" rx="7" fill="#0f3d75"></rect>
            <path d="M16 5l9 3.4v6.9c0 5.6-3.8 9.7-9 11.7-5.2-2-9-6.1-9-11.7V8.4z" fill="#fff"></path>
            <circle cx="16" cy="13.4" r="3" fill="#0f3d75"></circle>
            <path d="M14.8 15h2.4l1 6.4h-4.4z" fill="#0f3d75"></path>
        </svg>
    }
}

/// The small client that makes a page more comfortable, for pages that have something to gain from it.
#[component]
pub fn Comfort() -> impl IntoView {
    use_context::<Package>().map(|package| {
        view! { <script type="module" nonce=use_nonce()>{package.comfort()}</script> }
    })
}

/// Telephone and address, the telephone ready to be dialled.
#[component]
pub fn WayOut(
    /// The chamber.
    contact: Contact,
) -> impl IntoView {
    let telephone = (!contact.telephone.is_empty()).then(|| {
        let shown = contact.telephone.clone();
        match dialled(&contact.telephone) {
            Some(href) => view! { <a class="way-out__link" href=href>{shown}</a> }.into_any(),
            None => view! { <span>{shown}</span> }.into_any(),
        }
    });
    view! {
        <address class="way-out">
            {telephone.map(|telephone| view! { <span>"Teléfono: " {telephone}</span> })}
            {(!contact.address.is_empty()).then(|| view! { <span>"Dirección: " {contact.address}</span> })}
        </address>
    }
}
