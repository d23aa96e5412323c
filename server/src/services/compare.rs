//! The slow comparison, off the async threads and a few at a time.

use contract::ServiceResult;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::secrets::{dummy_hash, verify_password};
use crate::services::fault::unexpected;

/// Each comparison takes 19 MiB: a flood of requests waits here instead of taking the memory.
static AT_ONCE: Semaphore = Semaphore::const_new(8);

/// Compares a password with each hash, always with as many as there are places. A missing hash is
/// replaced by one of nobody's password, so that the work is the same whoever asks.
pub(crate) async fn compare(hashes: Vec<Option<String>>, password: Zeroizing<String>) -> ServiceResult<Vec<bool>> {
    let permit = AT_ONCE.acquire().await.map_err(unexpected)?;
    tokio::task::spawn_blocking(move || {
        // Held until the work ends, not until a caller who hung up is gone.
        let _permit = permit;
        let nobody = dummy_hash();
        let matches = |hash: &Option<String>| {
            let same = verify_password(hash.as_deref().unwrap_or(nobody), password.as_bytes());
            same && hash.is_some()
        };
        hashes.iter().map(matches).collect()
    })
    .await
    .map_err(unexpected)
}
