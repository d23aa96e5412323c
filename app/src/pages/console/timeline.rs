//! `/consola/comerciante/{clave}`: everything that happened to one merchant's pre-assigned password, and
//! the acta of its activation.

use contract::timeline::{Happening, Timeline, TimelineUser};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::layout::{Breadcrumb, Loading};
use crate::api::console::timeline::merchant_timeline;
use crate::components::failure::loaded;
use crate::components::icon::Glyph;
use crate::components::status::{Status, Tone};
use crate::text;

/// Where a password's timeline is.
#[must_use]
pub fn timeline_address(clave: i64) -> String {
    format!("/consola/comerciante/{clave}")
}

/// The page.
#[component]
pub fn TimelinePage() -> impl IntoView {
    let params = use_params_map();
    // What is no number is nobody's.
    let asked = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse::<i64>().ok()).unwrap_or_default());
    let found = Resource::new_blocking(move || asked.get(), merchant_timeline);
    view! {
        <Title text="Línea de tiempo de un comerciante"/>
        <Breadcrumb steps=&["Gestión y control", "Comerciante"]/>
        <Transition fallback=Loading>
            {move || Suspend::new(async move { loaded(found.await, |timeline| view! { <Whole timeline/> }) })}
        </Transition>
    }
}

#[component]
fn Whole(timeline: Timeline) -> impl IntoView {
    let state = timeline.estado.map(|state| {
        let words = text::password_state(state);
        view! { <Status tone=words.tone glyph=words.glyph word=format!("Contraseña: {}", words.word.to_lowercase())/> }
    });
    let deleted = timeline.estado.is_none().then(|| {
        view! { <Status tone=Tone::Plain glyph=Glyph::Off word="Contraseña borrada"/> }
    });
    let user = timeline.usuario.map(|user| {
        let words = text::verified_state(user.estado);
        let word = format!("Usuario N.º {}: {}", user.id, words.word.to_lowercase());
        view! { <Status tone=words.tone glyph=words.glyph word/> }
    });
    let test = timeline.prueba.then(|| view! { <Status tone=Tone::Warn glyph=Glyph::Info word="Prueba"/> });
    let events = timeline.sucesos.into_iter().map(|happening| view! { <Event happening/> }).collect_view();
    view! {
        <h1>{timeline.nombre}</h1>
        <section class="card" aria-labelledby="datos-titulo">
            <h2 id="datos-titulo">"Datos"</h2>
            <dl class="facts">
                <dt>"Identificación"</dt><dd>{timeline.identificacion}</dd>
                <dt>"Matrícula"</dt><dd>{timeline.matricula}</dd>
                <dt>"Correo"</dt><dd class="break">{timeline.correo}</dd>
                <dt>"Celular"</dt><dd>{timeline.celular}</dd>
                <dt>"Año en proceso"</dt><dd>{timeline.ano}</dd>
            </dl>
            <div class="cluster">{state} {deleted} {user} {test}</div>
            {timeline.usuario.filter(|user| user.acta).map(|user| view! { <Actas user/> })}
        </section>
        <section class="card" aria-labelledby="sucesos-titulo">
            <h2 id="sucesos-titulo">"Línea de tiempo"</h2>
            <ol class="timeline">{events}</ol>
        </section>
    }
}

/// Both forms of the acta, as downloads.
#[component]
fn Actas(user: TimelineUser) -> impl IntoView {
    let form = |formato: &'static str, label: &'static str, look: &'static str| {
        view! {
            <form method="post" action="/consola/acta">
                <input type="hidden" name="id" value=user.id/>
                <input type="hidden" name="formato" value=formato/>
                <button class=look type="submit" aria-describedby="acta-explicacion">{label}</button>
            </form>
        }
    };
    view! {
        <div class="cluster">
            {form("pdf", "Descargar acta (PDF)", "button button--primary")} {form("json", "Acta (JSON)", "button")}
        </div>
        <p class="muted small" id="acta-explicacion">
            "El acta reúne lo que prueba la activación y va firmada con el certificado de la cámara. Contiene datos personales: \
            entréguela solo a quien tenga derecho. Cada descarga queda en la auditoría."
        </p>
    }
}

#[component]
fn Event(happening: Happening) -> impl IntoView {
    let (tone, glyph) = text::happened_look(&happening.que);
    let detail = text::happened_detail(&happening);
    let who = (!happening.quien.is_empty()).then(|| format!("Por: {}", happening.quien));
    let entry = happening.secuencia.map(|place| format!("Anotación {place} de la auditoría"));
    let notes = [who, (!detail.is_empty()).then_some(detail), entry].into_iter().flatten();
    let notes = notes.map(|note| view! { <span class="note break">{note}</span> }).collect_view();
    view! {
        <li class="timeline__event">
            <time class="timeline__when nowrap" datetime=happening.en.iso()>{happening.en.date_time()}</time>
            <div>
                <Status tone glyph word=text::happened(&happening)/>
                {notes}
            </div>
        </li>
    }
}
