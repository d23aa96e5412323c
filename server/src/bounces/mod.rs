//! Mails that came back: where they lie (a folder, a mailbox on a server) and what they say.

mod folder;
mod imap;
mod mime;
mod notification;

pub use notification::Notification;

use std::path::PathBuf;

use crate::config::BounceSource;
use folder::Folder;
use imap::Imap;

/// The biggest mail read. A notification holds at most the mail that came back, and ours are smaller.
pub const MAX_BYTES: u64 = 2 * 1024 * 1024;

/// One mail, as it lies there.
pub struct Letter {
    /// Its bytes; `None` when it is too big to be a notification of ours.
    pub raw: Option<Vec<u8>>,
    place: Place,
}

/// Where it lies.
enum Place {
    File(PathBuf),
    Uid(u32),
}

/// What is done with a mail that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handling {
    /// A notification of a mail of ours: done with.
    Done,
    /// Anything else: a person may want to read it, we not again.
    NotOurs,
}

/// Why notifications cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailboxFault {
    /// The folder cannot be read, or what lies in it not be moved.
    #[error("carpeta")]
    Folder,
    /// The server cannot be reached, or broke off.
    #[error("conexion")]
    Unreachable,
    /// No TLS, or a certificate that is not trusted.
    #[error("tls")]
    Tls,
    /// Account or password refused.
    #[error("cuenta")]
    Login,
    /// No such mailbox there.
    #[error("buzon")]
    NoMailbox,
    /// It takes too long to answer.
    #[error("demora")]
    Slow,
}

/// A place with notifications, open for reading.
pub enum Mailbox {
    /// Files.
    Folder(Folder),
    /// A server.
    Imap(Box<Imap>),
}

impl Mailbox {
    /// Opens it and looks which mails are new.
    ///
    /// # Errors
    /// When it cannot be reached, opened or listed.
    pub async fn open(source: &BounceSource) -> Result<Self, MailboxFault> {
        Ok(match source {
            BounceSource::Folder(path) => Self::Folder(Folder::open(path).await?),
            BounceSource::Imap(account) => Self::Imap(Box::new(Imap::open(account).await?)),
        })
    }

    /// The next mail; `None` when all were read.
    ///
    /// # Errors
    /// When the place no longer answers.
    pub async fn next(&mut self) -> Result<Option<Letter>, MailboxFault> {
        match self {
            Self::Folder(folder) => folder.next().await,
            Self::Imap(imap) => imap.next().await,
        }
    }

    /// Leaves a mark, so that the mail is not read again.
    ///
    /// # Errors
    /// When the place no longer answers.
    pub async fn mark(&mut self, letter: Letter, handling: Handling) -> Result<(), MailboxFault> {
        match (self, letter.place) {
            (Self::Folder(folder), Place::File(path)) => folder.mark(&path, handling).await,
            (Self::Imap(imap), Place::Uid(uid)) => imap.mark(uid, handling).await,
            _ => Ok(()),
        }
    }

    /// Says good-bye; how it is answered matters to nobody.
    pub async fn close(self) {
        if let Self::Imap(imap) = self {
            imap.close().await;
        }
    }
}
