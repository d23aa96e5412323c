//! One synchronisation, from the first byte to its record.

use contract::error::ExtractFault;
use contract::registry::{Reject, SyncCounts};
use contract::staff::Permission;
use contract::{ServiceError, ServiceResult};
use tokio::io::AsyncRead;

use super::columns::Header;
use super::digest::Digesting;
use super::encoding::Encoding;
use super::reader::{ExtractReader, ExtractRow};
use super::run::{Ending, MAX_STORED_REJECTS, Run};
use super::staging::ROWS_PER_WRITE;
use crate::clock::Clock;
use crate::db::Db;
use crate::services::actor::Actor;

/// A file to synchronise from.
pub struct Source<R> {
    /// Its name as it was given; folders are cut away.
    pub file_name: String,
    /// Its bytes.
    pub reader: R,
    /// The encoding, when it is named.
    pub encoding: Option<Encoding>,
    /// The delimiter, when it is named.
    pub delimiter: Option<u8>,
    /// Whether readable rows count although others are not (`--parcial`).
    pub partial: bool,
}

/// What a synchronisation that changed the registry did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyncOutcome {
    /// Its number.
    pub sync_id: i64,
    /// Its figures: `leidas` is the sum of the others.
    pub counts: SyncCounts,
}

/// Reads the whole file into the staging area, then merges it in one transaction. All or nothing,
/// unless `partial`. Each unreadable row is handed to `on_reject` as it is met.
///
/// # Errors
/// [`ServiceError::Extract`] when the file is refused: nothing was changed and the run is recorded
/// with its rejected rows. [`ServiceError::Forbidden`] without [`Permission::Operate`].
pub async fn synchronise<R: AsyncRead + Unpin + Send>(
    db: &Db,
    clock: &Clock,
    actor: &Actor,
    source: Source<R>,
    on_reject: &mut (dyn FnMut(&Reject) + Send),
) -> ServiceResult<SyncOutcome> {
    actor.require(Permission::Operate)?;
    let partial = source.partial;
    let mut run = Run::begin(db, clock, actor, &source.file_name).await?;
    let header = match load(&mut run, source, on_reject).await {
        Ok(header) => header,
        Err(ServiceError::Extract { fault }) => return Err(refuse(run, fault).await),
        Err(other) => {
            run.close(Ending::Broken).await?;
            return Err(other);
        }
    };
    let rejected = run.counts.rechazadas;
    if run.counts.leidas == 0 {
        return Err(refuse(run, ExtractFault::NoRows).await);
    }
    if rejected > 0 && (!partial || rejected == run.counts.leidas) {
        return Err(refuse(run, ExtractFault::RejectedRows { rejected }).await);
    }
    run.merge(&header).await
}

/// Reads everything. Once a row was rejected that refuses the run, the rest is only examined.
async fn load<R: AsyncRead + Unpin + Send>(
    run: &mut Run,
    source: Source<R>,
    on_reject: &mut (dyn FnMut(&Reject) + Send),
) -> ServiceResult<Header> {
    let unreadable = |fault| ServiceError::Extract { fault };
    let (reader, digest) = Digesting::new(source.reader);
    let mut extract = ExtractReader::open(reader, source.encoding, source.delimiter).await.map_err(unreadable)?;
    let mut rows: Vec<ExtractRow> = Vec::with_capacity(ROWS_PER_WRITE);
    while let Some(result) = extract.next().await.map_err(unreadable)? {
        run.counts.leidas += 1;
        match result {
            Ok(row) if source.partial || run.counts.rechazadas == 0 => rows.push(row),
            Ok(_) => {}
            Err(reject) => {
                run.counts.rechazadas += 1;
                on_reject(&reject);
                if run.rejects.len() < MAX_STORED_REJECTS {
                    run.rejects.push(reject);
                }
            }
        }
        if rows.len() == ROWS_PER_WRITE {
            run.stage(&mut rows).await?;
        }
    }
    run.stage(&mut rows).await?;
    run.sha256 = Some(digest.hex());
    Ok(extract.header().clone())
}

/// Records the refusal and says why.
async fn refuse(run: Run, fault: ExtractFault) -> ServiceError {
    let ending = if fault == ExtractFault::Interrupted { Ending::Broken } else { Ending::Refused };
    match run.close(ending).await {
        Ok(()) => ServiceError::Extract { fault },
        Err(error) => error,
    }
}
