//! A delivery-status notification (RFC 3464) out of a mail's bytes, or nothing: vacation answers,
//! receipts (MDN), ordinary mail and garbage are not an error.
//!
//! Whoever writes to the mailbox can forge one. It has an effect only with the Message-ID (or the
//! token, which is its first half) of a mail of ours: 256 random bits that only the merchant's mailbox
//! and the servers on the way ever saw. The addresses that it names are never used.

use domain::bounce::{DeliveryAction, Recipient};

use super::mime::Entity;
use crate::config::BounceAddress;

/// What a notification says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// Message-IDs, with their brackets, that may be that of the mail that came back; likeliest first.
    pub message_ids: Vec<String>,
    /// The token in the address to which it came back (VERP).
    pub token: Option<String>,
    /// What became of each recipient; at least one.
    pub recipients: Vec<Recipient>,
}

/// More than any notification of one mail has.
const MAX_RECIPIENTS: usize = 50;
const MAX_IDS: usize = 20;

/// Where servers write the address to which they delivered.
const ADDRESSEES: [&str; 5] = ["delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to"];

impl Notification {
    /// Reads a mail; `None` when it is none, or too big to be one.
    #[must_use]
    pub fn read(raw: &[u8], bounces: Option<&BounceAddress>) -> Option<Self> {
        if raw.len() as u64 > super::MAX_BYTES {
            return None;
        }
        let text = String::from_utf8_lossy(raw);
        let mail = Entity::read(&text);
        let report = mail.parameter("report-type").unwrap_or_default();
        if mail.kind() != "multipart/report" || !(report.is_empty() || report.eq_ignore_ascii_case("delivery-status")) {
            return None;
        }
        let (mut recipients, mut message_ids) = (Vec::new(), Vec::new());
        for part in mail.parts() {
            match part.kind().as_str() {
                "message/delivery-status" | "message/global-delivery-status" => {
                    let status = part.decoded();
                    let groups = groups(&status);
                    recipients.extend(groups.iter().filter_map(recipient).take(MAX_RECIPIENTS));
                    // Gmail names the mail here as well.
                    message_ids.extend(groups.iter().flat_map(|group| ids(group.first("x-original-message-id"))));
                }
                "message/rfc822"
                | "text/rfc822-headers"
                | "message/rfc822-headers"
                | "message/global"
                | "message/global-headers" => {
                    let original = part.decoded();
                    message_ids.extend(ids(Entity::read(&original).first("message-id")));
                }
                _ => {}
            }
        }
        for field in ["in-reply-to", "references"] {
            message_ids.extend(ids(mail.first(field)));
        }
        message_ids.truncate(MAX_IDS);
        recipients.truncate(MAX_RECIPIENTS);
        let token = bounces.and_then(|bounces| token(&mail, bounces));
        (!recipients.is_empty()).then_some(Self { message_ids, token, recipients })
    }
}

/// Groups of fields between blank lines: the first is about the mail, each other about a recipient.
fn groups(status: &str) -> Vec<Entity<'_>> {
    let mut groups = Vec::new();
    let (mut begun, mut at) = (0, 0);
    for line in status.split_inclusive('\n') {
        at += line.len();
        if line.trim().is_empty() || at == status.len() {
            groups.extend(status.get(begun..at).map(Entity::read));
            begun = at;
            if groups.len() > MAX_RECIPIENTS * 2 {
                break;
            }
        }
    }
    groups
}

fn recipient(group: &Entity<'_>) -> Option<Recipient> {
    let action = DeliveryAction::parse(group.first("action"))?;
    Some(Recipient::new(action, group.first("status"), group.first("diagnostic-code")))
}

/// Every `<…@…>` in a field.
fn ids(field: &str) -> Vec<String> {
    let inside = field.split('<').skip(1).filter_map(|piece| piece.split_once('>').map(|(id, _)| id.trim()));
    let sound = |id: &&str| id.contains('@') && id.len() <= 250 && !id.contains(char::is_whitespace);
    inside.filter(sound).map(|id| format!("<{id}>")).take(MAX_IDS).collect()
}

fn token(mail: &Entity<'_>, bounces: &BounceAddress) -> Option<String> {
    let words = ADDRESSEES.iter().flat_map(|name| mail.all(name));
    let words = words.flat_map(|field| field.split([' ', ',', ';', '<', '>', '"', '\t']));
    words.take(200).find_map(|word| bounces.token_of(word)).map(str::to_owned)
}
