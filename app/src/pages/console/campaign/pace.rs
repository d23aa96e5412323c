//! The chamber's pace: what it limits, how much is used, when the next mail may leave.

use contract::Timestamp;
use contract::sending::{PaceView, Quota};
use leptos::prelude::*;

use super::live::Live;
use crate::components::icon::Glyph;
use crate::components::status::{Status, Tone};
use crate::text;

/// The card of the campaign's page, which moves with the batches.
#[component]
pub fn PaceCard() -> impl IntoView {
    let live = expect_context::<Live>();
    let pace = Memo::new(move |_| {
        live.progress.with(|now| now.as_ref().map(|now| (now.ritmo.clone(), now.ahora)).unwrap_or_default())
    });
    view! {
        <section class="card" aria-labelledby="ritmo-titulo">
            <h2 id="ritmo-titulo">"Ritmo de envío"</h2>
            {move || {
                let (pace, now) = pace.get();
                view! { <Pace pace now/> }
            }}
        </section>
    }
}

/// The limits with their meters; one quiet line when there are none.
#[component]
pub fn Pace(
    /// The pace.
    pace: PaceView,
    /// The server's time.
    now: Timestamp,
) -> impl IntoView {
    if !text::has_limits(&pace) {
        return view! {
            <p class="muted small">
                "La cámara no fijó límites de envío. El manual (sección 7) aconseja esperar un tiempo prudencial entre \
                un lote y el siguiente y no pasar la cuota por hora del proveedor de correo."
            </p>
        }
        .into_any();
    }
    let meters = [(pace.por_hora, "en la última hora"), (pace.por_dia, "en las últimas 24 horas")]
        .into_iter()
        .filter_map(|(quota, span)| quota.map(|quota| view! { <Meter quota span/> }))
        .collect_view();
    let rest = (pace.pausa_minutos > 0).then(|| {
        let minutes = text::count(pace.pausa_minutos, "minuto", "minutos");
        view! { <dt>"Entre lotes"</dt> <dd>{minutes} " de espera"</dd> }
    });
    let hours = pace.horario.clone().map(|hours| view! { <dt>"Horario"</dt> <dd>{hours}</dd> });
    let details = (rest.is_some() || hours.is_some()).then(|| view! { <dl class="facts">{rest} {hours}</dl> });
    let waits = pace.siguiente.filter(|at| *at > now).map(|at| {
        view! {
            <p class="effect">
                "El próximo correo podrá salir " <time datetime=at.iso()>{text::moment(at, now)}</time> "."
            </p>
        }
    });
    let meters =
        (pace.por_hora.is_some() || pace.por_dia.is_some()).then(|| view! { <div class="paces">{meters}</div> });
    view! { <div class="stack">{meters} {details} {waits}</div> }.into_any()
}

#[component]
fn Meter(quota: Quota, span: &'static str) -> impl IntoView {
    let words = text::quota(quota, span);
    let warning = if quota.usados >= quota.limite {
        Some((Tone::Bad, "Límite alcanzado"))
    } else if quota.is_near() {
        Some((Tone::Warn, "Cerca del límite"))
    } else {
        None
    };
    view! {
        <div class="pace">
            <p class="pace__words">
                <span>{words.clone()}</span>
                {warning.map(|(tone, word)| view! { <Status tone glyph=Glyph::Warning word/> })}
            </p>
            <meter
                class="meter"
                min="0"
                max=quota.limite
                high=quota.limite * 9 / 10
                value=quota.usados.min(quota.limite)
                aria-label=format!("Correos enviados {span}")
            >
                {words}
            </meter>
        </div>
    }
}
