//! What can go wrong, as codes with parameters. One table (`app::text`) turns them into Spanish;
//! no code is ever matched by its text.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::Timestamp;

/// What a service answers.
pub type ServiceResult<T> = Result<T, ServiceError>;

/// Every refusal a user can meet. The `Display` form is for the log, not for people, and carries
/// no personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum ServiceError {
    /// No session, or it ran out.
    #[error("no session")]
    NoSession,
    /// The role does not allow this.
    #[error("role does not allow this")]
    Forbidden,
    /// The password must be typed again (not confirmed in the last 5 minutes).
    #[error("password must be confirmed again")]
    ConfirmPassword,
    /// Wrong user or password.
    #[error("wrong user or password")]
    WrongLogin,
    /// Too many wrong passwords; when to try again.
    #[error("too many tries")]
    TooManyTries {
        /// When the next try is allowed.
        retry_at: Timestamp,
    },
    /// The same is under way already, or was done a moment ago.
    #[error("too soon")]
    TooSoon {
        /// When it may be asked for again.
        retry_at: Timestamp,
    },
    /// The thing asked for is not there (or belongs to another chamber).
    #[error("not found")]
    NotFound,
    /// A field is missing or wrong.
    #[error("invalid field {field:?}")]
    Invalid {
        /// Which field, for the page to mark.
        field: Field,
    },
    /// The registry extract cannot be read at all.
    #[error("unreadable extract: {fault:?}")]
    Extract {
        /// What is wrong with the file.
        fault: ExtractFault,
    },
    /// Nothing was ever synchronised for this chamber.
    #[error("no registry data")]
    NoRegistryData,
    /// The registry data are older than 36 hours and no reason was given.
    #[error("stale registry data")]
    StaleRegistry {
        /// Hours since the last successful synchronisation.
        hours: i64,
    },
    /// Parameters of the chamber's CommonXX that are missing or wrong.
    #[error("configuration incomplete: {missing:?}")]
    Configuration {
        /// The variables' names.
        missing: Vec<String>,
    },
    /// The chamber's signing certificate is over: nothing can be signed.
    #[error("signing certificate expired")]
    CertificateExpired {
        /// When it ended.
        on: Timestamp,
    },
    /// There is nothing pending to send.
    #[error("nothing pending")]
    NothingPending,
    /// The state of the row changed in the meantime and no longer allows this.
    #[error("state changed")]
    StateChanged,
    /// The SMS could not be handed over; the transaction stays.
    #[error("SMS not sent")]
    SmsFailed,
    /// The chamber's daily SMS budget is spent.
    #[error("SMS budget spent")]
    SmsBudget,
    /// The database's disk is full; nothing was changed.
    #[error("disk full")]
    DiskFull,
    /// Something unexpected; the log has its cause under this reference.
    #[error("unexpected, reference {reference}")]
    Unexpected {
        /// The reference shown to the user.
        reference: String,
    },
}

/// Fields that a page can mark as wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Four-digit year in process.
    Year,
    /// The year typed to confirm a deletion does not match.
    YearConfirmation,
    /// The single field of «Enviar»: an e-mail or a number from 1 to 500.
    SendTarget,
    /// A mandatory reason.
    Reason,
    /// A file to upload.
    File,
    /// A user name.
    UserName,
    /// A password too short or too long.
    NewPassword,
    /// An e-mail address.
    Email,
    /// A merchant's identification.
    Identification,
    /// A Colombian mobile.
    Mobile,
}

/// Why an extract was refused as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum ExtractFault {
    /// The file has no bytes, or nothing but blanks.
    Empty,
    /// There is a header but no row below it.
    NoRows,
    /// Columns without which the registry cannot be read.
    MissingColumns {
        /// Their names.
        columns: Vec<String>,
    },
    /// A column stands twice in the header.
    DuplicateColumn {
        /// Its name.
        column: String,
    },
    /// The delimiter could not be recognised.
    UnknownDelimiter,
    /// The header cannot be decoded as the encoding named.
    UndecodableHeader,
    /// Rows were unreadable, so that nothing was changed (all or nothing).
    RejectedRows {
        /// How many.
        rejected: u64,
    },
    /// The file ended or the connection broke before its end.
    Interrupted,
}
