//! What the log holds when everything that can go wrong does: no password, no PIN, no number.

use std::io::{self, Write};
use std::str::FromStr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::StatusCode;
use rusmpp::CommandStatus;
use rusmpp::types::COctetString;
use server::clock::Clock;
use server::config::SmppSms;
use server::observe::log::{self, Format};
use server::sms::{HttpGateway, Provider, Route, Seat, SmppGateway, SmsGateway};

use super::gateway::{HttpProvider, Mood, TAKEN, one_that_drops, settings};
use super::smpp::{mobile, text};
use super::smsc::{self, PASSWORD, Smsc};
use crate::support::camara;

#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_holds_no_password_no_pin_and_no_number_whatever_goes_wrong() {
    let paper = Paper::default();
    let sheet = paper.clone();
    // More than anyone should ever ask for, the library's codec by name.
    let all = log::filter("debug,server=trace,rusmpp=trace,rusmppc=trace,rusmpp::codec=trace");
    log::begin(Format::Text, all, move || sheet.clone());
    let (smsc, http) = (Smsc::open().await, HttpProvider::open(TAKEN).await);
    let (drops, _) = one_that_drops().await;
    let wrong = SmppSms { password: COctetString::from_str("errada99").unwrap(), ..smsc.settings() };
    let brief = SmppSms { patience: Duration::from_millis(200), ..smsc.settings() };
    let over = |provider: Arc<dyn Provider>| Route::new(Seat { label: "p", provider }, None, Clock::default());
    let by_http = |url: &str| over(Arc::new(HttpGateway::new(&settings(url), Duration::from_millis(300)).unwrap()));
    let by_smpp = over(Arc::new(SmppGateway::new(&brief).unwrap()));

    let send = async |route: &Route| {
        route.send(camara(), &mobile(), &text("Utilice el PIN 987654 para firmar.")).await[0].result.is_ok()
    };
    assert!(send(&by_smpp).await);
    assert!(!send(&over(Arc::new(SmppGateway::new(&wrong).unwrap()))).await);
    for mood in [smsc::Mood::Refuse(CommandStatus::EsmeRinvdstadr), smsc::Mood::Stall, smsc::Mood::HangUp] {
        smsc.mood(mood);
        assert!(!send(&by_smpp).await);
    }
    assert!(send(&by_http(&http.url)).await);
    for mood in [
        Mood::Say(StatusCode::INTERNAL_SERVER_ERROR, "PIN 987654 3001234567"),
        Mood::Say(StatusCode::OK, "\"saldo\":0 3001234567 PIN 987654"),
        Mood::Stall,
    ] {
        http.mood(mood);
        assert!(!send(&by_http(&http.url)).await);
    }
    assert!(!send(&by_http(&drops)).await);

    let written = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
    assert!(written.matches("SMS not handed over").count() >= 8, "{written}");
    assert!(written.contains(&mobile().masked()));
    // As the codec would write the password: 73 65 63 72 is «secr».
    for secret in [PASSWORD, "errada99", "clave-de-pasarela", "987654", "3001234567", "73, 65, 63, 72", "rusmpp"] {
        assert!(!written.contains(secret), "{secret} stands in the log");
    }
}
