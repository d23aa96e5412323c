//! What a PIN is worth: its time, its tries, its transaction.

use std::sync::atomic::Ordering;

use contract::activation::{ActivationService, Notice, Step};
use entity::activaciones;
use sea_orm::EntityTrait;

use super::office::{Office, notice, right, step};

/// A PIN that is not this one.
fn other_than(pin: &str) -> String {
    if pin == "000000" { "000001".to_owned() } else { "000000".to_owned() }
}

#[tokio::test]
async fn three_wrong_tries_void_the_pin_and_another_one_helps() {
    let office = Office::open().await;
    office.mailed().await;
    let desk = office.browser("cookie");
    desk.accept(right()).await.unwrap();
    let pin = office.last_pin();
    for expected in [Notice::WrongPin { restantes: 2 }, Notice::WrongPin { restantes: 1 }, Notice::PinVoided] {
        desk.confirm(other_than(&pin)).await.unwrap();
        assert_eq!(notice(&desk).await, Some(expected));
    }
    desk.confirm(pin).await.unwrap();
    assert_eq!((notice(&desk).await, office.verified().await.len()), (Some(Notice::PinVoided), 0));

    office.clock.advance_seconds(60);
    desk.resend().await.unwrap();
    assert_eq!(notice(&desk).await, Some(Notice::PinSent));
    desk.confirm(office.last_pin()).await.unwrap();
    assert_eq!(step(&desk).await, Step::Done);
}

#[tokio::test]
async fn what_is_not_six_digits_costs_no_try() {
    let office = Office::open().await;
    office.mailed().await;
    let desk = office.browser("cookie");
    desk.accept(right()).await.unwrap();
    for formless in ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦"] {
        desk.confirm(formless.to_owned()).await.unwrap();
        assert_eq!(notice(&desk).await, Some(Notice::PinForm), "{formless:?}");
    }
    desk.confirm(office.last_pin()).await.unwrap();
    assert_eq!(step(&desk).await, Step::Done);
}

#[tokio::test]
async fn a_pin_lives_ten_minutes() {
    let office = Office::open().await;
    office.mailed().await;
    let desk = office.browser("cookie");
    desk.accept(right()).await.unwrap();
    let pin = office.last_pin();
    office.clock.advance_seconds(600);
    desk.confirm(pin).await.unwrap();
    assert_eq!((notice(&desk).await, office.verified().await.len()), (Some(Notice::PinExpired), 0));
    desk.resend().await.unwrap();
    desk.confirm(office.last_pin()).await.unwrap();
    assert_eq!(step(&desk).await, Step::Done);
}

#[tokio::test]
async fn a_resent_pin_voids_the_one_before() {
    let office = Office::open().await;
    office.mailed().await;
    let desk = office.browser("cookie");
    desk.accept(right()).await.unwrap();
    let first = office.last_pin();
    office.clock.advance_seconds(60);
    desk.resend().await.unwrap();
    // One time in a million they are the same, and then there is nothing to see.
    if first != office.last_pin() {
        desk.confirm(first).await.unwrap();
        assert_eq!(notice(&desk).await, Some(Notice::WrongPin { restantes: 2 }));
    }
}

#[tokio::test]
async fn another_pin_may_be_asked_for_after_a_minute_and_three_times_at_most() {
    let office = Office::open().await;
    office.mailed().await;
    let desk = office.browser("cookie");
    desk.accept(right()).await.unwrap();
    desk.resend().await.unwrap();
    assert_eq!(office.sms_count(), 1);
    for sent in 2..=4 {
        office.clock.advance_seconds(60);
        desk.resend().await.unwrap();
        assert_eq!(office.sms_count(), sent);
    }
    office.clock.advance_seconds(60);
    assert!(matches!(step(&desk).await, Step::Pin { reenvio_desde: None, .. }));
    desk.resend().await.unwrap();
    assert_eq!((office.sms_count(), notice(&desk).await), (4, Some(Notice::SmsLimit)));
    // The last PIN still stands.
    desk.confirm(office.last_pin()).await.unwrap();
    assert_eq!(step(&desk).await, Step::Done);
}

#[tokio::test]
async fn a_merchant_gets_five_sms_a_day_however_many_transactions_there_are() {
    let office = Office::open().await;
    office.mailed().await;
    for index in 0..6 {
        let desk = office.browser(&format!("cookie {index}"));
        desk.accept(right()).await.unwrap();
        let expected = (index == 5).then_some(Notice::SmsLimit);
        assert_eq!(notice(&desk).await, expected, "transaction {index}");
    }
    assert_eq!(office.sms_count(), 5);
    office.clock.advance_seconds(24 * 3600);
    office.browser("next day").accept(right()).await.unwrap();
    assert_eq!(office.sms_count(), 6);
}

#[tokio::test]
async fn the_chambers_budget_of_sms_holds_over_all_merchants() {
    let mut office = Office::open().await;
    office.chamber.limits.sms_per_day = 1;
    office.mailed().await;
    office.mail(|row| row.identificacion = sea_orm::Set("8899".to_owned())).await;
    office.browser("first").accept(right()).await.unwrap();
    let desk = office.browser("second");
    let mut other = right();
    other.identificacion = "8899".to_owned();
    desk.accept(other).await.unwrap();
    assert_eq!((office.sms_count(), notice(&desk).await), (1, Some(Notice::SmsLimit)));
}

#[tokio::test]
async fn a_pin_is_worth_nothing_twice_or_in_another_transaction() {
    let office = Office::open().await;
    office.mailed().await;
    let (desk, thief) = (office.browser("cookie"), office.browser("thief"));
    desk.accept(right()).await.unwrap();
    let pin = office.last_pin();
    thief.accept(right()).await.unwrap();
    if pin != office.last_pin() {
        thief.confirm(pin.clone()).await.unwrap();
        assert_eq!(notice(&thief).await, Some(Notice::WrongPin { restantes: 2 }));
    }
    let stranger = office.browser("stranger");
    stranger.confirm(pin.clone()).await.unwrap();
    assert_eq!(notice(&stranger).await, Some(Notice::TransactionExpired));

    desk.confirm(pin.clone()).await.unwrap();
    desk.confirm(pin).await.unwrap();
    assert_eq!((step(&desk).await, office.verified().await.len(), office.mails().len()), (Step::Done, 1, 1));
}

#[tokio::test]
async fn the_digits_stand_nowhere_in_the_database() {
    let office = Office::open().await;
    office.mailed().await;
    let desk = office.browser("cookie");
    desk.accept(right()).await.unwrap();
    let rows = activaciones::Entity::find().all(office.test_db.db.reader()).await.unwrap();
    let mac = rows[0].pin_hmac.clone().unwrap();
    assert_eq!((mac.len(), mac == office.last_pin()), (64, false));
    assert_ne!(rows[0].cookie_hash, "cookie");
    assert_eq!(rows[0].borrador, None);
}

#[tokio::test]
async fn with_the_gateway_down_the_transaction_stays_and_resending_works() {
    let office = Office::open().await;
    office.mailed().await;
    office.telephone.down.store(true, Ordering::SeqCst);
    let desk = office.browser("cookie");
    desk.accept(right()).await.unwrap();
    assert!(matches!(step(&desk).await, Step::Pin { .. }));
    assert_eq!(notice(&desk).await, Some(Notice::SmsFailed));
    for _ in 0..6 {
        desk.resend().await.unwrap();
        assert_eq!(notice(&desk).await, Some(Notice::SmsFailed));
    }
    office.telephone.down.store(false, Ordering::SeqCst);
    desk.resend().await.unwrap();
    assert_eq!((office.sms_count(), notice(&desk).await), (1, Some(Notice::PinSent)));
    desk.confirm(office.last_pin()).await.unwrap();
    assert_eq!(step(&desk).await, Step::Done);
    assert_eq!(office.trail("sms_fallido").await, 7);
}

#[tokio::test]
async fn a_double_click_sends_one_sms() {
    let office = Office::open().await;
    office.mailed().await;
    let desk = office.browser("cookie");
    let (first, second) = tokio::join!(desk.accept(right()), desk.accept(right()));
    first.unwrap();
    second.unwrap();
    assert_eq!(office.sms_count(), 1);
    desk.confirm(office.last_pin()).await.unwrap();
    assert_eq!(step(&desk).await, Step::Done);
}
