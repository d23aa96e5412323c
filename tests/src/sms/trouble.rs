//! The SMSC in trouble: what is a definite no, what may have left, and how the connection comes back.

use std::str::FromStr;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rusmpp::CommandStatus;
use rusmpp::types::COctetString;
use server::config::SmppSms;
use server::sms::{SmppGateway, SmsError};

use super::smpp::{send, taken, until};
use super::smsc::{Mood, Smsc};

#[tokio::test]
async fn a_refusal_is_definite_and_leaves_the_connection_at_work() {
    let smsc = Smsc::open().await;
    let gateway = SmppGateway::new(&smsc.settings()).unwrap();
    for (status, error) in [
        (CommandStatus::EsmeRthrottled, SmsError::Busy(0x58)),
        (CommandStatus::EsmeRmsgqful, SmsError::Busy(0x14)),
        (CommandStatus::EsmeRinvdstadr, SmsError::Refused(0x0B)),
        (CommandStatus::Other(0x0400), SmsError::Refused(0x0400)),
    ] {
        smsc.mood(Mood::Refuse(status));
        assert_eq!(send(&gateway, "uno 001").await, Err(error));
        assert!(!error.may_have_left());
        assert_eq!(error.blames_provider(), status != CommandStatus::EsmeRinvdstadr);
    }
    smsc.mood(Mood::Nack);
    assert_eq!(send(&gateway, "uno 001").await, Err(SmsError::Refused(3)));
    smsc.mood(Mood::Take);
    assert_eq!(send(&gateway, "dos 002").await, taken("id-002"));
    assert_eq!(smsc.connections(), 1);
}

#[tokio::test]
async fn no_answer_and_a_broken_connection_may_have_left() {
    let smsc = Smsc::open().await;
    let gateway = SmppGateway::new(&SmppSms { patience: Duration::from_millis(300), ..smsc.settings() }).unwrap();
    assert_eq!(send(&gateway, "uno 001").await, taken("id-001"));
    smsc.mood(Mood::Stall);
    assert_eq!(send(&gateway, "dos 002").await, Err(SmsError::TimedOut));
    smsc.mood(Mood::HangUp);
    assert_eq!(send(&gateway, "tres 003").await, Err(SmsError::Lost));
    assert!(SmsError::TimedOut.may_have_left() && SmsError::Lost.may_have_left());
    // What worked before is bound again at once.
    smsc.mood(Mood::Take);
    until(async || send(&gateway, "cuatro 004").await == taken("id-004")).await;
    assert_eq!(smsc.connections(), 2);
}

#[tokio::test]
async fn an_smsc_that_unbinds_is_answered_and_bound_again() {
    let smsc = Smsc::open().await;
    let gateway = SmppGateway::new(&smsc.settings()).unwrap();
    smsc.mood(Mood::TakeAndUnbind);
    assert_eq!(send(&gateway, "uno 001").await, taken("id-001"));
    until(async || smsc.state.acknowledged.load(Ordering::SeqCst) == 1).await;
    smsc.mood(Mood::Take);
    until(async || send(&gateway, "dos 002").await == taken("id-002")).await;
    assert_eq!(smsc.connections(), 2);
}

#[tokio::test]
async fn what_is_no_pdu_ends_the_connection_and_nothing_else() {
    let smsc = Smsc::open().await;
    let gateway = SmppGateway::new(&smsc.settings()).unwrap();
    assert_eq!(send(&gateway, "uno 001").await, taken("id-001"));
    smsc.mood(Mood::Babble);
    assert_eq!(send(&gateway, "dos 002").await, Err(SmsError::Lost));
    smsc.mood(Mood::Take);
    until(async || send(&gateway, "tres 003").await == taken("id-003")).await;
}

#[tokio::test]
async fn an_smsc_that_comes_back_is_bound_again() {
    let smsc = Smsc::open().await;
    let gateway = SmppGateway::new(&smsc.settings()).unwrap();
    assert_eq!(send(&gateway, "uno 001").await, taken("id-001"));
    let address = smsc.close().await;
    until(async || send(&gateway, "dos 002").await == Err(SmsError::Unreachable)).await;
    let smsc = Smsc::open_at(address, None).await;
    until(async || send(&gateway, "tres 003").await == taken("id-003")).await;
    assert_eq!((smsc.connections(), smsc.submits().len()), (1, 1));
}

#[tokio::test]
async fn a_wrong_password_is_definite_and_not_tried_again_at_once() {
    let smsc = Smsc::open().await;
    let wrong = SmppSms { password: COctetString::from_str("otra").unwrap(), ..smsc.settings() };
    let gateway = SmppGateway::new(&wrong).unwrap();
    let begun = Instant::now();
    assert_eq!(send(&gateway, "uno 001").await, Err(SmsError::Bind(0x0E)));
    assert!(!SmsError::Bind(0x0E).may_have_left());
    // Each try waits longer than the one before: 1 s, 2 s.
    for expected in [1, 2] {
        assert_eq!(send(&gateway, "uno 001").await, Err(SmsError::Bind(0x0E)));
        assert_eq!(smsc.connections(), expected);
        until(async || {
            assert_eq!(send(&gateway, "uno 001").await, Err(SmsError::Bind(0x0E)));
            smsc.connections() > expected
        })
        .await;
    }
    assert!(begun.elapsed() >= Duration::from_secs(3));
    assert!(smsc.submits().is_empty());
}

#[tokio::test]
async fn a_quiet_connection_is_asked_and_left_when_nobody_answers() {
    let smsc = Smsc::open().await;
    let hasty =
        SmppSms { enquire_every: Duration::from_millis(50), patience: Duration::from_millis(400), ..smsc.settings() };
    let gateway = SmppGateway::new(&hasty).unwrap();
    assert_eq!(send(&gateway, "uno 001").await, taken("id-001"));
    until(async || smsc.state.enquired.load(Ordering::SeqCst) >= 3).await;
    assert_eq!(send(&gateway, "dos 002").await, taken("id-002"));
    assert_eq!(smsc.connections(), 1);

    smsc.state.alive.store(false, Ordering::SeqCst);
    until(async || send(&gateway, "tres 003").await.is_ok() && smsc.connections() == 2).await;
}

#[tokio::test]
async fn nobody_there_is_a_definite_no_in_good_time() {
    let smsc = Smsc::open().await;
    let settings = smsc.settings();
    smsc.close().await;
    let gateway = SmppGateway::new(&settings).unwrap();
    assert_eq!(send(&gateway, "uno 001").await, Err(SmsError::Unreachable));

    // Someone who accepts and never speaks.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    let gateway = SmppGateway::new(&SmppSms { port, patience: Duration::from_millis(200), ..settings }).unwrap();
    let begun = Instant::now();
    assert_eq!(send(&gateway, "uno 001").await, Err(SmsError::Unreachable));
    assert!(begun.elapsed() < Duration::from_secs(5));
}
