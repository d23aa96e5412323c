//! The SMSC as it should be: what is said to it, octet by octet, and one connection for all.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use contract::ColombianMobile;
use server::config::{BindMode, SmppSms, TlsTrust};
use server::sms::{Provider, Receipt, SmppGateway, SmsError, SmsText};

use super::smsc::{Mood, Smsc};
use crate::support::{camara, tls};

pub fn text(words: &str) -> SmsText {
    SmsText::parse(words).unwrap()
}

pub fn mobile() -> ColombianMobile {
    ColombianMobile::parse("3001234567").unwrap()
}

pub async fn send(gateway: &SmppGateway, words: &str) -> Result<Receipt, SmsError> {
    gateway.send(camara(), &mobile(), &text(words)).await
}

pub fn taken(id: &str) -> Result<Receipt, SmsError> {
    Ok(Receipt { id: Some(id.to_owned()) })
}

/// Waits for something that must come.
pub async fn until(mut done: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !done().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waiting).await.expect("it never came");
}

#[tokio::test]
async fn bind_and_sms_are_those_of_version_3_4_to_the_octet() {
    let smsc = Smsc::open().await;
    let gateway = SmppGateway::new(&smsc.settings()).unwrap();
    assert_eq!(smsc.connections(), 0, "nothing is connected before the first SMS");
    assert_eq!(send(&gateway, "PIN 012345: ñÑéÉü.\n\n@c.co #012345").await, taken("id-345"));
    let frames = smsc.state.frames.lock().unwrap().clone();

    let mut bind = b"\0\0\0\x2B\0\0\0\x02\0\0\0\0\0\0\0\x01camara55\0secreta1\0VMA\0".to_vec();
    bind.extend([0x34, 0, 0, 0]);
    bind[3] = u8::try_from(bind.len()).unwrap();
    assert_eq!(frames[0], bind);

    let mut submit = b"\0\0\0\0\0\0\0\x04\0\0\0\0\0\0\0\x03".to_vec();
    submit.extend(b"\0\x05\0CAMARA\0\x01\x01573001234567\0");
    submit.extend([0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let message = b"PIN 012345: \x7D\x5D\x05\x1F\x7E.\n\n\x00c.co #012345";
    submit.push(u8::try_from(message.len()).unwrap());
    submit.extend(message);
    submit[3] = u8::try_from(submit.len()).unwrap();
    assert_eq!(frames[1], submit);
}

#[tokio::test]
async fn sms_at_once_share_one_connection_and_each_gets_its_own_answer() {
    const MANY: usize = 60;
    let smsc = Smsc::open().await;
    let gateway = Arc::new(SmppGateway::new(&smsc.settings()).unwrap());
    assert_eq!(send(&gateway, "primero 000").await, taken("id-000"));
    // None is answered before all are there: none may wait for another one's answer.
    smsc.mood(Mood::Gather(MANY));
    let sending: Vec<_> = (100..100 + MANY)
        .map(|number| {
            let gateway = Arc::clone(&gateway);
            tokio::spawn(async move { send(&gateway, &format!("numero {number}")).await })
        })
        .collect();
    for (number, sent) in (100..100 + MANY).zip(sending) {
        assert_eq!(sent.await.unwrap(), taken(&format!("id-{number}")));
    }
    assert_eq!(smsc.connections(), 1);
}

#[tokio::test]
async fn those_who_come_while_the_connection_is_made_wait_for_it() {
    let smsc = Smsc::open().await;
    let gateway = Arc::new(SmppGateway::new(&smsc.settings()).unwrap());
    let sending = (100..110).map(|number| {
        let gateway = Arc::clone(&gateway);
        tokio::spawn(async move { send(&gateway, &format!("numero {number}")).await })
    });
    let sent = futures::future::join_all(sending).await;
    assert!(sent.into_iter().all(|sent| sent.unwrap().is_ok()));
    assert_eq!(smsc.connections(), 1);
}

#[tokio::test]
async fn an_smsc_that_talks_in_pieces_and_unasked_is_answered_and_understood() {
    let smsc = Smsc::open().await;
    smsc.state.in_pieces.store(true, Ordering::SeqCst);
    smsc.state.talkative.store(true, Ordering::SeqCst);
    let settings = SmppSms { mode: BindMode::Transceiver, ..smsc.settings() };
    let gateway = SmppGateway::new(&settings).unwrap();
    assert_eq!(send(&gateway, "uno 001").await, taken("id-001"));
    assert_eq!(send(&gateway, "dos 002").await, taken("id-002"));
    assert_eq!(smsc.state.frames.lock().unwrap()[0][4..8], [0, 0, 0, 9], "bound as a transceiver");
    until(async || smsc.state.acknowledged.load(Ordering::SeqCst) == 4).await;
    assert_eq!(smsc.connections(), 1);
}

#[tokio::test]
async fn an_answer_without_a_body_is_an_answer() {
    let smsc = Smsc::open().await;
    smsc.mood(Mood::TakeInSilence);
    let gateway = SmppGateway::new(&smsc.settings()).unwrap();
    assert_eq!(send(&gateway, "uno 001").await, Ok(Receipt { id: None }));
}

#[tokio::test]
async fn tls_is_spoken_and_only_with_a_certificate_that_is_trusted() {
    let (p12, pem) = tls::server(&["localhost"]);
    let identity = native_tls::Identity::from_pkcs12(&p12, "x").unwrap();
    let acceptor = native_tls::TlsAcceptor::new(identity).unwrap();
    let smsc = Smsc::open_at("127.0.0.1:0".parse().unwrap(), Some(acceptor)).await;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("smsc.pem");
    std::fs::write(&path, pem).unwrap();
    let with = |extra_ca| {
        let tls = Some(TlsTrust { extra_ca });
        SmppGateway::new(&SmppSms { host: "localhost".to_owned(), tls, ..smsc.settings() })
    };
    assert_eq!(send(&with(Some(path)).unwrap(), "uno 001").await, taken("id-001"));
    assert_eq!(send(&with(None).unwrap(), "dos 002").await, Err(SmsError::Tls));
    assert_eq!(smsc.submits().len(), 1);
    let wrong = with(Some(dir.path().join("falta.pem"))).err().unwrap();
    assert_eq!(wrong.0, "SMS_SMPP_CA");
}
