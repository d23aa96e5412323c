//! What a mail server's reply means for the row and for the batch.

/// Where in the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Connection and greeting.
    Greeting,
    /// AUTH.
    Auth,
    /// MAIL FROM.
    MailFrom,
    /// RCPT TO.
    RcptTo,
    /// DATA, up to its 354.
    Data,
    /// The body and its dot.
    Body,
}

/// A reply: its code, its enhanced status when it has one (RFC 3463), its words without addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Three digits.
    pub code: u16,
    /// For instance `5.7.1`.
    pub enhanced: Option<(u16, u16, u16)>,
    /// Its words, without addresses, at most 300 letters.
    pub text: String,
}

impl Reply {
    /// Reads a reply's words.
    #[must_use]
    pub fn new(code: u16, text: &str) -> Self {
        Self { code, enhanced: enhanced(text), text: without_addresses(text) }
    }

    /// As it is kept and shown: `550 5.1.1 No such user`.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {}", self.code, self.text).trim_end().to_owned()
    }
}

fn enhanced(text: &str) -> Option<(u16, u16, u16)> {
    let mut parts = text.split_whitespace().next()?.split('.').map(|part| part.parse::<u16>().ok());
    let status = (parts.next()??, parts.next()??, parts.next()??);
    (parts.next().is_none() && matches!(status.0, 2 | 4 | 5)).then_some(status)
}

/// The words of a reply without anything that could be an address.
#[must_use]
pub fn without_addresses(text: &str) -> String {
    let words = text.split_whitespace().map(|word| if word.contains('@') { "‹dirección›" } else { word });
    words.collect::<Vec<_>>().join(" ").chars().filter(|c| !c.is_control()).take(300).collect()
}

/// Whom a refusal concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyClass {
    /// The server asks to wait: the whole batch pauses.
    Throttled,
    /// Account or password: the batch stops.
    Authentication,
    /// The sender or the account is refused for good: the batch stops.
    Account,
    /// This recipient, for now.
    Deferred,
    /// This recipient, for good.
    Refused,
}

/// Sorts a negative reply (4xx or 5xx).
#[must_use]
pub fn classify(phase: Phase, reply: &Reply) -> ReplyClass {
    let permanent = reply.code >= 500;
    match (reply.code, reply.enhanced) {
        (421 | 452 | 454, _) | (450, Some((_, 2, 1))) => ReplyClass::Throttled,
        (530 | 534 | 535, _) => ReplyClass::Authentication,
        (_, Some((5, 4, 5) | (5, 7, _))) if permanent && phase != Phase::Auth => ReplyClass::Account,
        _ if phase == Phase::Auth && permanent => ReplyClass::Authentication,
        _ if matches!(phase, Phase::Greeting | Phase::Auth) && !permanent => ReplyClass::Throttled,
        _ if matches!(phase, Phase::Greeting | Phase::MailFrom) && permanent => ReplyClass::Account,
        _ if permanent => ReplyClass::Refused,
        _ => ReplyClass::Deferred,
    }
}

/// Whether a refusal says that the address itself is of no use, so that nothing more is sent to it:
/// bad mailbox or system address (5.1.x) or mailbox disabled (5.2.1), RFC 3463 §3.2 and §3.3.
#[must_use]
pub const fn condemns_address(reply: &Reply) -> bool {
    matches!(reply.enhanced, Some((5, 1, _) | (5, 2, 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_are_sorted_as_designed() {
        let class = |phase, code, text: &str| classify(phase, &Reply::new(code, text));
        assert_eq!(class(Phase::Greeting, 421, "busy"), ReplyClass::Throttled);
        assert_eq!(class(Phase::Body, 421, "closing"), ReplyClass::Throttled);
        assert_eq!(class(Phase::RcptTo, 450, "4.2.1 too fast"), ReplyClass::Throttled);
        assert_eq!(class(Phase::RcptTo, 450, "4.2.0 greylisted"), ReplyClass::Deferred);
        assert_eq!(class(Phase::RcptTo, 451, "later"), ReplyClass::Deferred);
        assert_eq!(class(Phase::RcptTo, 452, "4.5.3 too many"), ReplyClass::Throttled);
        assert_eq!(class(Phase::Auth, 535, "5.7.8 bad"), ReplyClass::Authentication);
        assert_eq!(class(Phase::Auth, 550, "no"), ReplyClass::Authentication);
        assert_eq!(class(Phase::MailFrom, 530, "5.7.0 first"), ReplyClass::Authentication);
        assert_eq!(class(Phase::MailFrom, 550, "sender no"), ReplyClass::Account);
        assert_eq!(class(Phase::RcptTo, 550, "5.4.5 daily limit"), ReplyClass::Account);
        assert_eq!(class(Phase::Body, 550, "5.7.1 spam"), ReplyClass::Account);
        assert_eq!(class(Phase::RcptTo, 550, "5.1.1 no such user"), ReplyClass::Refused);
        assert_eq!(class(Phase::RcptTo, 550, "5.2.1 disabled"), ReplyClass::Refused);
        assert_eq!(class(Phase::Body, 554, "no"), ReplyClass::Refused);
        assert_eq!(class(Phase::Greeting, 554, "no"), ReplyClass::Account);
    }

    #[test]
    fn only_a_refusal_of_the_address_itself_condemns_it() {
        for (text, condemned) in [("5.1.1 no", true), ("5.1.10 no", true), ("5.2.1 off", true), ("5.2.2 full", false)] {
            assert_eq!(condemns_address(&Reply::new(550, text)), condemned, "{text}");
        }
        assert!(!condemns_address(&Reply::new(550, "no such user")), "words are no status");
    }

    #[test]
    fn a_reply_is_kept_without_addresses() {
        let reply = Reply::new(550, "5.1.1 <ana@correo.co>: Recipient\r\n address rejected");
        assert_eq!(reply.enhanced, Some((5, 1, 1)));
        assert_eq!(reply.line(), "550 5.1.1 ‹dirección› Recipient address rejected");
    }
}
