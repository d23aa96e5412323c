//! The public application: the merchant's screens, the home page and the demo's mailbox.

use std::sync::OnceLock;

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

use crate::pages::activation::{ActivationPage, Screen};
use crate::pages::public::disown::DisownPage;
use crate::pages::public::home::Home;
use crate::pages::public::mail::MailPage;
use crate::pages::public::mailbox::MailboxPage;
use crate::pages::public::refusal::NotFound;
use crate::pages::public::verification::VerificationPage;
use crate::shell::{Package, document};

/// The document around [`ActivationApp`]: style sheet and client are called `activacion`, whatever
/// the console's are called. Nothing hydrates it, so that no page repeats its data for a client; a page
/// that has something to bring to life ends with [`crate::pages::public::frame::Comfort`].
pub fn activation_shell(options: LeptosOptions) -> impl IntoView {
    static PACKAGE: OnceLock<Package> = OnceLock::new();
    let package = PACKAGE.get_or_init(|| Package::read(&options, "activacion"));
    provide_context(package.clone());
    if let Some(shared) = Owner::current_shared_context() {
        shared.set_is_hydrating(false);
    }
    document(package, "public", None, ActivationApp)
}

/// Every page that needs no session, drawn by the server alone. Each is sent whole
/// (`SsrMode::Async`); links and forms are plain.
#[component]
pub fn ActivationApp() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <Routes fallback=|| view! { <NotFound/> }>
                <Route path=path!("/") view=Home ssr=SsrMode::Async/>
                <Route
                    path=path!("/activacion/:camara")
                    view=|| view! { <ActivationPage screen=Screen::Form/> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/activacion/:camara/pin")
                    view=|| view! { <ActivationPage screen=Screen::Pin/> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/activacion/:camara/clave")
                    view=|| view! { <ActivationPage screen=Screen::OwnPassword/> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/activacion/:camara/listo")
                    view=|| view! { <ActivationPage screen=Screen::Done/> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/activacion/:camara/salida")
                    view=|| view! { <ActivationPage screen=Screen::Exit/> }
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/activacion/:camara/interrumpida")
                    view=|| view! { <ActivationPage screen=Screen::Fault/> }
                    ssr=SsrMode::Async
                />
                <Route path=path!("/no-fui-yo/:camara/:codigo") view=DisownPage ssr=SsrMode::Async/>
                <Route path=path!("/verificar") view=VerificationPage ssr=SsrMode::Async/>
                <Route path=path!("/buzon") view=MailboxPage ssr=SsrMode::Async/>
                <Route path=path!("/buzon/correo/:id") view=MailPage ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}
