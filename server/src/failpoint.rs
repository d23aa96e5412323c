//! Points at which a test may stop the process for good, to see what a crash leaves behind. Nothing of
//! it exists in a release build.

/// Stops here for ever when `CLAVE_SEGURA_PUNTO` names this point, once it was reached as often as the
/// number after the colon says (`marca.despues:3`; 1 when there is none). It is then said on standard
/// error, so that whoever watches can kill the process exactly here.
#[cfg(debug_assertions)]
pub async fn reach(point: &str) {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::{LazyLock, Mutex};

    static ASKED: LazyLock<Option<(String, u32)>> = LazyLock::new(|| {
        let text = std::env::var("CLAVE_SEGURA_PUNTO").ok()?;
        let (point, times) = text.split_once(':').unwrap_or((&text, "1"));
        Some((point.to_owned(), times.parse().ok()?))
    });
    static REACHED: AtomicU32 = AtomicU32::new(0);
    static SAID: Mutex<()> = Mutex::new(());

    let Some((_, times)) = ASKED.as_ref().filter(|(asked, _)| asked == point) else { return };
    if REACHED.fetch_add(1, Ordering::SeqCst) + 1 < *times {
        return;
    }
    {
        use std::io::Write;
        let _one = SAID.lock();
        let _ = writeln!(std::io::stderr(), "PUNTO {point}");
    }
    std::future::pending::<()>().await;
}

/// Nothing.
#[cfg(not(debug_assertions))]
#[inline(always)]
pub async fn reach(_point: &str) {}
