//! The public application: the merchant's screens, the home page and the demo's mailbox.

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
use crate::shell::document;

/// The document around [`ActivationApp`]: style sheet and client are called `activacion`, whatever
/// the console's are called.
pub fn activation_shell(mut options: LeptosOptions) -> impl IntoView {
    options.output_name = "activacion".into();
    document(&options, "public", ActivationApp)
}

/// Every page that needs no session. Each is sent whole (`SsrMode::Async`), so that it is complete
/// without JavaScript; links carry `rel="external"` and forms are plain, so that the road is the
/// same with it.
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
                <Route path=path!("/buzon") view=MailboxPage ssr=SsrMode::Async/>
                <Route path=path!("/buzon/correo/:id") view=MailPage ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}
