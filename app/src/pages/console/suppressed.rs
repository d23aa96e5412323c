//! `/consola/devueltos`: addresses to which nothing more is sent, because mails to them came back.

use contract::page::Page;
use contract::staff::Permission;
use contract::suppression::SuppressedAddress;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;

use super::layout::{Breadcrumb, Loading, Me, Reload, Told, refusal_for};
use crate::api::console::suppression::{lift_suppression, suppressed};
use crate::components::dialog::{Dialog, DialogActions, DialogHandle};
use crate::components::failure::{Refusal, loaded};
use crate::components::pager::{Pager, address};
use crate::components::status::Status;
use crate::components::task::task;
use crate::text;

const PATH: &str = "/consola/devueltos";

/// The address that is about to be taken off the list.
type Opened = Option<(i64, String)>;

/// The list and its dialog.
#[component]
pub fn SuppressedPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let query = query.read();
        let page = query.get("pagina").and_then(|page| page.parse::<u64>().ok()).unwrap_or(1);
        (query.get("buscar").unwrap_or_default(), page)
    });
    let Reload(reload) = expect_context();
    let Me(me) = expect_context();
    let list =
        Resource::new_blocking(move || (asked.get(), reload.get()), |((search, page), _)| suppressed(search, page));
    let opened = RwSignal::new(None);
    view! {
        <Title text="Correos devueltos"/>
        <Breadcrumb steps=&["Módulo de Registro", "Procesos Especiales", "Correos devueltos"]/>
        <div class="stack stack--tight">
            <h1>"Correos devueltos"</h1>
            <p class="muted">
                "A estas direcciones no se les envía nada más, porque un correo dirigido a ellas fue rechazado o devuelto. \
                Corrija la dirección en el registro mercantil; si sabe que volvió a servir, habilítela de nuevo."
            </p>
        </div>
        <Transition fallback=Loading>
            {move || Suspend::new(async move {
                let forbidden = me.await.map(|staff| refusal_for(&staff, Permission::Operate));
                let (search, _) = asked.get_untracked();
                let page = list.await;
                loaded(
                    forbidden.and_then(|forbidden| Ok((forbidden, page?))),
                    |(forbidden, page)| view! { <List page search forbidden opened/> },
                )
            })}
        </Transition>
        {move || {
            opened
                .get()
                .map(|(id, address)| {
                    let on_close = Callback::new(move |()| opened.set(None));
                    view! { <LiftDialog id address on_close/> }
                })
        }}
    }
}

#[component]
fn List(
    page: Page<SuppressedAddress>,
    search: String,
    forbidden: Option<&'static str>,
    opened: RwSignal<Opened>,
) -> impl IntoView {
    let typed = search.clone();
    let (number, pages, total) = (page.page, page.pages(), page.total);
    let (filtered, empty) = (!search.is_empty(), page.rows.is_empty());
    let rows = page.rows.into_iter().map(|row| view! { <Row row may=forbidden.is_none() opened/> }).collect_view();
    view! {
        <Form method="get" action=PATH attr:class="filters" attr:role="search">
            <div class="field">
                <label class="field__label" for="buscar">"Buscar por dirección de correo"</label>
                <input class="field__control" id="buscar" name="buscar" type="search" value=typed/>
            </div>
            <button class="button" type="submit">"Buscar"</button>
        </Form>
        {forbidden.map(|why| view! { <p class="muted small">{why}</p> })}
        <div class="card card--flush">
            <div class="table-box" tabindex="0" role="group" aria-label="Lista de correos devueltos">
                <table class="table">
                    <caption>"Direcciones a las que no se envía"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Correo"</th>
                            <th scope="col">"Comerciante"</th>
                            <th scope="col">"Causa"</th>
                            <th scope="col">"Lo que dijo el servidor"</th>
                            <th scope="col">"Desde"</th>
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
                total=text::count(total, "dirección", "direcciones")
                href=move |page| address(PATH, &[("buscar", &search), ("pagina", &page.to_string())])
            />
        </div>
    }
}

#[component]
fn Row(row: SuppressedAddress, may: bool, opened: RwSignal<Opened>) -> impl IntoView {
    let cause = text::suppression_cause(row.causa);
    let (id, address, spoken) = (row.id, row.correo.clone(), row.correo.clone());
    let lift = may.then(|| {
        view! {
            <button
                class="button button--small"
                type="button"
                on:click=move |_| opened.set(Some((id, address.clone())))
            >
                "Volver a habilitar"
                <span class="visually-hidden">{format!(" {spoken}")}</span>
            </button>
        }
    });
    view! {
        <tr>
            <th scope="row" class="break break--mail">{row.correo}</th>
            <td>{row.nombre.unwrap_or_else(|| "Ya no está en la campaña".to_owned())}</td>
            <td>
                <Status tone=cause.tone glyph=cause.glyph word=cause.word/>
                <span class="note">{cause.next}</span>
            </td>
            <td class="break">{row.detalle}</td>
            <td class="nowrap">
                <time datetime=row.suprimido_en.iso()>{row.suprimido_en.date_time()}</time>
            </td>
            <td>{lift}</td>
        </tr>
    }
}

#[component]
fn Nothing(filtered: bool) -> impl IntoView {
    let (title, next) = if filtered {
        ("Ninguna dirección coincide con la búsqueda", "Cambie el texto que busca.")
    } else {
        (
            "Ningún correo ha sido devuelto",
            "Cuando un servidor rechace una dirección para siempre, o devuelva un correo, aparecerá aquí con el motivo.",
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
fn LiftDialog(id: i64, address: String, on_close: Callback<()>) -> impl IntoView {
    view! {
        <Dialog id="habilitar" title="Volver a habilitar una dirección" on_close>
            <p>
                "Se volverá a enviar a " <strong class="anywhere">{address}</strong>
                ". Las contraseñas del año que esperaban por esta dirección quedarán pendientes de envío."
            </p>
            <p>
                "Hágalo solo si sabe que la dirección volvió a servir: insistir en direcciones que no existen daña la \
                reputación del servidor de correo de la cámara."
            </p>
            <Lift id/>
        </Dialog>
    }
}

#[component]
fn Lift(id: i64) -> impl IntoView {
    let handle = use_context::<DialogHandle>();
    let (told, reload) = (expect_context::<Told>(), expect_context::<Reload>());
    let lift = task(
        move |()| lift_suppression(id),
        move |()| {
            if let Some(handle) = handle {
                handle.close();
            }
            told.say("La dirección quedó habilitada. Sus contraseñas en espera se enviarán con «Enviar».");
            reload.now();
        },
    );
    view! {
        <Refusal error=lift.error/>
        <DialogActions>
            <button
                class="button button--primary"
                type="button"
                disabled=move || lift.busy.get()
                on:click=move |_| lift.run(())
            >
                {move || if lift.busy.get() { "Habilitando…" } else { "Volver a habilitar" }}
            </button>
        </DialogActions>
    }
}
