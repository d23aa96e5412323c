//! Whatever a browser, an attacker and the clock do, in whatever order.

use contract::activation::{Draft, Notice, Step};
use contract::{ColombianMobile, Email, Timestamp};
use proptest::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::{Activation, ActivationPolicy, Next, Proven, Resend, Transaction, Tried};
use crate::pin::{IssuedPin, Pin, PinPolicy};

fn policy(own_password: bool) -> ActivationPolicy {
    let pin = PinPolicy { lifetime: 600, tries: 3, resend_after: 60, resends: 3 };
    ActivationPolicy { lifetime: 1200, pin, own_password }
}

fn proven(password_id: i64) -> Proven {
    Proven {
        password_id,
        generation: 1,
        email: Email::parse("ana@correo.com.co").unwrap(),
        mobile: ColombianMobile::parse("3001234567").unwrap(),
    }
}

/// The digest of a PIN, bound to its transaction by the service; here the digits themselves.
fn digest(pin: &Pin) -> String {
    pin.expose().to_owned()
}

#[derive(Clone, Debug)]
enum Action {
    Wait(i64),
    Accept,
    AcceptWrong,
    AcceptWithoutPin,
    Refuse,
    RightPin,
    OldPin,
    WrongPin,
    NoPin,
    Resend,
    SmsFails,
    Abandon,
    Choose,
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        (0_i64..700).prop_map(Action::Wait),
        Just(Action::Accept),
        Just(Action::AcceptWrong),
        Just(Action::AcceptWithoutPin),
        Just(Action::Refuse),
        Just(Action::RightPin),
        Just(Action::OldPin),
        Just(Action::WrongPin),
        Just(Action::NoPin),
        Just(Action::Resend),
        Just(Action::SmsFails),
        Just(Action::Abandon),
        Just(Action::Choose),
    ]
}

/// A transaction with what its service remembers besides: the PINs in the clear, as only the
/// telephone knows them.
struct World {
    policy: ActivationPolicy,
    activation: Activation,
    now: Timestamp,
    rng: StdRng,
    /// Every PIN of the request under way, oldest first, with the time of its end.
    sent: Vec<(Pin, Timestamp)>,
    wrong_of_last: i64,
    settled: usize,
    proved: bool,
}

impl World {
    fn new(own_password: bool) -> Self {
        let (policy, now) = (policy(own_password), Timestamp(1_000_000));
        let activation = Activation::fresh(&policy, now);
        let rng = StdRng::seed_from_u64(7);
        Self { policy, activation, now, rng, sent: Vec::new(), wrong_of_last: 0, settled: 0, proved: false }
    }

    fn issue(&mut self) -> IssuedPin {
        let (pin, issued) = IssuedPin::draw(&mut self.rng, digest, &self.policy.pin, self.now);
        self.sent.push((pin, issued.expires));
        self.wrong_of_last = 0;
        issued
    }

    fn follow(&mut self, next: Option<Next>) {
        match next {
            Some(Next::Settle(_)) => self.settle(),
            Some(Next::Choose) | None => {}
        }
    }

    fn settle(&mut self) {
        self.settled += 1;
        self.activation.settled(true, &self.policy, self.now);
    }

    fn try_pin(&mut self, typed: Option<Pin>) -> Tried {
        let matches = typed.map(|pin| move |sent: &str| sent == digest(&pin));
        self.activation.try_pin(matches, &self.policy, self.now)
    }

    fn act(&mut self, action: &Action) {
        let (policy, now) = (self.policy, self.now);
        match action {
            Action::Wait(seconds) => self.now = now.plus_seconds(*seconds),
            Action::Accept => {
                if !self.activation.has_sent(&proven(1), &policy, now) && self.activation.state != Transaction::Done {
                    self.sent.clear();
                    let issued = self.issue();
                    self.activation.await_pin(proven(1), issued, &policy, now);
                }
            }
            Action::AcceptWrong => self.activation.reopen(Notice::NoMatch, Draft::default(), &policy, now),
            Action::AcceptWithoutPin => {
                let next = self.activation.prove(proven(2), &policy, now);
                self.proved |= next.is_some();
                self.follow(next);
            }
            Action::Refuse => self.activation.leave(&policy, now),
            Action::RightPin => {
                let Some((pin, expires)) = self.sent.last().cloned() else { return };
                let live = matches!(self.activation.state, Transaction::Pin(_)) && now < self.activation.expires;
                let good = live && now < expires && self.wrong_of_last < policy.pin.tries;
                let tried = self.try_pin(Some(pin));
                assert_eq!(matches!(tried, Tried::Right(_)), good, "{:?}", self.activation);
                if let Tried::Right(next) = tried {
                    self.proved = true;
                    self.follow(Some(next));
                }
            }
            Action::OldPin | Action::WrongPin => {
                let last = self.sent.last().map(|(pin, _)| pin.expose().to_owned());
                let old = self.sent.first().map(|(pin, _)| pin.expose().to_owned());
                let typed = if matches!(action, Action::OldPin) { old } else { Some("000000".to_owned()) };
                let Some(typed) = typed.filter(|typed| Some(typed) != last.as_ref()) else { return };
                let tried = self.try_pin(Pin::parse(&typed));
                assert!(!matches!(tried, Tried::Right(_)));
                if matches!(tried, Tried::Wrong { .. }) {
                    self.wrong_of_last += 1;
                }
                assert!(self.wrong_of_last <= policy.pin.tries, "a PIN was compared too often");
            }
            Action::NoPin => assert_eq!(self.try_pin(None), Tried::Unjudged),
            Action::Resend => {
                if self.activation.ask_again(&policy, now) == Resend::To(proven(1)) {
                    let issued = self.issue();
                    self.activation.replace_pin(issued);
                    let handed = self.sent.len() as i64;
                    assert!(handed <= 1 + policy.pin.resends + self.failures(), "too many PINs");
                }
            }
            Action::SmsFails => {
                if let Some((pin, _)) = self.sent.last() {
                    self.activation.delivered(&digest(pin), false, false);
                }
            }
            Action::Abandon => _ = self.activation.abandon(&policy, now),
            Action::Choose => {
                if self.activation.choosing(&policy, now).is_some() {
                    assert!(self.proved && policy.own_password);
                    self.settle();
                }
            }
        }
    }

    /// PINs that never left do not count as asked for; here at most as many as were drawn.
    fn failures(&self) -> i64 {
        match &self.activation.state {
            Transaction::Pin(pending) => self.sent.len() as i64 - 1 - pending.resends,
            _ => 0,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn nobody_is_verified_without_the_right_pin_in_time_and_never_twice(
        own_password: bool, actions in prop::collection::vec(action(), 1..60),
    ) {
        let mut world = World::new(own_password);
        for action in &actions {
            let done = world.activation.state == Transaction::Done;
            let before = world.activation.clone();
            world.act(action);
            if done {
                prop_assert_eq!(&world.activation, &before, "a finished transaction changed: {:?}", action);
            }
            prop_assert!(world.settled <= 1);
            prop_assert_eq!(world.settled == 1, world.activation.state == Transaction::Done);
            prop_assert!(world.settled == 0 || world.proved);
            if let Transaction::Pin(pending) = &world.activation.state {
                prop_assert!(pending.resends <= world.policy.pin.resends);
            }
        }
    }

    #[test]
    fn a_page_shows_nothing_of_a_transaction_whose_time_is_over(
        own_password: bool, actions in prop::collection::vec(action(), 1..30), late in 0_i64..100_000,
    ) {
        let mut world = World::new(own_password);
        for action in &actions {
            world.act(action);
        }
        let after = world.activation.expires.plus_seconds(late);
        let (step, notice) = world.activation.view(&world.policy, after);
        prop_assert_eq!(step, Step::Form { borrador: Draft::default() });
        prop_assert!(matches!(notice, None | Some(Notice::TransactionExpired)));
    }
}

#[test]
fn a_second_click_finds_the_pin_that_was_just_sent_and_another_mobile_does_not() {
    let mut world = World::new(false);
    world.act(&Action::Accept);
    assert!(world.activation.has_sent(&proven(1), &world.policy, world.now));
    let elsewhere = Proven { mobile: ColombianMobile::parse("3119999999").unwrap(), ..proven(1) };
    assert!(!world.activation.has_sent(&elsewhere, &world.policy, world.now));
    assert!(!world.activation.has_sent(&proven(1), &world.policy, world.now.plus_seconds(60)));
}

#[test]
fn the_fate_of_a_replaced_pin_changes_nothing() {
    let mut world = World::new(false);
    world.act(&Action::Accept);
    world.act(&Action::Wait(61));
    world.act(&Action::Resend);
    let before = world.activation.clone();
    let first = digest(&world.sent[0].0);
    world.activation.delivered(&first, false, false);
    assert_eq!(world.activation, before);
    let last = digest(&world.sent[1].0);
    world.activation.delivered(&last, true, true);
    assert_eq!(world.activation.notice, Some(Notice::PinSent));
}
