//! What moves while the page is open. The server tells it (`/consola/eventos`); where that way is
//! closed, the page asks each second. Nothing but the database knows how things stand.

use std::time::Duration;

use contract::ServiceError;
use contract::page::Page;
use contract::sending::{BatchRow, BatchState, BatchView, Progress};
use gloo::events::EventListener;
use leptos::prelude::*;
use leptos::serde_json;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use web_sys::{EventSource, MessageEvent};

use crate::api::console::sending::{batch_rows, current_progress};
use crate::error::ApiError;

/// How often the connection is looked after, and how often the server is asked without one.
const EVERY: Duration = Duration::from_secs(1);

/// Milliseconds of silence after which a connection counts as dead; a living one says so every 15 s.
const SILENCE: f64 = 20_000.0;

/// Milliseconds until a connection is tried again.
const TRY_AGAIN: f64 = 30_000.0;

/// Milliseconds without any answer after which the person is told.
const LOST: f64 = 5_000.0;

/// Milliseconds between two refreshes of the figures around the batches.
const REFRESH: f64 = 5_000.0;

/// What the page shows of its batches; made once a page, so that it outlives a reload of the data.
#[derive(Clone, Copy)]
pub struct Live {
    /// How things stand.
    pub progress: RwSignal<Option<Progress>>,
    /// Whether the server has not been heard of for some seconds.
    pub lost: RwSignal<bool>,
    /// Raised when the figures around the batches may have changed.
    pub refresh: RwSignal<u32>,
    /// The batch whose mails are shown.
    pub rows: Rows,
    year: RwSignal<Option<i32>>,
}

/// The mails of one batch.
#[derive(Clone, Copy)]
pub struct Rows {
    /// Whose.
    pub batch: RwSignal<Option<i64>>,
    /// Only in this state; empty for all.
    pub state: RwSignal<String>,
    /// The page's number.
    pub page: RwSignal<u64>,
    /// Them.
    pub found: RwSignal<Option<Result<Page<BatchRow>, ApiError>>>,
    /// Raised when they must be asked for again.
    pub again: RwSignal<u32>,
}

impl Live {
    /// Makes the page's signals; in the browser, follows the year.
    #[must_use]
    pub fn new() -> Self {
        let live = Self {
            progress: RwSignal::new(None),
            lost: RwSignal::new(false),
            refresh: RwSignal::new(0),
            rows: Rows {
                batch: RwSignal::new(None),
                state: RwSignal::new(String::new()),
                page: RwSignal::new(1),
                found: RwSignal::new(None),
                again: RwSignal::new(0),
            },
            year: RwSignal::new(None),
        };
        let year = Memo::new(move |_| live.year.get());
        Effect::new(move |_| {
            if let Some(year) = year.get() {
                follow(live, year);
            }
        });
        live.rows.keep_up(live.progress);
        live
    }

    /// Takes what came with the page itself, unless something newer is known already.
    pub fn begin(self, year: i32, now: Progress) {
        let same_year = self.year.get_untracked() == Some(year);
        let newer = self.progress.with_untracked(|known| known.as_ref().is_some_and(|known| known.ahora > now.ahora));
        if !(same_year && newer) {
            self.progress.set(Some(now));
            self.year.set(Some(year));
        }
    }

    /// The batches that are not over, the newest first.
    #[must_use]
    pub fn open_batches(self) -> Vec<BatchView> {
        let open = |now: &Progress| now.lotes.iter().filter(|batch| is_open(batch)).cloned().collect();
        self.progress.with(|now| now.as_ref().map(open).unwrap_or_default())
    }

    /// Puts what the server answered to an order into its place, before the next news come.
    pub fn replace(self, batch: &BatchView) {
        self.progress.try_update(|now| {
            let found = now.iter_mut().flat_map(|now| &mut now.lotes).find(|one| one.id == batch.id);
            if let Some(place) = found {
                place.clone_from(batch);
            }
        });
        self.refresh_now();
    }

    /// Asks for the figures around the batches again.
    pub fn refresh_now(self) {
        self.refresh.try_update(|times| *times = times.wrapping_add(1));
        self.rows.again.try_update(|times| *times = times.wrapping_add(1));
    }
}

/// Whether a batch is not over.
#[must_use]
pub const fn is_open(batch: &BatchView) -> bool {
    matches!(batch.estado, BatchState::EnCurso | BatchState::EnPausa)
}

impl Rows {
    /// Asks for them whenever another batch, state or page is wanted, or their batch has moved.
    fn keep_up(self, now: RwSignal<Option<Progress>>) {
        let figures = Memo::new(move |_| {
            let shown = self.batch.get()?;
            now.with(|now| {
                let batch = now.as_ref()?.lotes.iter().find(|batch| batch.id == shown)?;
                Some((batch.enviados, batch.rechazados, batch.reintento, batch.inciertos, batch.pendientes))
            })
        });
        let asked = StoredValue::new(0_u32);
        Effect::new(move |_| {
            let (state, page) = (self.state.get(), self.page.get());
            // Read, not only tracked: a memo that nobody reads notices nothing.
            let _ = figures.get();
            self.again.track();
            let Some(batch) = self.batch.get() else { return };
            // Of several questions on their way, the last one is answered.
            let turn = asked.get_value().wrapping_add(1);
            asked.set_value(turn);
            spawn_local(async move {
                let answer = batch_rows(batch, state, page).await;
                if asked.try_get_value() == Some(turn) {
                    self.found.try_set(Some(answer));
                }
            });
        });
    }
}

/// A connection and what is known of it. Only ever made in the browser.
struct Link {
    source: Option<Source>,
    /// Whether this connection has told anything yet.
    answers: bool,
    heard: f64,
    tried: f64,
    refreshed: f64,
    asking: bool,
}

/// Closes the stream when it is let go.
struct Source {
    stream: EventSource,
    _listeners: [EventListener; 3],
}

impl Drop for Source {
    fn drop(&mut self) {
        self.stream.close();
    }
}

type Kept = StoredValue<Link, LocalStorage>;

/// Keeps the page told until its effect is run anew or ends.
fn follow(live: Live, year: i32) {
    let now = js_sys::Date::now();
    let link = Link { source: None, answers: false, heard: now, tried: now, refreshed: now, asking: false };
    let link: Kept = StoredValue::new_local(link);
    connect(live, link, year);
    if let Ok(timer) = set_interval_with_handle(move || look_after(live, link, year), EVERY) {
        on_cleanup(move || {
            timer.clear();
            link.try_update_value(|link| link.source = None);
        });
    }
}

/// Tries to listen.
fn connect(live: Live, link: Kept, year: i32) {
    let source = EventSource::new(&format!("/consola/eventos?ano={year}")).ok().map(|stream| {
        let heard = move |event: &web_sys::Event| {
            let text = event.dyn_ref::<MessageEvent>().and_then(|message| message.data().as_string());
            let news = text.and_then(|text| serde_json::from_str::<Progress>(&text).ok());
            hear(live, link, true);
            if let Some(news) = news {
                take(live, link, news);
            }
        };
        let listeners = [
            EventListener::new(&stream, "progreso", heard),
            EventListener::new(&stream, "latido", move |_| hear(live, link, true)),
            // The browser would try again by itself, but not after a refusal; so the page does, always.
            EventListener::new(&stream, "error", move |_| {
                // Not from within its own listener, which must not be dropped while it runs.
                set_timeout(move || drop_source(link), Duration::ZERO);
            }),
        ];
        Source { stream, _listeners: listeners }
    });
    link.try_update_value(|link| {
        link.source = source;
        link.answers = false;
        link.tried = js_sys::Date::now();
    });
}

fn drop_source(link: Kept) {
    link.try_update_value(|link| {
        link.source = None;
        link.answers = false;
    });
}

/// Something came.
fn hear(live: Live, link: Kept, by_stream: bool) {
    link.try_update_value(|link| {
        link.heard = js_sys::Date::now();
        link.answers |= by_stream;
    });
    if live.lost.try_get_untracked() == Some(true) {
        live.lost.set(false);
    }
}

/// Shows the news; asks for the rest of the page when it may have changed with them.
fn take(live: Live, link: Kept, news: Progress) {
    let before = live.progress.try_get_untracked().flatten();
    let turned = before.as_ref().is_some_and(|before| states(before) != states(&news));
    let moved = before.as_ref().is_some_and(|before| before.lotes != news.lotes);
    live.progress.try_set(Some(news));
    let now = js_sys::Date::now();
    let due = link.try_with_value(|link| now - link.refreshed >= REFRESH).unwrap_or(false);
    if turned || (moved && due) {
        link.try_update_value(|link| link.refreshed = now);
        live.refresh.try_update(|times| *times = times.wrapping_add(1));
    }
}

fn states(progress: &Progress) -> Vec<(i64, BatchState)> {
    progress.lotes.iter().map(|batch| (batch.id, batch.estado)).collect()
}

/// Once a second: lets a dead connection go, asks without one, tries one again. A page that nobody
/// sees holds none: browsers allow six to a server.
fn look_after(live: Live, link: Kept, year: i32) {
    let now = js_sys::Date::now();
    if document().hidden() {
        drop_source(link);
        link.try_update_value(|link| {
            link.heard = now;
            // When the page is seen again, at once.
            link.tried = 0.0;
        });
        return;
    }
    let state = link.try_with_value(|link| {
        let quiet = now - link.heard.max(link.tried);
        (link.source.is_some(), link.answers, quiet, now - link.heard, now - link.tried, link.asking)
    });
    let Some((open, answers, quiet, unheard, since_try, asking)) = state else { return };
    if open && quiet > SILENCE {
        drop_source(link);
    } else if open && answers {
        return;
    } else if !open && since_try > TRY_AGAIN {
        connect(live, link, year);
    }
    if unheard > LOST {
        live.lost.try_set(true);
    }
    if !asking {
        ask(live, link, year);
    }
}

/// The way without a connection.
fn ask(live: Live, link: Kept, year: i32) {
    link.try_update_value(|link| link.asking = true);
    spawn_local(async move {
        let answer = current_progress(year).await;
        if link.try_update_value(|link| link.asking = false).is_none() {
            return;
        }
        match answer {
            Ok(news) => {
                hear(live, link, false);
                take(live, link, news);
            }
            Err(ApiError::Service(ServiceError::NoSession)) => {
                // The whole document goes: nothing of the ended session may stay on the screen.
                let _ = window().location().set_href("/consola/ingresar?motivo=sesion");
            }
            Err(_) => {}
        }
    });
}
