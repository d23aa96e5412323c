//! One verified user: who, how it stands, what happened to it, what may be done.

use contract::Timestamp;
use contract::verified::{VerifiedRow, VerifiedState};
use leptos::prelude::*;

use super::Opened;
use crate::components::icon::Glyph;
use crate::components::status::{Status, Tone};
use crate::pages::console::timeline::timeline_address;
use crate::text;

/// A row of the table.
#[component]
pub(super) fn Row(
    /// The user.
    row: VerifiedRow,
    /// Whether this person may change anything.
    may: bool,
    /// The open dialog.
    opened: RwSignal<Option<Opened>>,
) -> impl IntoView {
    let state = text::verified_state(row.estado);
    let (id, name) = (row.id, row.nombre.clone());
    let annullable = may && !matches!(row.estado, VerifiedState::Anulado | VerifiedState::Eliminado);
    let deletable = may && row.estado != VerifiedState::Eliminado;
    let reactivable = may && row.estado == VerifiedState::Inactivado;
    let actions = [
        reactivable.then(|| ("Reactivar", Opened::Reactivate(id, name.clone()))),
        annullable.then(|| ("Anular", Opened::Annul(id, name.clone()))),
        deletable.then(|| ("Eliminar", Opened::Delete(id, name.clone()))),
    ];
    let buttons = actions
        .into_iter()
        .flatten()
        .map(|(act, what)| {
            view! {
                <button class="button button--small" type="button" on:click=move |_| opened.set(Some(what.clone()))>
                    {act}
                    <span class="visually-hidden">{format!(" a {name}")}</span>
                </button>
            }
        })
        .collect_view();
    let happened = happened(&row)
        .into_iter()
        .map(|(what, at)| view! { <li>{what} " " <time datetime=at.iso()>{at.date_time()}</time></li> })
        .collect_view();
    view! {
        <tr>
            <td>
                {row.identificacion}
                <span class="note">{format!("N.º {id}")}</span>
            </td>
            <th scope="row">
                {match row.clave {
                    Some(clave) => view! { <a href=timeline_address(clave)>{row.nombre}</a> }.into_any(),
                    None => row.nombre.into_any(),
                }}
            </th>
            <td class="break">
                {row.email}
                <span class="note">{row.celular}</span>
            </td>
            <td>
                <Status tone=state.tone glyph=state.glyph word=state.word/>
                {row
                    .por_revisar
                    .then(|| view! { " " <Status tone=Tone::Bad glyph=Glyph::Warning word="Por revisar: «no fui yo»"/> })}
                {row.prueba.then(|| view! { " " <Status tone=Tone::Warn glyph=Glyph::Info word="Prueba"/> })}
                {row.motivo.map(|reason| view! { <span class="note">"Motivo: " {reason}</span> })}
                {row
                    .motivo_reactivacion
                    .filter(|_| row.estado == VerifiedState::Vigente)
                    .map(|reason| view! { <span class="note">"Motivo de la reactivación: " {reason}</span> })}
            </td>
            <td>
                <ul class="happened">{happened}</ul>
            </td>
            <td>
                <div class="cluster">{buttons}</div>
            </td>
        </tr>
    }
}

/// What happened to a user, in its order.
fn happened(row: &VerifiedRow) -> Vec<(&'static str, Timestamp)> {
    let ended = match row.estado {
        VerifiedState::Anulado => "Anulado",
        VerifiedState::Eliminado => "Eliminado",
        _ => "Inactivado",
    };
    // The freezing is told once, as what it was.
    let ended_at = row.inactivado_en.filter(|at| Some(*at) != row.desconocido_en);
    let created = row.verificado_en.is_none().then_some(row.creado_en);
    let mut all: Vec<(&'static str, Timestamp)> = [
        ("Creado", created),
        ("Verificado", row.verificado_en),
        ("Suspendido por «no fui yo»", row.desconocido_en),
        ("Reactivado", row.reactivado_en),
        (ended, ended_at),
    ]
    .into_iter()
    .filter_map(|(what, at)| Some((what, at?)))
    .collect();
    all.sort_by_key(|(_, at)| *at);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_is_told_in_its_order_and_each_thing_once() {
        let at = |second: i64| Timestamp(second * 1000);
        let row = VerifiedRow {
            id: 1,
            clave: None,
            identificacion: String::new(),
            nombre: String::new(),
            email: String::new(),
            celular: String::new(),
            estado: VerifiedState::Inactivado,
            prueba: false,
            verificado_en: Some(at(1)),
            inactivado_en: Some(at(5)),
            motivo: None,
            creado_en: at(1),
            desconocido_en: Some(at(5)),
            por_revisar: true,
            reactivado_en: None,
            motivo_reactivacion: None,
        };
        let words = |row: &VerifiedRow| happened(row).into_iter().map(|(what, _)| what).collect::<Vec<_>>();
        assert_eq!(words(&row), ["Verificado", "Suspendido por «no fui yo»"]);
        let later = VerifiedRow {
            estado: VerifiedState::Anulado,
            inactivado_en: Some(at(9)),
            reactivado_en: Some(at(7)),
            ..row
        };
        assert_eq!(words(&later), ["Verificado", "Suspendido por «no fui yo»", "Reactivado", "Anulado"]);
    }
}
