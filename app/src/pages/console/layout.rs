//! The frame around every console page: who is here, where they may go, what just happened.

use contract::staff::{Permission, StaffView};
use contract::verified::TO_REVIEW;
use leptos::html;
use leptos::prelude::*;
use leptos_router::components::{A, Outlet};
use leptos_router::hooks::use_location;

use super::confirm::ConfirmPassword;
use crate::api::console::session;
use crate::api::console::verified::users_to_review;
use crate::components::alert::Alert;
use crate::components::failure::loaded;
use crate::components::icon::{Glyph, Icon};
use crate::components::pager::address;
use crate::components::status::{Status, Tone};
use crate::components::task::PasswordGate;
use crate::error::ApiError;
use crate::text;

/// The staff member of this session, for the pages inside.
#[derive(Clone, Copy)]
pub struct Me(pub Resource<Result<StaffView, ApiError>>);

/// How many verified users wait for staff to look into a «no fui yo».
#[derive(Clone, Copy)]
pub struct ToReview(pub Resource<Result<u64, ApiError>>);

/// Raised when something changed, so that the page asks for its data again.
#[derive(Clone, Copy)]
pub struct Reload(pub RwSignal<u32>);

impl Reload {
    /// Asks for the data again.
    pub fn now(self) {
        self.0.try_update(|times| *times = times.wrapping_add(1));
    }
}

/// What was just done, told above the page until the next one.
#[derive(Clone, Copy)]
pub struct Told(pub RwSignal<Option<String>>);

impl Told {
    /// Tells it.
    pub fn say(self, words: impl Into<String>) {
        self.0.try_set(Some(words.into()));
    }
}

/// Why a role may not do something, when it may not.
#[must_use]
pub fn refusal_for(staff: &StaffView, permission: Permission) -> Option<&'static str> {
    if staff.rol.may(permission) {
        return None;
    }
    Some(match permission {
        Permission::Destroy => "Solo un supervisor puede ejecutar esta acción.",
        Permission::Operate | Permission::Read => {
            "Su perfil es de consulta: solo un operador o un supervisor puede \
            ejecutar esta acción."
        }
    })
}

/// The frame.
#[component]
pub fn Layout() -> impl IntoView {
    let me = Resource::new_blocking(|| (), |()| session::me());
    let told = Told(RwSignal::new(None));
    provide_context(Me(me));
    let reload = RwSignal::new(0);
    provide_context(Reload(reload));
    provide_context(ToReview(Resource::new_blocking(move || reload.get(), |_| users_to_review())));
    provide_context(told);
    provide_context(PasswordGate(RwSignal::new(None)));

    let main = NodeRef::<html::Main>::new();
    let path = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now) {
            told.0.set(None);
            // A new page begins at its beginning, for the keyboard and the screen reader too.
            if let Some(main) = main.get_untracked() {
                let _ = main.focus();
            }
        }
        now
    });

    view! {
        <a class="skip-link" href="#contenido" rel="external">"Ir al contenido"</a>
        <header class="bar">
            <a class="bar__brand" href="/consola">
                <svg class="bar__mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
                    <path d="M16 3l11 4v8.2c0 6.6-4.5 11.4-11 13.8C9.5 26.6 5 21.8 5 15.2V7z" fill="#fff"></path>
                    <circle cx="16" cy="13" r="3.4" fill="#0f3d75"></circle>
                    <path d="M14.6 14.8h2.8l1.1 7.2h-5z" fill="#0f3d75"></path>
                </svg>
                <span>"Clave Segura"</span>
            </a>
            <Suspense>
                {move || Suspend::new(async move { loaded(me.await, |staff| view! { <Person staff/> }) })}
            </Suspense>
        </header>
        <div class="frame">
            <Menu/>
            <main id="contenido" class="page" tabindex="-1" node_ref=main>
                <div role="status">
                    {move || told.0.get().map(|words| view! { <Alert tone=Tone::Good title=words/> })}
                </div>
                <Outlet/>
            </main>
        </div>
        <ConfirmPassword/>
    }
}

#[component]
fn Person(staff: StaffView) -> impl IntoView {
    view! {
        <div class="bar__session">
            <span class="bar__chamber">{staff.camara_nombre}</span>
            <span class="bar__user">
                <a class="bar__name" href="/consola/mi-cuenta">
                    <span class="visually-hidden">"Mi cuenta: "</span>
                    {staff.nombre}
                </a>
                <span class="bar__role">{text::role(staff.rol)}</span>
            </span>
            <form method="post" action="/consola/salir">
                <button class="bar__leave" type="submit">
                    <Icon glyph=Glyph::Lock/>
                    "Salir"
                </button>
            </form>
        </div>
    }
}

#[component]
fn Menu() -> impl IntoView {
    let ToReview(to_review) = expect_context();
    view! {
        <nav class="menu" aria-label="Menú principal">
            <p class="menu__group" id="menu-registro">"Módulo de Registro"</p>
            <ul class="menu__list" aria-labelledby="menu-registro">
                <li><A href="/consola/sincronizacion">"Sincronización"</A></li>
            </ul>
            <p class="menu__group" id="menu-procesos">"Procesos Especiales"</p>
            <ul class="menu__list" aria-labelledby="menu-procesos">
                <li><A href="/consola" exact=true>"Generador de Contraseñas Seguras"</A></li>
                <li><A href="/consola/contrasenas">"Contraseñas pre-asignadas"</A></li>
                <li><A href="/consola/devueltos">"Correos devueltos"</A></li>
            </ul>
            <p class="menu__group" id="menu-gestion">"Gestión y control"</p>
            <ul class="menu__list" aria-labelledby="menu-gestion">
                <li><A href="/consola/usuarios-verificados">"Gestión de usuarios verificados"</A></li>
                <Transition>
                    {move || Suspend::new(async move {
                        let waiting = to_review.await.unwrap_or_default();
                        (waiting > 0).then(|| view! { <WaitingItem waiting/> })
                    })}
                </Transition>
                <li><A href="/consola/auditoria">"Auditoría"</A></li>
            </ul>
        </nav>
    }
}

/// What must not wait: always in sight, on every page.
#[component]
fn WaitingItem(waiting: u64) -> impl IntoView {
    let words = text::count(waiting, "usuario por revisar", "usuarios por revisar");
    view! {
        <li>
            <a href=address("/consola/usuarios-verificados", &[("estado", TO_REVIEW)])>
                <Status tone=Tone::Warn glyph=Glyph::Warning word=words/>
            </a>
        </li>
    }
}

/// Where a page stands in the manual's menu.
#[component]
pub fn Breadcrumb(
    /// From the module to the page itself.
    steps: &'static [&'static str],
) -> impl IntoView {
    let items = steps.iter().map(|step| view! { <li>{*step}</li> }).collect_view();
    view! {
        <nav class="trail" aria-label="Ubicación">
            <ol class="trail__list">{items}</ol>
        </nav>
    }
}

/// While a page's data are on their way.
#[component]
pub fn Loading() -> impl IntoView {
    view! { <p class="muted" role="status">"Consultando…"</p> }
}
