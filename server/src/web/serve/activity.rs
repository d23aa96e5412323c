//! What one connection is doing, and for how long.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::config::WebLimits;

/// What a connection is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The head of a request is awaited: since the connection began, or since the head's first byte.
    Head(Instant),
    /// A request was answered and no other has begun.
    Idle(Instant),
    /// The rest of a form is awaited; since its head began.
    Body(Instant),
    /// A whole request is at work, its answer is on its way, or an upload is coming in.
    Busy,
}

struct State {
    phase: Phase,
    /// When the head of the present request began.
    head_since: Instant,
    /// Numbers requests, so that the end of one is never taken for the end of the next.
    request: u64,
    /// Since when an answer waits for its reader, and how much was taken since.
    unread: Option<(Instant, u64)>,
}

/// One connection as the watch over all of them sees it.
pub(in crate::web) struct Activity {
    state: Mutex<State>,
    cut: Notify,
}

/// What the watch decides.
pub(super) enum Verdict {
    /// Too slow: the connection ends.
    Cut,
    /// All is well until then.
    LookAgain(Instant),
}

impl Activity {
    pub(super) fn new(now: Instant) -> Self {
        let state = State { phase: Phase::Head(now), head_since: now, request: 0, unread: None };
        Self { state: Mutex::new(state), cut: Notify::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Resolves when the connection is to end.
    pub(super) async fn cut(&self) {
        self.cut.notified().await;
    }

    /// Ends the connection.
    pub(super) fn end(&self) {
        self.cut.notify_one();
    }

    /// Since when it waits for a whole request; `None` while it has one.
    pub(super) fn waiting_since(&self) -> Option<Instant> {
        match self.lock().phase {
            Phase::Head(since) | Phase::Idle(since) | Phase::Body(since) => Some(since),
            Phase::Busy => None,
        }
    }

    /// Whether it has not even the head of a request.
    pub(super) fn is_headless(&self) -> bool {
        matches!(self.lock().phase, Phase::Head(_) | Phase::Idle(_))
    }

    /// Bytes came in.
    pub(super) fn has_read(&self) {
        let mut state = self.lock();
        if matches!(state.phase, Phase::Idle(_)) {
            let now = Instant::now();
            state.phase = Phase::Head(now);
            state.head_since = now;
        }
    }

    /// An answer's bytes were not taken, or so many were.
    pub(super) fn has_written(&self, taken: Option<u64>) {
        let mut state = self.lock();
        match (&mut state.unread, taken) {
            (Some((_, bytes)), Some(taken)) => *bytes += taken,
            (unread @ None, None) => *unread = Some((Instant::now(), 0)),
            _ => {}
        }
    }

    /// Everything was taken.
    pub(super) fn has_flushed(&self) {
        self.lock().unread = None;
    }

    /// A request's head is whole.
    pub(super) fn begin_request(self: &Arc<Self>) -> UnderWay {
        let mut state = self.lock();
        state.phase = Phase::Busy;
        state.request += 1;
        let request = state.request;
        drop(state);
        UnderWay { activity: Arc::clone(self), request }
    }

    /// A form's body is awaited until the guard goes.
    pub(in crate::web) fn await_body(self: &Arc<Self>) -> AwaitsBody {
        let mut state = self.lock();
        state.phase = Phase::Body(state.head_since);
        let request = state.request;
        drop(state);
        AwaitsBody { activity: Arc::clone(self), request }
    }

    pub(super) fn judge(&self, now: Instant, limits: &WebLimits) -> Verdict {
        let mut state = self.lock();
        // A phase that begins after this look cannot end before the next one.
        let mut next = now + limits.head.min(limits.idle).min(limits.window);
        let deadline = match state.phase {
            Phase::Head(since) => Some(since + limits.head),
            Phase::Idle(since) => Some(since + limits.idle),
            // Of a body its own meter takes care.
            Phase::Body(_) | Phase::Busy => None,
        };
        if let Some(deadline) = deadline {
            if deadline <= now {
                return Verdict::Cut;
            }
            next = next.min(deadline);
        }
        if let Some((since, bytes)) = state.unread {
            let end = since + limits.window;
            if end > now {
                next = next.min(end);
            } else if is_slow(bytes, limits.answer_rate, now - since) {
                return Verdict::Cut;
            } else {
                state.unread = Some((now, 0));
            }
        }
        Verdict::LookAgain(next)
    }
}

/// Whether so many bytes in this time are fewer than the rate asks for.
pub(in crate::web) fn is_slow(bytes: u64, a_second: u64, time: Duration) -> bool {
    u128::from(bytes) * 1000 < u128::from(a_second) * time.as_millis()
}

/// A request from its head to the end of its answer.
pub(super) struct UnderWay {
    activity: Arc<Activity>,
    request: u64,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut state = self.activity.lock();
        if state.request == self.request {
            state.phase = Phase::Idle(Instant::now());
        }
    }
}

/// A form from its head to its last byte.
pub(in crate::web) struct AwaitsBody {
    activity: Arc<Activity>,
    request: u64,
}

impl Drop for AwaitsBody {
    fn drop(&mut self) {
        let mut state = self.activity.lock();
        if state.request == self.request && matches!(state.phase, Phase::Body(_)) {
            state.phase = Phase::Busy;
        }
    }
}
