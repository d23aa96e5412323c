//! `/consola/usuarios-verificados`: Gestión de usuarios verificados.

use contract::page::Page;
use contract::staff::Permission;
use contract::verified::{VerifiedRow, VerifiedState};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;

use super::layout::{Breadcrumb, Loading, Me, Reload, Told, refusal_for};
use crate::api::console::verified::{annul_user, delete_user, purge_tests, verified_users};
use crate::components::dialog::{Dialog, DialogActions, DialogHandle};
use crate::components::failure::{Refusal, loaded};
use crate::components::field::TextField;
use crate::components::icon::Glyph;
use crate::components::pager::{Pager, address};
use crate::components::status::{Status, Tone};
use crate::components::task::task;
use crate::text;

/// What a dialog is open for.
#[derive(Clone, PartialEq, Eq)]
enum Opened {
    Annul(i64, String),
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
    let users = Resource::new_blocking(
        move || (asked.get(), reload.get()),
        |((state, search, page), _)| verified_users(state, search, page),
    );
    let opened = RwSignal::new(None::<Opened>);
    view! {
        <Title text="Gestión de usuarios verificados"/>
        <Breadcrumb steps=&["Gestión y control", "Gestión de usuarios verificados"]/>
        <h1>"Gestión de usuarios verificados"</h1>
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
        {move || opened.get().map(|what| view! { <OpenDialog what opened/> })}
    }
}

#[component]
fn List(
    page: Page<VerifiedRow>,
    asked: Asked,
    forbidden: Option<&'static str>,
    opened: RwSignal<Option<Opened>>,
) -> impl IntoView {
    let (state, search, _) = asked;
    let typed = search.clone();
    let (number, pages, total) = (page.page, page.pages(), page.total);
    let filtered = !state.is_empty() || !search.is_empty();
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
            <Form method="get" action="/consola/usuarios-verificados" attr:class="filters" attr:role="search">
                <div class="field field--short">
                    <label class="field__label" for="estado">"Estado"</label>
                    <select class="field__control" id="estado" name="estado">
                        <option value="">"Todos, sin eliminados"</option>
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
                            <th scope="col">"Verificado"</th>
                            <th scope="col">"Acciones"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {empty.then(|| view! { <Nothing filtered/> })}
            <Pager
                page=number
                pages
                total=text::count(total, "usuario", "usuarios")
                href=move |page| address(
                    "/consola/usuarios-verificados",
                    &[("estado", &state), ("buscar", &search), ("pagina", &page.to_string())],
                )
            />
        </div>
    }
}

#[component]
fn Nothing(filtered: bool) -> impl IntoView {
    let (title, next) = if filtered {
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

#[component]
fn Row(row: VerifiedRow, may: bool, opened: RwSignal<Option<Opened>>) -> impl IntoView {
    let state = text::verified_state(row.estado);
    let (id, name) = (row.id, row.nombre.clone());
    let (annul_name, delete_name) = (name.clone(), name.clone());
    let annullable = may && !matches!(row.estado, VerifiedState::Anulado | VerifiedState::Eliminado);
    let deletable = may && row.estado != VerifiedState::Eliminado;
    let left = row.inactivado_en.map(|at| {
        view! { <span class="note">"Desde " <time datetime=at.iso()>{at.date_time()}</time></span> }
    });
    view! {
        <tr>
            <td>{row.identificacion}</td>
            <th scope="row">{row.nombre}</th>
            <td class="break">
                {row.email}
                <span class="note">{row.celular}</span>
            </td>
            <td>
                <Status tone=state.tone glyph=state.glyph word=state.word/>
                {row.prueba.then(|| view! { " " <Status tone=Tone::Warn glyph=Glyph::Info word="Prueba"/> })}
                {left}
                {row.motivo.map(|reason| view! { <span class="note">"Motivo: " {reason}</span> })}
            </td>
            <td class="nowrap">
                {row.verificado_en.map(|at| view! { <time datetime=at.iso()>{at.date_time()}</time> })}
            </td>
            <td>
                <div class="cluster">
                    {annullable
                        .then(|| {
                            view! {
                                <button
                                    class="button button--small"
                                    type="button"
                                    on:click=move |_| opened.set(Some(Opened::Annul(id, annul_name.clone())))
                                >
                                    "Anular"
                                    <span class="visually-hidden">{format!(" a {name}")}</span>
                                </button>
                            }
                        })}
                    {deletable
                        .then(|| {
                            let name = delete_name.clone();
                            view! {
                                <button
                                    class="button button--small"
                                    type="button"
                                    on:click=move |_| opened.set(Some(Opened::Delete(id, delete_name.clone())))
                                >
                                    "Eliminar"
                                    <span class="visually-hidden">{format!(" a {name}")}</span>
                                </button>
                            }
                        })}
                </div>
            </td>
        </tr>
    }
}

#[component]
fn OpenDialog(what: Opened, opened: RwSignal<Option<Opened>>) -> impl IntoView {
    let on_close = Callback::new(move |()| opened.set(None));
    match what {
        Opened::Annul(id, name) => view! {
            <Dialog id="anular" title="Anular usuario verificado" on_close>
                <p>
                    <strong>{name}</strong>
                    " dejará de estar vigente y no podrá firmar trámites virtuales. Podrá ser seleccionado de nuevo."
                </p>
                <WithReason id act="Anular" done="Se anuló el usuario verificado." delete=false/>
            </Dialog>
        }
        .into_any(),
        Opened::Delete(id, name) => view! {
            <Dialog id="eliminar" title="Eliminar usuario verificado" on_close>
                <p>
                    <strong>{name}</strong>
                    " dejará de aparecer en la lista y no podrá firmar trámites virtuales. La auditoría se conserva."
                </p>
                <WithReason id act="Eliminar" done="Se eliminó el usuario verificado." delete=true/>
            </Dialog>
        }
        .into_any(),
        Opened::Purge => view! {
            <Dialog id="purgar" title="Purgar pruebas" on_close>
                <p>
                    "Se retirarán todos los usuarios creados con el procedimiento de pruebas. Los usuarios de \
                    comerciantes reales no se tocan."
                </p>
                <Purge/>
            </Dialog>
        }
        .into_any(),
    }
}

/// The mandatory reason and the button that acts.
#[component]
fn WithReason(id: i64, act: &'static str, done: &'static str, delete: bool) -> impl IntoView {
    let reason = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    let handle = use_context::<DialogHandle>();
    let (told, reload) = (expect_context::<Told>(), expect_context::<Reload>());
    let finish = task(
        move |reason: String| async move {
            if delete { delete_user(id, reason).await } else { annul_user(id, reason).await }
        },
        move |()| {
            if let Some(handle) = handle {
                handle.close();
            }
            told.say(done);
            reload.now();
        },
    );
    view! {
        <form
            class="form"
            on:submit=move |event| {
                event.prevent_default();
                let typed = reason.get_untracked();
                let letters = typed.chars().filter(|c| c.is_alphabetic()).count();
                if letters < 5 {
                    wrong.set(Some(text::invalid_field(contract::error::Field::Reason).to_owned()));
                } else {
                    wrong.set(None);
                    finish.run(typed);
                }
            }
        >
            <Refusal error=finish.error/>
            <TextField
                name="motivo"
                label="Motivo"
                hint="Obligatorio, con al menos 5 letras. Queda en la auditoría."
                value=reason
                error=wrong
                autofocus=true
            />
            <DialogActions>
                <button class="button button--danger" type="submit" disabled=move || finish.busy.get()>{act}</button>
            </DialogActions>
        </form>
    }
}

#[component]
fn Purge() -> impl IntoView {
    let handle = use_context::<DialogHandle>();
    let (told, reload) = (expect_context::<Told>(), expect_context::<Reload>());
    let purge = task(
        |()| purge_tests(),
        move |gone| {
            if let Some(handle) = handle {
                handle.close();
            }
            told.say(text::count(gone, "usuario de prueba retirado.", "usuarios de prueba retirados."));
            reload.now();
        },
    );
    view! {
        <Refusal error=purge.error/>
        <DialogActions>
            <button
                class="button button--danger"
                type="button"
                disabled=move || purge.busy.get()
                on:click=move |_| purge.run(())
            >
                "Purgar pruebas"
            </button>
        </DialogActions>
    }
}
