//! The list: filters, table, pager.

use contract::page::Page;
use contract::verified::{TO_REVIEW, VerifiedRow, VerifiedState};
use leptos::prelude::*;
use leptos_router::components::Form;

use super::row::Row;
use super::{Asked, Opened, PATH};
use crate::components::pager::{Pager, address};
use crate::text;

/// The filters, the table and its pager.
#[component]
pub(super) fn List(
    /// The rows.
    page: Page<VerifiedRow>,
    /// State, search and page, as the address has them.
    asked: Asked,
    /// Why this person may not change anything.
    forbidden: Option<&'static str>,
    /// The open dialog.
    opened: RwSignal<Option<Opened>>,
) -> impl IntoView {
    let (state, search, _) = asked;
    let typed = search.clone();
    let (number, pages, total) = (page.page, page.pages(), page.total);
    let filtered = !state.is_empty() || !search.is_empty();
    let to_review = state == TO_REVIEW;
    let reviewing = to_review && search.is_empty();
    let empty = page.rows.is_empty();
    let may = forbidden.is_none();
    let rows = page.rows.into_iter().map(|row| view! { <Row row may opened/> }).collect_view();
    let states = VerifiedState::ALL
        .into_iter()
        .map(|one| {
            let selected = one.as_str() == state;
            view! { <option value=one.as_str() selected=selected>{text::verified_state(one).word}</option> }
        })
        .collect_view();
    view! {
        <div class="cluster cluster--apart">
            <Form method="get" action=PATH attr:class="filters" attr:role="search">
                <div class="field field--short">
                    <label class="field__label" for="estado">"Estado"</label>
                    <select class="field__control" id="estado" name="estado">
                        <option value="">"Todos, sin eliminados"</option>
                        <option value=TO_REVIEW selected=to_review>"Por revisar"</option>
                        {states}
                    </select>
                </div>
                <div class="field">
                    <label class="field__label" for="buscar">"Buscar por identificación, nombre o correo"</label>
                    <input class="field__control" id="buscar" name="buscar" type="search" value=typed/>
                </div>
                <button class="button" type="submit">"Buscar"</button>
            </Form>
            <button
                class="button"
                type="button"
                disabled=!may
                aria-describedby="purgar-ayuda"
                on:click=move |_| opened.set(Some(Opened::Purge))
            >
                "Purgar pruebas"
            </button>
        </div>
        <p class="muted small" id="purgar-ayuda">
            {forbidden.unwrap_or("«Purgar pruebas» retira de una vez los usuarios creados al hacer pruebas.")}
        </p>
        <div class="card card--flush">
            <div class="table-box" tabindex="0" role="group" aria-label="Lista de usuarios verificados">
                <table class="table">
                    <caption>"Usuarios verificados"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Identificación"</th>
                            <th scope="col">"Nombre"</th>
                            <th scope="col">"Correo y celular"</th>
                            <th scope="col">"Estado"</th>
                            <th scope="col">"Fechas"</th>
                            <th scope="col">"Acciones"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {empty.then(|| view! { <Nothing filtered reviewing/> })}
            <Pager
                page=number
                pages
                total=text::count(total, "usuario", "usuarios")
                href=move |page| address(
                    PATH,
                    &[("estado", &state), ("buscar", &search), ("pagina", &page.to_string())],
                )
            />
        </div>
    }
}

#[component]
fn Nothing(filtered: bool, reviewing: bool) -> impl IntoView {
    let (title, next) = if reviewing {
        (
            "No hay usuarios por revisar",
            "Cuando un titular informe «no fui yo» desde su correo de confirmación, aparecerá aquí, suspendido.",
        )
    } else if filtered {
        ("Nadie coincide con la búsqueda", "Cambie el estado o el texto que busca.")
    } else {
        (
            "Todavía no hay usuarios verificados",
            "Aparecerán aquí cuando los comerciantes activen la contraseña que recibieron por correo.",
        )
    };
    view! {
        <div class="empty">
            <h2>{title}</h2>
            <p>{next}</p>
        </div>
    }
}
