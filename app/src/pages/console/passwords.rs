//! `/consola/contrasenas`: the pre-assigned passwords of a year; what is shown stands in the address.

use contract::campaign::{PasswordState, PreassignedRow};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;

use super::layout::{Breadcrumb, Loading};
use super::timeline::timeline_address;
use crate::api::console::campaign::{PasswordList, passwords};
use crate::components::failure::loaded;
use crate::components::pager::{Pager, address};
use crate::components::status::Status;
use crate::text;

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Asked {
    year: Option<i32>,
    state: String,
    search: String,
    page: u64,
}

/// The list.
#[component]
pub fn PasswordsPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let query = query.read();
        Asked {
            year: query.get("ano").and_then(|year| year.parse().ok()),
            state: query.get("estado").unwrap_or_default(),
            search: query.get("buscar").unwrap_or_default(),
            page: query.get("pagina").and_then(|page| page.parse().ok()).unwrap_or(1),
        }
    });
    let list = Resource::new_blocking(
        move || asked.get(),
        |asked| passwords(asked.year, asked.state, asked.search, asked.page),
    );
    view! {
        <Title text="Contraseñas pre-asignadas"/>
        <Breadcrumb steps=&["Módulo de Registro", "Procesos Especiales", "Contraseñas pre-asignadas"]/>
        <h1>"Contraseñas pre-asignadas"</h1>
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                let asked = asked.get_untracked();
                loaded(list.await, |list| view! { <List list asked/> })
            })}
        </Transition>
    }
}

#[component]
fn List(list: PasswordList, asked: Asked) -> impl IntoView {
    let PasswordList { current_year, year, page } = list;
    let (number, pages, total) = (page.page, page.pages(), page.total);
    let filtered = !asked.search.is_empty() || !asked.state.is_empty();
    let empty = page.rows.is_empty();
    let rows = page.rows.into_iter().map(|row| view! { <Row row/> }).collect_view();
    let states = PasswordState::ALL
        .into_iter()
        .map(|state| {
            let selected = state.as_str() == asked.state;
            view! { <option value=state.as_str() selected=selected>{text::password_state(state).word}</option> }
        })
        .collect_view();
    let year_text = year.to_string();
    let typed = asked.search.clone();
    view! {
        <Form method="get" action="/consola/contrasenas" attr:class="filters" attr:role="search">
            <YearField year current_year/>
            <div class="field field--short">
                <label class="field__label" for="estado">"Estado"</label>
                <select class="field__control" id="estado" name="estado">
                    <option value="">"Todos"</option>
                    {states}
                </select>
            </div>
            <div class="field">
                <label class="field__label" for="buscar">"Buscar por matrícula, identificación, nombre o correo"</label>
                <input class="field__control" id="buscar" name="buscar" type="search" value=typed/>
            </div>
            <button class="button" type="submit">"Buscar"</button>
        </Form>
        <div class="card card--flush">
            <div class="table-box" tabindex="0" role="group" aria-label="Lista de contraseñas pre-asignadas">
                <table class="table">
                    <caption>{format!("Comerciantes con contraseña pre-asignada en {year}")}</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Matrícula"</th>
                            <th scope="col">"Identificación"</th>
                            <th scope="col">"Nombre"</th>
                            <th scope="col">"Correo"</th>
                            <th scope="col">"Celular"</th>
                            <th scope="col">"Estado"</th>
                            <th scope="col">"Fechas"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {empty.then(|| view! { <Nothing filtered year/> })}
            <Pager
                page=number
                pages
                total=text::count(total, "comerciante", "comerciantes")
                href=move |page| address(
                    "/consola/contrasenas",
                    &[
                        ("ano", &year_text),
                        ("estado", &asked.state),
                        ("buscar", &asked.search),
                        ("pagina", &page.to_string()),
                    ],
                )
            />
        </div>
    }
}

/// The choice of the year in process, in a filter or on the campaign's page.
#[component]
pub fn YearField(
    /// The year shown.
    year: i32,
    /// The current one.
    current_year: i32,
) -> impl IntoView {
    let mut years: Vec<i32> = (current_year - 4..=current_year + 1).collect();
    if !years.contains(&year) {
        years.push(year);
    }
    years.sort_unstable_by(|a, b| b.cmp(a));
    let options =
        years.into_iter().map(|one| view! { <option value=one selected=one == year>{one}</option> }).collect_view();
    view! {
        <div class="field field--short">
            <label class="field__label" for="ano">"Año en proceso"</label>
            <select class="field__control" id="ano" name="ano">{options}</select>
        </div>
    }
}

#[component]
fn Row(row: PreassignedRow) -> impl IntoView {
    let state = text::password_state(row.estado);
    let dates = [
        Some(("Seleccionada", row.seleccionada_en)),
        row.enviada_en.map(|at| ("Enviada", at)),
        row.activada_en.map(|at| ("Activada", at)),
    ]
    .into_iter()
    .flatten()
    .map(|(word, at)| {
        view! {
            <span class="note">
                {word} " " <time class="nowrap" datetime=at.iso()>{at.date_time()}</time>
            </span>
        }
    })
    .collect_view();
    view! {
        <tr>
            <td>{row.matricula}</td>
            <td>{row.identificacion}</td>
            <th scope="row"><a href=timeline_address(row.id)>{row.nombre}</a></th>
            <td class="break">
                {row.correo}
                <span class="note">{text::origin(row.correo_origen)}</span>
            </td>
            <td>
                {row.celular}
                <span class="note">{text::origin(row.celular_origen)}</span>
            </td>
            <td>
                <Status tone=state.tone glyph=state.glyph word=state.word/>
                <span class="note">{state.next}</span>
            </td>
            <td>{dates}</td>
        </tr>
    }
}

#[component]
fn Nothing(filtered: bool, year: i32) -> impl IntoView {
    let (title, next) = if filtered {
        ("Nada coincide con la búsqueda", "Cambie el estado o el texto que busca.")
    } else {
        ("Todavía no hay contraseñas pre-asignadas", "Use «Seleccionar» en el Generador de Contraseñas Seguras.")
    };
    view! {
        <div class="empty">
            <h2>{title}</h2>
            <p>{next}</p>
            <a class="button" href=address("/consola", &[("ano", &year.to_string())])>"Ir al generador"</a>
        </div>
    }
}
