//! `/consola/auditoria`: the trail, newest first, and how its chain stands.

mod chain;

use contract::audit::AuditEntry;
use contract::page::Page;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;

use self::chain::Chain;
use super::layout::{Breadcrumb, Loading};
use crate::api::console::audit::audit_trail;
use crate::components::failure::loaded;
use crate::components::pager::{Pager, address};
use crate::text;

/// The trail.
#[component]
pub fn AuditPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let query = query.read();
        let page: u64 = query.get("pagina").and_then(|page| page.parse().ok()).unwrap_or(1);
        (query.get("buscar").unwrap_or_default(), page)
    });
    let entries = Resource::new_blocking(move || asked.get(), |(search, page)| audit_trail(search, page));
    view! {
        <Title text="Auditoría"/>
        <Breadcrumb steps=&["Gestión y control", "Auditoría"]/>
        <h1>"Auditoría"</h1>
        <p class="muted">
            "Cada acción queda registrada en una cadena en la que ninguna anotación puede cambiarse ni borrarse \
            sin que se note."
        </p>
        <Chain/>
        <Form method="get" action="/consola/auditoria" attr:class="filters" attr:role="search">
            <div class="field">
                <label class="field__label" for="buscar">"Buscar por persona o detalle"</label>
                <input
                    class="field__control"
                    id="buscar"
                    name="buscar"
                    type="search"
                    value=move || asked.get().0
                />
            </div>
            <button class="button" type="submit">"Buscar"</button>
        </Form>
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                let search = asked.get_untracked().0;
                loaded(entries.await, |page| view! { <Trail page search/> })
            })}
        </Transition>
    }
}

#[component]
fn Trail(page: Page<AuditEntry>, search: String) -> impl IntoView {
    let (number, pages, total) = (page.page, page.pages(), page.total);
    let empty = page.rows.is_empty();
    let rows = page
        .rows
        .into_iter()
        .map(|entry| {
            view! {
                <tr>
                    <td class="number">{entry.secuencia}</td>
                    <td class="nowrap">
                        <time datetime=entry.ocurrida_en.iso()>{entry.ocurrida_en.date_time()}</time>
                    </td>
                    <td>{entry.actor}</td>
                    <th scope="row">{text::audit_action(&entry.accion)}</th>
                    <td class="break">{text::audit_detail(&entry.detalle)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="card card--flush">
            <div class="table-box" tabindex="0" role="group" aria-label="Anotaciones de auditoría">
                <table class="table">
                    <caption>"Anotaciones, de la más reciente a la más antigua"</caption>
                    <thead>
                        <tr>
                            <th scope="col" class="number">"N.º"</th>
                            <th scope="col">"Fecha y hora"</th>
                            <th scope="col">"Quién"</th>
                            <th scope="col">"Qué hizo"</th>
                            <th scope="col">"Detalle"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {empty
                .then(|| {
                    view! {
                        <div class="empty">
                            <h2>"No hay anotaciones que mostrar"</h2>
                            <p>"Cambie lo que busca, o vuelva cuando se haya ejecutado alguna acción."</p>
                        </div>
                    }
                })}
            <Pager
                page=number
                pages
                total=text::count(total, "anotación", "anotaciones")
                href=move |page| address(
                    "/consola/auditoria",
                    &[("buscar", &search), ("pagina", &page.to_string())],
                )
            />
        </div>
    }
}
