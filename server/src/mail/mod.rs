//! Mail: messages, templates, the SMTP conversation and the demo's catcher.

pub mod catcher;
mod confirmation;
pub mod dns;
mod letter;
mod message;
mod notice;
pub mod probe;
mod single;
pub mod smtp;
mod templates;

pub use confirmation::send_confirmation;
pub use letter::{letter_values, reminder};
pub use message::{Attachment, Envelope, compose, new_message_id};
pub use notice::send_disown_notice;
pub use templates::{Rendered, Template, TemplateFault, Templates};

use smtp::SmtpFault;

/// A name as it stands in a mail's text: one line, not longer than a name can be.
#[must_use]
pub fn short_name(name: &str) -> String {
    templates::one_line(name, 120)
}

/// Why one mail could not be made or handed over.
#[derive(Debug, thiserror::Error)]
pub enum MailFault {
    /// The chamber has no complete `MASIVOS_SMTP_*`; the names of what is missing.
    #[error("mail server not configured: {}", .0.join(", "))]
    NotConfigured(Vec<String>),
    /// A template cannot be read or rendered.
    #[error(transparent)]
    Template(#[from] TemplateFault),
    /// The address or the name cannot stand in a mail's header.
    #[error("the mail cannot be addressed")]
    Address,
    /// The conversation with the server failed.
    #[error(transparent)]
    Smtp(#[from] SmtpFault),
}
