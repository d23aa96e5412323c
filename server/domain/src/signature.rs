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
mod tests {
    use super::*;
    use proptest::prelude::*;

    const POLICY: SignaturePolicy =
        SignaturePolicy { pin: PinPolicy { lifetime: 600, tries: 3, resend_after: 60, resends: 3 }, lifetime: 1200 };

    #[derive(Clone, Copy, Debug)]
    enum Step {
        Wait(i64),
        Right,
        Wrong,
        Resend,
        Delivered(EventKind),
        Abandon,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            2 => (0_i64..900).prop_map(Step::Wait),
            1 => Just(Step::Right),
            3 => Just(Step::Wrong),
            2 => Just(Step::Resend),
            1 => prop_oneof![
                Just(EventKind::Sent { sms: 1 }),
                Just(EventKind::Uncertain { sms: 1 }),
                Just(EventKind::NotSent { sms: 1 }),
            ]
            .prop_map(Step::Delivered),
            1 => Just(Step::Abandon),
        ]
    }

    proptest! {
        #[test]
        fn whatever_happens_only_the_living_pin_signs_and_only_once(steps in prop::collection::vec(step(), 1..60)) {
            let (mut now, mut pins) = (Timestamp(1_000_000), 0);
            let mut request = Signature::begin(pins.to_string(), &POLICY, now);
            let (mut signed, mut wrong_of_pin, mut alive_until, mut sent, mut abandoned) =
                (0, 0, now.plus_seconds(600), 1, false);
            for step in steps {
                let before = request.clone();
                match step {
                    Step::Wait(seconds) => now = now.plus_seconds(seconds),
                    Step::Abandon => {
                        let could = request.abandon();
                        prop_assert_eq!(could, signed == 0);
                        abandoned |= could;
                    }
                    Step::Delivered(outcome) => request.delivered(&pins.to_string(), outcome, now),
                    Step::Resend => if request.resend((pins + 1).to_string(), &POLICY, now).is_ok() {
                        prop_assert!(signed == 0 && !abandoned);
                        let expected = (pins + 1).to_string();
                        prop_assert_eq!(request.pin_mac(), Some(expected.as_str()));
                        (pins, wrong_of_pin, alive_until) = (pins + 1, 0, now.plus_seconds(600));
                        if let (State::Pending(old), State::Pending(new)) = (&before.state, &request.state) {
                            sent += i32::from(new.resends > old.resends);
                        }
                    } else {
                        prop_assert_eq!(&request, &before);
                    },
                    Step::Right | Step::Wrong => {
                        let right = matches!(step, Step::Right);
                        let open = signed == 0 && !abandoned && now < alive_until && wrong_of_pin < 3;
                        match request.confirm(right, &POLICY, now) {
                            Confirmation::Signs => { prop_assert!(right && open); signed += 1; wrong_of_pin = 0; }
                            Confirmation::Again => prop_assert!(right && signed == 1),
                            Confirmation::Wrong { remaining } => {
                                wrong_of_pin += 1;
                                prop_assert!(!right && remaining >= 1 && wrong_of_pin < 3);
                            }
                            _ => { prop_assert!(!(right && open)); wrong_of_pin += i32::from(!right && open); }
                        }
                    }
                }
                prop_assert!(signed <= 1 && sent <= 4 && !(signed == 1 && abandoned));
                prop_assert_eq!(matches!(request.standing(now), Standing::Signed), signed == 1);
            }
            let confirmed = request.events.iter().filter(|event| event.kind == EventKind::Confirmed).count();
            prop_assert_eq!(confirmed, usize::from(signed == 1));
            prop_assert!(request.events.windows(2).all(|pair| pair[0].at <= pair[1].at));
        }

        #[test]
        fn a_pin_takes_three_wrong_tries_whatever_their_pace(gaps in prop::collection::vec(0_i64..150, 3..12)) {
            let mut now = Timestamp(1_000_000);
            let mut request = Signature::begin("a".to_owned(), &POLICY, now);
            for (index, gap) in gaps.iter().enumerate() {
                now = now.plus_seconds(*gap);
                let answer = request.confirm(false, &POLICY, now);
                if index < 2 {
                    prop_assert_eq!(answer, Confirmation::Wrong { remaining: 2 - index as u8 });
                }
            }
            prop_assert_ne!(request.confirm(true, &POLICY, now), Confirmation::Signs);
        }
    }

    #[test]
    fn a_confirmation_sent_again_finds_its_record_until_wrong_ones_end_that_too() {
        let now = Timestamp(1_000_000);
        let mut request = Signature::begin("a".to_owned(), &POLICY, now);
        assert_eq!(request.confirm(false, &POLICY, now), Confirmation::Wrong { remaining: 2 });
        assert_eq!(request.confirm(true, &POLICY, now), Confirmation::Signs);
        let later = now.plus_seconds(100_000);
        assert_eq!(request.confirm(true, &POLICY, later), Confirmation::Again);
        assert_eq!(request.confirm(false, &POLICY, later), Confirmation::Wrong { remaining: 1 });
        assert_eq!(request.confirm(false, &POLICY, later), Confirmation::AlreadySigned);
        assert_eq!(request.confirm(true, &POLICY, later), Confirmation::AlreadySigned);
        assert_eq!(request.events.len(), 2);
    }

    #[test]
    fn an_undelivered_pin_may_be_asked_for_again_at_once_and_does_not_count() {
        let now = Timestamp(1_000_000);
        let mut request = Signature::begin("a".to_owned(), &POLICY, now);
        assert_eq!(
            request.resend("b".to_owned(), &POLICY, now),
            Err(ResendRefusal::TooSoon { from: now.plus_seconds(60) })
        );
        for mac in ["a", "b", "c", "d", "e"] {
            request.delivered(mac, EventKind::NotSent { sms: 7 }, now);
            let next = (mac.as_bytes()[0] + 1) as char;
            assert_eq!(request.resend(next.to_string(), &POLICY, now), Ok(()));
        }
        let State::Pending(pending) = &request.state else { panic!("it waits") };
        assert_eq!(pending.resends, 0);
        let over = now.plus_seconds(1200);
        assert_eq!(request.resend("z".to_owned(), &POLICY, over), Err(ResendRefusal::Over));
        assert_eq!(
            (request.standing(over), request.confirm(true, &POLICY, over)),
            (Standing::Over, Confirmation::Over)
        );
    }
}
