//! How large a request's body may be and how long it may take: a form as a whole, an upload by its speed.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{CONNECTION, CONTENT_LENGTH};
use http::{HeaderValue, StatusCode};
use hyper::body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep};

use super::serve::{Activity, AwaitsBody, is_slow};
use crate::config::WebLimits;
use crate::startup::App;

/// The largest body of the public pages' forms.
const PUBLIC_BYTES: u64 = 16 * 1024;

/// The largest of the console's.
const CONSOLE_BYTES: u64 = 64 * 1024;

/// The largest extract: the country's 1.7 million merchants with room to spare.
const UPLOAD_BYTES: u64 = 4 * 1024 * 1024 * 1024;

/// The largest document that is read at all.
const DOCUMENT_BYTES: u64 = 8 * contract::verification::MAX_FILE as u64;

/// What a body may take, counted while it is waited for.
#[derive(Clone, Copy)]
enum Pace {
    Whole(Duration),
    Rate { a_second: u64, window: Duration },
}

/// Forms and calls: small, and whole within seconds.
pub async fn form(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let console = path.starts_with("/consola") || path.starts_with("/api/consola/");
    let most = if console { CONSOLE_BYTES } else { PUBLIC_BYTES };
    let pace = Pace::Whole(limits(&app, &request).body);
    metered(request, next, most, pace).await
}

/// The registry's extract: as large as it is, but never at a drip.
pub async fn upload(State(app): State<App>, request: Request, next: Next) -> Response {
    let limits = limits(&app, &request);
    let pace = Pace::Rate { a_second: limits.upload_rate, window: limits.window };
    metered(request, next, UPLOAD_BYTES, pace).await
}

/// A document to be examined, from a telephone as well. More than one that is too large, so that the page
/// can say so.
pub async fn document(State(app): State<App>, request: Request, next: Next) -> Response {
    let limits = limits(&app, &request);
    let pace = Pace::Rate { a_second: limits.upload_rate, window: limits.window };
    metered(request, next, DOCUMENT_BYTES, pace).await
}

/// Those of the connection.
fn limits(app: &App, request: &Request) -> WebLimits {
    request.extensions().get().copied().unwrap_or(app.settings.globals.web)
}

async fn metered(request: Request, next: Next, most: u64, pace: Pace) -> Response {
    let told = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if told.is_some_and(|bytes| bytes > most) {
        return refusal(TOO_LARGE);
    }
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let fault = Arc::new(AtomicU8::new(NONE));
    let waits = match pace {
        Pace::Whole(_) => request.extensions().get::<Arc<Activity>>().map(Activity::await_body),
        Pace::Rate { .. } => None,
    };
    let noted = Arc::clone(&fault);
    let request = request.map(|body| {
        Body::new(Metered { body, left: most, pace, meter: Meter::default(), timer: None, fault: noted, waits })
    });
    let response = next.run(request).await;
    match fault.load(Ordering::Relaxed) {
        NONE => response,
        fault => refusal(fault),
    }
}

const NONE: u8 = 0;
const TOO_LARGE: u8 = 1;
const TOO_SLOW: u8 = 2;

fn refusal(fault: u8) -> Response {
    let (status, text) = if fault == TOO_SLOW {
        (StatusCode::REQUEST_TIMEOUT, "La solicitud tardó demasiado en llegar. Inténtelo de nuevo.")
    } else {
        (StatusCode::PAYLOAD_TOO_LARGE, "La solicitud es demasiado grande.")
    };
    let mut response = (status, text).into_response();
    // What is still on its way is not waited for.
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

/// What was waited for and what came.
#[derive(Default)]
struct Meter {
    /// Since when the next bytes are waited for.
    since: Option<Instant>,
    /// How long was waited before that, in all or in this window.
    waited: Duration,
    /// What came in this window.
    bytes: u64,
}

struct Metered {
    body: Body,
    left: u64,
    pace: Pace,
    meter: Meter,
    timer: Option<Pin<Box<Sleep>>>,
    fault: Arc<AtomicU8>,
    waits: Option<AwaitsBody>,
}

impl Metered {
    fn fail(&mut self, fault: u8) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        self.fault.store(fault, Ordering::Relaxed);
        self.waits = None;
        let kind = if fault == TOO_SLOW { io::ErrorKind::TimedOut } else { io::ErrorKind::InvalidData };
        Poll::Ready(Some(Err(kind.into())))
    }

    /// Nothing is there: whether it was waited for long enough.
    fn wait(&mut self, cx: &mut Context<'_>) -> bool {
        let since = *self.meter.since.get_or_insert_with(Instant::now);
        let (Pace::Whole(limit) | Pace::Rate { window: limit, .. }) = self.pace;
        loop {
            let left = limit.saturating_sub(self.meter.waited);
            let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(left)));
            timer.as_mut().reset(self.meter.since.unwrap_or(since) + left);
            if timer.as_mut().poll(cx).is_pending() {
                return false;
            }
            match self.pace {
                Pace::Whole(_) => return true,
                Pace::Rate { a_second, window } if is_slow(self.meter.bytes, a_second, window) => return true,
                Pace::Rate { .. } => self.meter = Meter { since: Some(Instant::now()), ..Meter::default() },
            }
        }
    }
}

impl HttpBody for Metered {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let this = &mut *self;
        let polled = Pin::new(&mut this.body).poll_frame(cx);
        let Poll::Ready(frame) = polled else {
            return if this.wait(cx) { this.fail(TOO_SLOW) } else { Poll::Pending };
        };
        if let Some(since) = this.meter.since.take() {
            this.meter.waited += since.elapsed();
        }
        match frame {
            Some(Ok(frame)) => {
                let bytes = frame.data_ref().map_or(0, |data| data.len() as u64);
                this.meter.bytes += bytes;
                match this.left.checked_sub(bytes) {
                    Some(left) => this.left = left,
                    None => return this.fail(TOO_LARGE),
                }
                if this.body.is_end_stream() {
                    this.waits = None;
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Some(Err(error)) => {
                this.waits = None;
                Poll::Ready(Some(Err(io::Error::other(error))))
            }
            None => {
                this.waits = None;
                Poll::Ready(None)
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
