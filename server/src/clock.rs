//! The one source of time, so that tests can move it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use contract::{Timestamp, Year};
use sea_orm::{ConnectionTrait, DbBackend, DbErr};

use crate::db::{Db, sql};

/// A difference between two clocks that is worth a word in the log.
const JUMP_MS: i64 = 5_000;

/// The system's clock, corrected to the database server's where several nodes share one, plus an
/// offset that only tests change.
#[derive(Clone, Debug)]
pub struct Clock {
    offset_ms: Arc<AtomicI64>,
    database_ms: Arc<AtomicI64>,
    began: (Instant, i64),
    jumped_ms: Arc<AtomicI64>,
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            offset_ms: Arc::new(AtomicI64::new(offset_for_tests())),
            database_ms: Arc::default(),
            began: (Instant::now(), system_ms()),
            jumped_ms: Arc::default(),
        }
    }
}

impl Clock {
    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let correction = self.offset_ms.load(Ordering::Relaxed) + self.database_ms.load(Ordering::Relaxed);
        Timestamp(system_ms().saturating_add(correction))
    }

    /// Takes over the time of a PostgreSQL server, so that all nodes measure leases and limits by one
    /// clock; and says in the log when this machine's own clock jumped or differs. SQLite has no other
    /// clock than the system's.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn follow(&self, db: &Db) -> Result<(), DbErr> {
        let jumped = system_ms() - self.began.1 - i64::try_from(self.began.0.elapsed().as_millis()).unwrap_or(0);
        if (jumped - self.jumped_ms.swap(jumped, Ordering::Relaxed)).abs() > JUMP_MS {
            tracing::warn!(segundos = jumped / 1000, "el reloj de esta máquina saltó; revise su sincronización (NTP)");
        }
        if db.backend() != DbBackend::Postgres {
            return Ok(());
        }
        let text = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS ahora";
        let Some(row) = db.reader().query_one_raw(sql(db.backend(), text, [])).await? else { return Ok(()) };
        let differs = row.try_get::<i64>("", "ahora")? - system_ms();
        let before = self.database_ms.swap(differs, Ordering::Relaxed);
        if (differs - before).abs() > JUMP_MS {
            tracing::warn!(segundos = differs / 1000, "el reloj de esta máquina difiere del de la base de datos");
        }
        Ok(())
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

fn system_ms() -> i64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)
}

/// `CLAVE_SEGURA_RELOJ_SEGUNDOS`: how far ahead a process begins, for tests of what happens after a
/// crash. Nothing of it exists in a release build.
fn offset_for_tests() -> i64 {
    if !cfg!(debug_assertions) {
        return 0;
    }
    let ahead = std::env::var("CLAVE_SEGURA_RELOJ_SEGUNDOS").ok().and_then(|text| text.parse::<i64>().ok());
    ahead.unwrap_or(0).saturating_mul(1000)
}
