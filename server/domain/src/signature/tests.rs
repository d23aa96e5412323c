//! What no history of a request may come to.

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
    assert_eq!((request.standing(over), request.confirm(true, &POLICY, over)), (Standing::Over, Confirmation::Over));
}
