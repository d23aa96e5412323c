//! A request to sign a document: right credentials, a PIN by SMS, one signed record. Whoever keeps it
//! hands in the time and whether a typed PIN is the one sent; what becomes of it is said here.

use contract::Timestamp;

use crate::pin::{IssuedPin, PinCheck, PinPolicy};

/// The chamber's figures for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignaturePolicy {
    /// The PIN's.
    pub pin: PinPolicy,
    /// Seconds a request lives from its beginning or its last PIN.
    pub lifetime: i64,
}

/// A request with its history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Where it stands.
    pub state: State,
    /// What happened to its PINs, oldest first: part of the evidence.
    pub events: Vec<Event>,
}

/// Where a request stands. Each state owns what only it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// A PIN is under way.
    Pending(Pending),
    /// Confirmed; there is a record.
    Signed(Signed),
    /// Given up by the system that asked.
    Abandoned,
}

/// A request that waits for its PIN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The last PIN.
    pub pin: IssuedPin,
    /// PINs asked for after the first.
    pub resends: i64,
    /// When the request's time runs out.
    pub expires: Timestamp,
}

/// A confirmed request. The PIN's digest stays for a while, so that a confirmation that is sent
/// again, because its answer was lost, finds its record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// When.
    pub at: Timestamp,
    /// The PIN that did it.
    pub pin: IssuedPin,
}

/// One thing that happened to a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: EventKind,
}

/// What can happen to a PIN. SMS are named by their row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// The provider took the SMS.
    Sent {
        /// The SMS.
        sms: i64,
    },
    /// The provider did not answer: it may be on its way.
    Uncertain {
        /// The SMS.
        sms: i64,
    },
    /// The provider did not take it.
    NotSent {
        /// The SMS.
        sms: i64,
    },
    /// A wrong one was typed.
    Wrong,
    /// The right one was typed.
    Confirmed,
}

/// What a typed PIN comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmation {
    /// This one signs: the record is to be made now.
    Signs,
    /// It signed before: the same record again.
    Again,
    /// It is not the one sent; so many more wrong ones void it.
    Wrong {
        /// At least 1.
        remaining: u8,
    },
    /// The PIN is void, by this try or an earlier one.
    Voided,
    /// The PIN's time ran out.
    PinExpired,
    /// The request's time ran out.
    Over,
    /// It was signed before, and its PIN is no longer looked at.
    AlreadySigned,
    /// It was abandoned.
    Abandoned,
}

/// Why no other PIN goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResendRefusal {
    /// Not before then.
    TooSoon {
        /// From when.
        from: Timestamp,
    },
    /// The request has had all its PINs.
    Exhausted,
    /// The request's time ran out.
    Over,
    /// It was signed before.
    AlreadySigned,
    /// It was abandoned.
    Abandoned,
}

/// How a request looks from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It waits for its PIN.
    Waiting,
    /// Its PIN is void; another may be asked for.
    Voided,
    /// Its time ran out.
    Over,
    /// There is a record.
    Signed,
    /// Given up.
    Abandoned,
}

impl Signature {
    /// Right credentials: the first PIN, known by its digest, is about to be sent.
    #[must_use]
    pub fn begin(mac: String, policy: &SignaturePolicy, now: Timestamp) -> Self {
        let pending = Pending { pin: issued(mac, policy, now), resends: 0, expires: now.plus_seconds(policy.lifetime) };
        Self { state: State::Pending(pending), events: Vec::new() }
    }

    /// The digest with which a typed PIN is to be compared; `None` when none is worth anything.
    #[must_use]
    pub fn pin_mac(&self) -> Option<&str> {
        match &self.state {
            State::Pending(pending) => pending.pin.mac.as_deref(),
            State::Signed(signed) => signed.pin.mac.as_deref(),
            State::Abandoned => None,
        }
    }

    /// How it looks from outside.
    #[must_use]
    pub fn standing(&self, now: Timestamp) -> Standing {
        match &self.state {
            State::Signed(_) => Standing::Signed,
            State::Abandoned => Standing::Abandoned,
            State::Pending(pending) if now >= pending.expires => Standing::Over,
            State::Pending(pending) if pending.pin.mac.is_none() => Standing::Voided,
            State::Pending(_) => Standing::Waiting,
        }
    }

    /// What the SMS of the PIN with this digest came to. After anything but [`EventKind::Sent`] another
    /// may be asked for at once. A PIN that was replaced or used meanwhile is left as it is.
    pub fn delivered(&mut self, mac: &str, outcome: EventKind, now: Timestamp) {
        let State::Pending(pending) = &mut self.state else { return };
        self.events.push(Event { at: now, kind: outcome });
        let sent = matches!(outcome, EventKind::Sent { .. });
        if !sent && pending.pin.mac.as_deref() == Some(mac) {
            pending.pin.sent_at = None;
        }
    }

    /// A PIN was typed; `matches` says whether its digest is [`Signature::pin_mac`].
    pub fn confirm(&mut self, matches: bool, policy: &SignaturePolicy, now: Timestamp) -> Confirmation {
        match &mut self.state {
            State::Abandoned => Confirmation::Abandoned,
            State::Signed(signed) => again(&mut signed.pin, matches, policy),
            State::Pending(pending) if now >= pending.expires => Confirmation::Over,
            State::Pending(pending) => match pending.pin.check(matches, &policy.pin, now) {
                PinCheck::Expired => Confirmation::PinExpired,
                PinCheck::Correct => {
                    self.events.push(Event { at: now, kind: EventKind::Confirmed });
                    self.state = State::Signed(Signed { at: now, pin: pending.pin.clone() });
                    Confirmation::Signs
                }
                PinCheck::Wrong { remaining } => {
                    pending.pin.failures += 1;
                    self.events.push(Event { at: now, kind: EventKind::Wrong });
                    Confirmation::Wrong { remaining }
                }
                PinCheck::Voided => {
                    if pending.pin.mac.take().is_some() {
                        pending.pin.failures += 1;
                        self.events.push(Event { at: now, kind: EventKind::Wrong });
                    }
                    Confirmation::Voided
                }
            },
        }
    }

    /// Another PIN takes the place of the last one.
    ///
    /// # Errors
    /// When none may be sent now; nothing is changed then.
    pub fn resend(&mut self, mac: String, policy: &SignaturePolicy, now: Timestamp) -> Result<(), ResendRefusal> {
        let pending = match &mut self.state {
            State::Abandoned => return Err(ResendRefusal::Abandoned),
            State::Signed(_) => return Err(ResendRefusal::AlreadySigned),
            State::Pending(pending) if now >= pending.expires => return Err(ResendRefusal::Over),
            State::Pending(pending) => pending,
        };
        match pending.resend_from(policy) {
            None => return Err(ResendRefusal::Exhausted),
            Some(from) if now < from => return Err(ResendRefusal::TooSoon { from }),
            Some(_) => {}
        }
        // A PIN that never left does not count as one of the request's.
        pending.resends += i64::from(pending.pin.sent_at.is_some());
        pending.pin = issued(mac, policy, now);
        pending.expires = now.plus_seconds(policy.lifetime);
        Ok(())
    }

    /// Gives it up; says whether it could be.
    pub fn abandon(&mut self) -> bool {
        if matches!(self.state, State::Signed(_)) {
            return false;
        }
        self.state = State::Abandoned;
        true
    }
}

impl Pending {
    /// From when another PIN may be asked for; `None` when no more are allowed. After a failed
    /// delivery that is at once.
    #[must_use]
    pub fn resend_from(&self, policy: &SignaturePolicy) -> Option<Timestamp> {
        let waited = self.pin.sent_at.map_or(Timestamp(0), |at| at.plus_seconds(policy.pin.resend_after));
        (self.resends < policy.pin.resends || self.pin.sent_at.is_none()).then_some(waited)
    }
}

fn issued(mac: String, policy: &SignaturePolicy, now: Timestamp) -> IssuedPin {
    IssuedPin { mac: Some(mac), expires: now.plus_seconds(policy.pin.lifetime), failures: 0, sent_at: Some(now) }
}

/// A PIN typed for a request already signed: its time is no matter any more, but guesses still count.
fn again(pin: &mut IssuedPin, matches: bool, policy: &SignaturePolicy) -> Confirmation {
    if pin.mac.is_none() {
        return Confirmation::AlreadySigned;
    }
    if matches {
        return Confirmation::Again;
    }
    pin.failures += 1;
    match policy.pin.tries - pin.failures {
        remaining if remaining > 0 => Confirmation::Wrong { remaining: u8::try_from(remaining).unwrap_or(u8::MAX) },
        _ => {
            pin.mac = None;
            Confirmation::AlreadySigned
        }
    }
}

#[cfg(test)]
mod tests;
