//! The one source of time, so that tests can move it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use contract::{Timestamp, Year};

/// The system's clock plus an offset that only tests change.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    offset_ms: Arc<AtomicI64>,
}

impl Clock {
    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let millis = i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX);
        Timestamp(millis.saturating_add(self.offset_ms.load(Ordering::Relaxed)))
    }

    /// The current year in Bogotá: the year in process by default.
    #[must_use]
    pub fn current_year(&self) -> Year {
        let year = self.now().in_bogota().year();
        Year::new(year).unwrap_or_else(|| Year::new(2100).unwrap_or_else(|| unreachable!("2100 is a year in process")))
    }

    /// Moves this clock, and every clone of it, forward.
    pub fn advance_seconds(&self, seconds: i64) {
        self.offset_ms.fetch_add(seconds.saturating_mul(1000), Ordering::Relaxed);
    }
}
