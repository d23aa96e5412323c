//! The console's root: its document and its routes.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};

use super::account::AccountPage;
use super::audit::AuditPage;
use super::campaign::CampaignPage;
use super::layout::Layout;
use super::login::LoginPage;
use super::passwords::PasswordsPage;
use super::registry::RegistryPage;
use super::suppressed::SuppressedPage;
use super::timeline::TimelinePage;
use super::verified::VerifiedPage;
#[cfg(feature = "ssr")]
use crate::shell::{Package, document};

/// The document around [`ConsoleApp`]: style sheet and client are called `consola`, whatever those of the
/// public pages are called. Its client hydrates the body.
#[cfg(feature = "ssr")]
pub fn console_shell(options: LeptosOptions) -> impl IntoView {
    static PACKAGE: std::sync::OnceLock<Package> = std::sync::OnceLock::new();
    let package = PACKAGE.get_or_init(|| Package::read(&options, "consola"));
    document(package, "console", Some(package.hydration()), ConsoleApp)
}

/// The staff console, from `/consola` down. Pages are rendered whole before they are sent, so that
/// they can be read, and a missing session redirected, without the client.
#[component]
pub fn ConsoleApp() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=|page: String| format!("{page} · Clave Segura")/>
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/consola/ingresar") view=LoginPage ssr=SsrMode::Async/>
                <ParentRoute path=path!("/consola") view=Layout ssr=SsrMode::Async>
                    <Route path=path!("") view=CampaignPage ssr=SsrMode::Async/>
                    <Route path=path!("sincronizacion") view=RegistryPage ssr=SsrMode::Async/>
                    <Route path=path!("contrasenas") view=PasswordsPage ssr=SsrMode::Async/>
                    <Route path=path!("devueltos") view=SuppressedPage ssr=SsrMode::Async/>
                    <Route path=path!("usuarios-verificados") view=VerifiedPage ssr=SsrMode::Async/>
                    <Route path=path!("comerciante/:id") view=TimelinePage ssr=SsrMode::Async/>
                    <Route path=path!("auditoria") view=AuditPage ssr=SsrMode::Async/>
                    <Route path=path!("mi-cuenta") view=AccountPage ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

#[component]
fn NotFound() -> impl IntoView {
    view! {
        <Title text="Página no encontrada"/>
        <main class="entry" id="contenido">
            <div class="card">
                <h1>"Página no encontrada"</h1>
                <p>"La dirección no existe o cambió. Vuelva al inicio de la consola."</p>
                <a class="button button--primary" href="/consola">"Ir a la consola"</a>
            </div>
        </main>
    }
}
