//! What a delivery-status notification (RFC 3464) means for the mail and for its address.

use crate::sending::without_addresses;

/// What became of one recipient (RFC 3464 §2.3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryAction {
    /// Given up.
    Failed,
    /// Still tried.
    Delayed,
    /// In the mailbox.
    Delivered,
    /// Handed on to a system that sends no notifications.
    Relayed,
    /// Handed on to several addresses.
    Expanded,
}

impl DeliveryAction {
    /// The field's value, whatever its case and what follows it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let word: String = text.trim_start().chars().take_while(char::is_ascii_alphabetic).collect();
        Some(match word.to_ascii_lowercase().as_str() {
            "failed" => Self::Failed,
            "delayed" => Self::Delayed,
            "delivered" => Self::Delivered,
            "relayed" => Self::Relayed,
            "expanded" => Self::Expanded,
            _ => return None,
        })
    }
}

/// `class.subject.detail` (RFC 3463).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status(pub u16, pub u16, pub u16);

impl Status {
    /// The first word of a text, when it is a status of class 2, 4 or 5.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let word = text.split(|c: char| c.is_whitespace() || c == '(' || c == '-').find(|word| !word.is_empty())?;
        let mut numbers = word.split('.').map(|number| (number.len() <= 3).then(|| number.parse().ok()).flatten());
        let status = Self(numbers.next()??, numbers.next()??, numbers.next()??);
        (numbers.next().is_none() && matches!(status.0, 2 | 4 | 5)).then_some(status)
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// What a notification says of one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// What became of it.
    pub action: DeliveryAction,
    /// Why, as exactly as the notification says it.
    pub status: Option<Status>,
    /// The server's words without addresses.
    pub diagnostic: String,
}

impl Recipient {
    /// From the fields `Status` and `Diagnostic-Code`. Exim and others write `5.0.0` whatever the
    /// cause: then the status in the server's own words says more.
    #[must_use]
    pub fn new(action: DeliveryAction, status: &str, diagnostic: &str) -> Self {
        let words = diagnostic.split_once(';').filter(|(kind, _)| !kind.contains(' ')).map_or(diagnostic, |(_, w)| w);
        let words = words.trim();
        let own = in_words(words);
        let status = match Status::parse(status) {
            Some(vague @ Status(class, 0, 0)) => own.filter(|own| own.0 == class).or(Some(vague)),
            None => own,
            exact => exact,
        };
        Self { action, status, diagnostic: without_addresses(words) }
    }

    /// As it is kept and shown: `5.1.1 550 No such user`.
    #[must_use]
    pub fn line(&self) -> String {
        let status = self.status.map(|status| status.to_string()).unwrap_or_default();
        format!("{status} {}", self.diagnostic).trim().to_owned()
    }
}

/// The status in a reply (`550 5.1.1 No such user`, `550-5.1.1 …`), or what its three digits say.
fn in_words(words: &str) -> Option<Status> {
    let mut parts = words.split([' ', '-', '\t']).filter(|part| !part.is_empty());
    let first = parts.next()?;
    let basic =
        (first.len() == 3).then(|| first.parse::<u16>().ok()).flatten().filter(|code| (400..600).contains(code));
    let enhanced = if basic.is_some() { parts.next().and_then(Status::parse) } else { Status::parse(first) };
    enhanced.or_else(|| basic.map(|code| Status(code / 100, 0, 0)))
}

/// What follows from a notification, from the mildest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ruling {
    /// The mail is still on its way, or arrived: noted, nothing more.
    Noted,
    /// The mail was given up; its address may be good all the same.
    Undelivered,
    /// The mail was given up because its address takes none: nothing more is sent to it.
    DeadAddress,
}

/// What one recipient's fate means.
#[must_use]
pub fn ruling(recipient: &Recipient) -> Ruling {
    match (recipient.action, recipient.status) {
        (DeliveryAction::Failed, Some(Status(5, subject, detail))) => permanent(subject, detail),
        // Given up after days of temporary failures: this mail is lost, tomorrow's may arrive.
        (DeliveryAction::Failed, Some(Status(4, ..))) => Ruling::Undelivered,
        _ => Ruling::Noted,
    }
}

/// RFC 3463 §3: some permanent failures say nothing against the address. A mailbox is emptied
/// (X.2.2); a message too long or in a form that is not taken (X.2.3, X.3.4, X.6.X), a time that ran
/// out (X.4.7), the sender's own address (X.1.7, X.1.8) and above all policy (X.7.X, «spam») are
/// about this mail or about us.
const fn permanent(subject: u16, detail: u16) -> Ruling {
    match (subject, detail) {
        (1, 7 | 8) | (2, 2 | 3) | (3, 4) | (4, 7) | (6 | 7, _) => Ruling::Undelivered,
        _ => Ruling::DeadAddress,
    }
}

/// What the whole notification means. A mail of ours has one recipient; several in a notification are
/// those to whom the recipient's own server passed it on. The mildest fate counts: as long as one of
/// them has it or may get it, the mail is not lost.
#[must_use]
pub fn verdict(recipients: &[Recipient]) -> Option<(&Recipient, Ruling)> {
    recipients.iter().map(|recipient| (recipient, ruling(recipient))).min_by_key(|(_, ruling)| *ruling)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ruled(action: &str, status: &str, diagnostic: &str) -> Ruling {
        ruling(&Recipient::new(DeliveryAction::parse(action).unwrap(), status, diagnostic))
    }

    #[test]
    fn only_a_mail_given_up_counts_and_only_a_dead_address_is_suppressed() {
        assert_eq!(ruled("failed", "5.1.1", ""), Ruling::DeadAddress);
        assert_eq!(ruled("Failed (given up)", "5.2.1 (disabled)", ""), Ruling::DeadAddress);
        assert_eq!(ruled("failed", "5.4.4", ""), Ruling::DeadAddress);
        for status in ["5.2.2", "5.7.1", "5.7.26", "5.2.3", "5.6.1", "5.1.8", "4.4.7", "4.2.2"] {
            assert_eq!(ruled("failed", status, ""), Ruling::Undelivered, "{status}");
        }
        for (action, status) in [("delayed", "4.4.1"), ("delivered", "2.0.0"), ("relayed", "2.0.0"), ("failed", "")] {
            assert_eq!(ruled(action, status, ""), Ruling::Noted, "{action} {status}");
        }
        assert_eq!(ruled("delayed", "5.1.1", ""), Ruling::Noted);
    }

    #[test]
    fn a_vague_status_is_read_from_the_servers_words() {
        assert_eq!(ruled("failed", "5.0.0", "smtp; 550-5.2.2 The account is over quota"), Ruling::Undelivered);
        assert_eq!(ruled("failed", "5.0.0", "smtp;550 5.1.1 unknown"), Ruling::DeadAddress);
        assert_eq!(ruled("failed", "5.0.0", "smtp; 550 unknown user"), Ruling::DeadAddress);
        assert_eq!(ruled("failed", "", "smtp; 552 5.2.2 full"), Ruling::Undelivered);
        // The words never turn an exact status round.
        assert_eq!(ruled("failed", "5.2.2", "smtp; 550 5.1.1 unknown"), Ruling::Undelivered);
        assert_eq!(ruled("failed", "5.0.0", "smtp; 450 4.2.1 later"), Ruling::DeadAddress);
    }

    #[test]
    fn the_mildest_fate_counts_and_no_address_is_kept() {
        let of = |action, status| Recipient::new(action, status, "smtp; 550 <ana@correo.com.co>: no");
        let (failed, delivered) = (of(DeliveryAction::Failed, "5.1.1"), of(DeliveryAction::Delivered, "2.0.0"));
        let full = of(DeliveryAction::Failed, "5.2.2");
        assert_eq!(verdict(&[failed.clone(), delivered]).unwrap().1, Ruling::Noted);
        assert_eq!(verdict(&[failed.clone(), full.clone()]), Some((&full, Ruling::Undelivered)));
        assert_eq!(verdict(&[]), None);
        assert_eq!(failed.line(), "5.1.1 550 ‹dirección› no");
    }
}
