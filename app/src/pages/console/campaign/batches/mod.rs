//! The year's batches: those that move, with all that can be known of them and done with them, and
//! those that are over.

mod card;
mod earlier;
mod retry;
mod rows;

use contract::sending::BatchView;
use leptos::prelude::*;

use self::card::Card;
use self::earlier::Earlier;
pub use self::retry::RetryDialog;
use super::desk::Desk;
use super::live::is_open;
use crate::components::alert::Alert;
use crate::components::failure::Refusal;
use crate::components::status::Tone;
use crate::text;

/// The panel.
#[component]
pub fn Batches(
    /// Whether this person may pause, resume, cancel and retry.
    may_operate: bool,
    /// What can be done.
    desk: Desk,
) -> impl IntoView {
    let live = desk.live;
    let parted = move || {
        live.progress.with(|now| {
            let lotes = now.as_ref().map(|now| now.lotes.clone()).unwrap_or_default();
            // The newest one stays in sight even when it is over.
            let in_sight = |place: usize, batch: &BatchView| place == 0 || is_open(batch);
            let places = lotes.into_iter().enumerate();
            let (shown, over): (Vec<_>, Vec<_>) = places.partition(|(place, batch)| in_sight(*place, batch));
            (now.as_ref().map(|now| now.ahora).unwrap_or_default(), shown, over)
        })
    };
    let cards = move || {
        let (now, shown, over) = parted();
        let cards = shown.into_iter().map(|(_, batch)| view! { <Card batch now desk may_operate/> }).collect_view();
        let over: Vec<_> = over.into_iter().map(|(_, batch)| batch).collect();
        (cards, (!over.is_empty()).then(|| view! { <Earlier batches=over desk may_operate/> }))
    };
    let any = Memo::new(move |_| live.progress.with(|now| now.as_ref().is_some_and(|now| !now.lotes.is_empty())));
    view! {
        <div class="stack" role="alert">
            {move || {
                let trouble = live.progress.with(|now| now.as_ref().and_then(|now| now.aviso));
                trouble
                    .map(|trouble| {
                        let (title, next) = text::worker_trouble(trouble);
                        view! {
                            <Alert tone=Tone::Bad title>
                                <p>{next}</p>
                            </Alert>
                        }
                    })
            }}
        </div>
        <div class="stack" role="status">
            {move || {
                live.lost
                    .get()
                    .then(|| {
                        view! {
                            <Alert tone=Tone::Warn title="Se perdió la conexión con el servidor">
                                <p>"Los envíos continúan allá. Esta página se pondrá al día sola."</p>
                            </Alert>
                        }
                    })
            }}
        </div>
        {move || {
            any.get()
                .then(|| {
                    view! {
                        <section class="card" aria-labelledby="envios-titulo">
                            <h2 id="envios-titulo">"Envíos"</h2>
                            <Refusal error=desk.order.error/>
                            <Refusal error=desk.again.error/>
                            <Refusal error=desk.take_as_sent.error/>
                            {cards}
                        </section>
                    }
                })
        }}
    }
}

/// «Envío 3», as it is called everywhere.
pub(super) fn title(batch: &BatchView) -> String {
    if batch.prueba { format!("Envío de prueba {}", batch.id) } else { format!("Envío {}", batch.id) }
}
