//! Notifications in files: a folder of `.eml` files, or a Maildir.
//!
//! From a plain folder everything that was read is moved: to `procesados/`, or to `otros/` when it is
//! no notification of a mail of ours, so that nothing is read for ever in vain. A Maildir has its own
//! way: from `new/` to `cur/`, with the S flag (seen) when done with, without it when a person may
//! want to read it.

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use tokio::fs;
use tokio::io::AsyncReadExt;

use super::{Handling, Letter, MAX_BYTES, MailboxFault, Place};

/// A folder open for reading.
pub struct Folder {
    root: PathBuf,
    maildir: bool,
    waiting: VecDeque<PathBuf>,
}

impl Folder {
    pub(super) async fn open(root: &Path) -> Result<Self, MailboxFault> {
        let maildir = fs::metadata(root.join("new")).await.is_ok_and(|found| found.is_dir());
        let from = if maildir { root.join("new") } else { root.to_owned() };
        let mut files = Vec::new();
        let mut listing = fs::read_dir(&from).await.map_err(|error| fault(&from, &error))?;
        while let Some(entry) = listing.next_entry().await.map_err(|error| fault(&from, &error))? {
            let path = entry.path();
            let named = maildir || path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("eml"));
            // Links are not followed: only files that lie here are read and moved.
            if named && entry.file_type().await.is_ok_and(|kind| kind.is_file()) {
                files.push(path);
            }
        }
        files.sort();
        Ok(Self { root: root.to_owned(), maildir, waiting: files.into() })
    }

    pub(super) async fn next(&mut self) -> Result<Option<Letter>, MailboxFault> {
        while let Some(path) = self.waiting.pop_front() {
            let file = match fs::File::open(&path).await {
                Ok(file) => file,
                // Another process was quicker.
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                Err(error) => return Err(fault(&path, &error)),
            };
            let mut raw = Vec::new();
            file.take(MAX_BYTES + 1).read_to_end(&mut raw).await.map_err(|error| fault(&path, &error))?;
            let raw = (raw.len() as u64 <= MAX_BYTES).then_some(raw);
            return Ok(Some(Letter { raw, place: Place::File(path) }));
        }
        Ok(None)
    }

    pub(super) async fn mark(&self, path: &Path, handling: Handling) -> Result<(), MailboxFault> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let (folder, name) = match (self.maildir, handling) {
            (true, Handling::Done) => ("cur", format!("{}:2,S", base(&name))),
            (true, Handling::NotOurs) => ("cur", format!("{}:2,", base(&name))),
            (false, Handling::Done) => ("procesados", name),
            (false, Handling::NotOurs) => ("otros", name),
        };
        let folder = self.root.join(folder);
        fs::create_dir_all(&folder).await.map_err(|error| fault(&folder, &error))?;
        let mut to = folder.join(&name);
        // A rename would replace a file of that name without a word.
        if fs::try_exists(&to).await.unwrap_or(true) {
            to = folder.join(format!("{}-{name}", crate::secrets::random_token()));
        }
        match fs::rename(path, &to).await {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(fault(&folder, &error)),
            _ => Ok(()),
        }
    }
}

/// A Maildir name without its flags.
fn base(name: &str) -> &str {
    name.split_once(":2,").map_or(name, |(base, _)| base)
}

fn fault(path: &Path, error: &std::io::Error) -> MailboxFault {
    tracing::warn!(path = %path.display(), %error, "bounces: folder");
    MailboxFault::Folder
}
