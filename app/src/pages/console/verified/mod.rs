//! `/consola/usuarios-verificados`: Gestión de usuarios verificados.

mod attempts;
mod dialogs;
mod list;
mod row;

use contract::staff::Permission;
use contract::verified::TO_REVIEW;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use self::attempts::Attempts;
use self::dialogs::OpenDialog;
use self::list::List;
use super::layout::{Breadcrumb, Loading, Me, Reload, ToReview, refusal_for};
use crate::api::console::verified::verified_users;
use crate::components::alert::Alert;
use crate::components::failure::loaded;
use crate::components::pager::address;
use crate::components::status::Tone;
use crate::text;

const PATH: &str = "/consola/usuarios-verificados";

/// What a dialog is open for.
#[derive(Clone, PartialEq, Eq)]
enum Opened {
    Annul(i64, String),
    Reactivate(i64, String),
    Delete(i64, String),
    Purge,
}

/// State, search and page, as the address has them.
type Asked = (String, String, u64);

/// The list and its dialogs.
#[component]
pub fn VerifiedPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| -> Asked {
        let query = query.read();
        let page = query.get("pagina").and_then(|page| page.parse().ok()).unwrap_or(1);
        (query.get("estado").unwrap_or_default(), query.get("buscar").unwrap_or_default(), page)
    });
    let Reload(reload) = expect_context();
    let Me(me) = expect_context();
    let ToReview(to_review) = expect_context();
    let users = Resource::new_blocking(
        move || (asked.get(), reload.get()),
        |((state, search, page), _)| verified_users(state, search, page),
    );
    let opened = RwSignal::new(None::<Opened>);
    view! {
        <Title text="Gestión de usuarios verificados"/>
        <Breadcrumb steps=&["Gestión y control", "Gestión de usuarios verificados"]/>
        <h1>"Gestión de usuarios verificados"</h1>
        <Transition>
            {move || Suspend::new(async move {
                let waiting = to_review.await.unwrap_or_default();
                (waiting > 0 && asked.get().0 != TO_REVIEW).then(|| view! { <Waiting waiting/> })
            })}
        </Transition>
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                let forbidden = me.await.map(|staff| refusal_for(&staff, Permission::Destroy));
                let asked = asked.get_untracked();
                let page = users.await;
                loaded(
                    forbidden.and_then(|forbidden| Ok((forbidden, page?))),
                    |(forbidden, page)| view! { <List page asked forbidden opened/> },
                )
            })}
        </Transition>
        <Attempts/>
        {move || opened.get().map(|what| view! { <OpenDialog what opened/> })}
    }
}

/// Users whose owner said «no fui yo», until somebody has decided about them.
#[component]
fn Waiting(waiting: u64) -> impl IntoView {
    let title = text::count(waiting, "usuario por revisar", "usuarios por revisar");
    view! {
        <Alert tone=Tone::Warn title>
            <p>
                "Desde el correo de confirmación informaron que no fue el titular quien activó la clave. Está suspendida: \
                compruebe la identidad del titular por los datos del registro mercantil y después reactive o anule."
            </p>
            <p><a href=address(PATH, &[("estado", TO_REVIEW)])>"Ver los usuarios por revisar"</a></p>
        </Alert>
    }
}
