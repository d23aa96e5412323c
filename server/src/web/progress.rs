//! `GET /consola/eventos`: how the year's batches stand, told as soon as it changes. What is told comes
//! from the database, so that it is right whichever node sends; one watcher a chamber and year asks
//! for everybody who looks on.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::{Extension, Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use contract::sending::{Progress, SendingService};
use contract::staff::Permission;
use contract::{ChamberCode, Timestamp, Year};
use futures::stream::{Stream, unfold};
use http::header::CACHE_CONTROL;
use http::{HeaderMap, HeaderName, StatusCode};
use serde::Deserialize;
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior, interval, sleep};

use super::context::{Caller, SESSION, cookie};
use crate::services::sending::SendingDesk;
use crate::startup::App;

/// How often the database is asked; nothing is told later than this.
const LOOK_EVERY: Duration = Duration::from_millis(700);

/// Silence after which a sign of life is sent. An event, not a comment: the page must notice it.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

/// How often it is asked whether the session is still in force.
const SESSION_EVERY: Duration = Duration::from_secs(30);

/// Asks nginx not to hold answers back.
const UNBUFFERED: HeaderName = HeaderName::from_static("x-accel-buffering");

/// The newest progress as JSON; `None` before the first look.
type News = Option<Arc<str>>;

/// Who tells, by chamber and year.
type Watchers = BTreeMap<(ChamberCode, i32), watch::Sender<News>>;

/// The watchers of this process and the word that it ends; one for all clones.
#[derive(Clone)]
pub struct LiveProgress {
    watchers: Arc<Mutex<Watchers>>,
    closing: Arc<watch::Sender<bool>>,
    session_every: Duration,
}

impl Default for LiveProgress {
    fn default() -> Self {
        Self::checking_sessions(SESSION_EVERY)
    }
}

impl LiveProgress {
    /// Asks that often whether a session is still in force.
    #[must_use]
    pub fn checking_sessions(every: Duration) -> Self {
        Self { watchers: Arc::default(), closing: Arc::new(watch::Sender::new(false)), session_every: every }
    }

    /// Ends every stream, so that the server can stop.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    fn lock(&self) -> MutexGuard<'_, Watchers> {
        self.watchers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the chamber's watcher of the year tells; begins one where there is none.
    fn listen(&self, desk: SendingDesk, year: Year) -> watch::Receiver<News> {
        let key = (desk.actor.camara, year.number());
        let mut watchers = self.lock();
        if let Some(sender) = watchers.get(&key) {
            return sender.subscribe();
        }
        let (sender, receiver) = watch::channel(None);
        watchers.insert(key, sender.clone());
        tokio::spawn(watch_batches(self.clone(), desk, year, sender));
        receiver
    }
}

/// Looks while anybody listens. When the database does not answer, the streams end: their pages then
/// ask for themselves and see the fault.
async fn watch_batches(live: LiveProgress, desk: SendingDesk, year: Year, sender: watch::Sender<News>) {
    let key = (desk.actor.camara, year.number());
    let mut last = None::<Progress>;
    while let Ok(now) = desk.progress(year).await {
        if last.as_ref().is_none_or(|last| changed(last, &now))
            && let Ok(json) = serde_json::to_string(&now)
        {
            sender.send_replace(Some(json.into()));
            last = Some(now);
        }
        sleep(LOOK_EVERY).await;
        let mut watchers = live.lock();
        if sender.receiver_count() == 0 {
            watchers.remove(&key);
            return;
        }
    }
    live.lock().remove(&key);
}

/// Whether anything but the time is new.
fn changed(before: &Progress, now: &Progress) -> bool {
    Progress { ahora: Timestamp::default(), ..before.clone() }
        != Progress { ahora: Timestamp::default(), ..now.clone() }
}

/// The year asked for.
#[derive(Deserialize)]
pub struct EventsQuery {
    #[serde(default)]
    ano: String,
}

/// The stream of one page.
pub async fn events(
    State(app): State<App>,
    caller: Option<Extension<Caller>>,
    headers: HeaderMap,
    Query(query): Query<EventsQuery>,
) -> Response {
    let token = cookie(&app, &headers, SESSION).map(str::to_owned);
    let (Some(Extension(Caller(actor))), Some(token)) = (caller, token) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let Some(year) = Year::parse(&query.ano) else { return StatusCode::UNPROCESSABLE_ENTITY.into_response() };
    if actor.require(Permission::Read).is_err() {
        return StatusCode::FORBIDDEN.into_response();
    }
    let Some(desk) = app.sending_desk(&actor) else { return StatusCode::NOT_FOUND.into_response() };

    let mut news = app.live.listen(desk, year);
    news.mark_changed();
    let mut session = interval(app.live.session_every);
    session.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The first tick comes at once; the session was looked at a moment ago.
    session.reset();
    let closing = app.live.closing.subscribe();
    let onlooker = Onlooker { app, token, news, closing, session };
    let sign = KeepAlive::new().interval(SIGN_OF_LIFE).event(Event::default().event("latido").data("1"));
    let headers = [(CACHE_CONTROL, "no-cache"), (UNBUFFERED, "no")];
    (headers, Sse::new(onlooker.stream()).keep_alive(sign)).into_response()
}

/// One page that looks on.
struct Onlooker {
    app: App,
    token: String,
    news: watch::Receiver<News>,
    closing: watch::Receiver<bool>,
    session: Interval,
}

impl Onlooker {
    fn stream(self) -> impl Stream<Item = Result<Event, Infallible>> {
        unfold(self, |mut onlooker| async move {
            let event = onlooker.next().await?;
            Some((Ok(event), onlooker))
        })
    }

    /// What there is to tell next; `None` when nothing may be told any more.
    async fn next(&mut self) -> Option<Event> {
        if *self.closing.borrow() {
            return None;
        }
        loop {
            tokio::select! {
                told = self.news.changed() => {
                    told.ok()?;
                    if let Some(json) = self.news.borrow_and_update().clone() {
                        return Some(Event::default().event("progreso").data(json));
                    }
                }
                _ = self.session.tick() => {
                    let found = self.app.staff.peek(&self.token).await;
                    // A database that does not answer is no reason to send anybody away.
                    if matches!(found, Ok(None)) {
                        return None;
                    }
                }
                _ = self.closing.changed() => return None,
            }
        }
    }
}
