//! Reading bounces: every new mail of the chamber's folder or mailbox, each applied on its own.

mod apply;

use contract::ChamberCode;
use sea_orm::DbErr;
use serde::Serialize;

pub use apply::{Applied, apply};

use crate::bounces::{Handling, Mailbox, MailboxFault};
use crate::clock::Clock;
use crate::config::{BounceSource, Chamber};
use crate::db::Db;

/// What one reading found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BounceReport {
    /// Mails read.
    pub leidos: u64,
    /// Mails of ours that are now known to have come back.
    pub rebotados: u64,
    /// Their addresses that get nothing more.
    pub suprimidos: u64,
    /// Notifications that change nothing: still tried, delivered, or settled by the merchant.
    pub sin_efecto: u64,
    /// Notifications read before.
    pub repetidos: u64,
    /// Notifications of mails that are none of this chamber's.
    pub sin_correspondencia: u64,
    /// Mails that are no notifications.
    pub otros: u64,
}

impl BounceReport {
    fn count(&mut self, applied: &Applied) {
        self.leidos += 1;
        match applied {
            Applied::Bounced { suppressed } => {
                self.rebotados += 1;
                self.suprimidos += u64::from(*suppressed);
            }
            Applied::Noted => self.sin_efecto += 1,
            Applied::Repeated => self.repetidos += 1,
            Applied::Unmatched => self.sin_correspondencia += 1,
            Applied::NoNotification => self.otros += 1,
        }
    }
}

/// Why a reading ended early. What was read before stands.
#[derive(Debug, thiserror::Error)]
pub enum BounceFault {
    /// The folder or the mailbox.
    #[error("{0}")]
    Mailbox(#[from] MailboxFault),
    /// The database.
    #[error("base_de_datos")]
    Database(#[from] DbErr),
}

/// Reads what is new there and applies it, for one chamber.
pub struct BounceDesk<'a> {
    /// The database.
    pub db: &'a Db,
    /// The time.
    pub clock: &'a Clock,
    /// The chamber: only its rows are ever touched.
    pub chamber: &'a Chamber,
    /// Who reads, for the trail.
    pub actor: &'a str,
}

impl BounceDesk<'_> {
    /// Reads once.
    ///
    /// # Errors
    /// When the place or the database fails; a mail is marked only after what it says is written.
    pub async fn read(&self, source: &BounceSource) -> Result<BounceReport, BounceFault> {
        let mut mailbox = Mailbox::open(source).await?;
        let read = self.read_all(&mut mailbox).await;
        mailbox.close().await;
        read
    }

    async fn read_all(&self, mailbox: &mut Mailbox) -> Result<BounceReport, BounceFault> {
        let mut report = BounceReport::default();
        while let Some(letter) = mailbox.next().await? {
            let applied = match &letter.raw {
                Some(raw) => apply(self, raw).await?,
                None => Applied::NoNotification,
            };
            report.count(&applied);
            let handling = match applied {
                Applied::Bounced { .. } | Applied::Noted | Applied::Repeated => Handling::Done,
                Applied::Unmatched | Applied::NoNotification => Handling::NotOurs,
            };
            mailbox.mark(letter, handling).await?;
        }
        Ok(report)
    }

    const fn camara(&self) -> ChamberCode {
        self.chamber.code
    }
}
