//! The sheet on which every public page is printed: the chamber's name above, its telephone and
//! address below, one main heading between.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::pages::activation::text::{dialled, page_title};

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
        <a class="skip-link" href="#contenido" rel="external">"Ir al contenido"</a>
        <header class="public-bar">
            <div class="public-bar__inner">
                <img class="public-bar__mark" src="/pkg/insignia.svg" alt="" width="36" height="36"/>
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

/// Telephone and address, the telephone ready to be dialled.
#[component]
pub fn WayOut(
    /// The chamber.
    contact: Contact,
) -> impl IntoView {
    let telephone = (!contact.telephone.is_empty()).then(|| {
        let shown = contact.telephone.clone();
        match dialled(&contact.telephone) {
            Some(href) => view! { <a class="way-out__link" href=href rel="external">{shown}</a> }.into_any(),
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
