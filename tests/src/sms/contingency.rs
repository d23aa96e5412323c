//! When the first provider cannot, the second one carries the SMS, in the same request of the merchant.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::http::StatusCode;
use contract::activation::{ActivationService, Notice, Step};
use entity::{sms_enviados, sms_intentos};
use rusmpp::CommandStatus;
use sea_orm::{EntityTrait, QueryOrder};
use server::services::activation::ActivationDesk;
use server::sms::{HttpGateway, Provider, Route, Seat, SmppGateway, SmsGateway};

use super::gateway::{HttpProvider, Mood, TAKEN, one_that_drops, settings};
use super::smpp::{mobile, text};
use super::smsc::{self, Smsc};
use crate::activation::office::{MOBILE, Office, notice, right, step};
use crate::support::camara;

const HASTY: Duration = Duration::from_millis(300);

fn http(url: &str) -> Arc<dyn Provider> {
    Arc::new(HttpGateway::new(&settings(url), HASTY).unwrap())
}

struct Pair {
    office: Office,
    smsc: Smsc,
    gateway: Arc<Route>,
}

impl Pair {
    async fn with(first: &str) -> Self {
        let (office, smsc) = (Office::open().await, Smsc::open().await);
        let contingency =
            Seat { label: "smpp-contingencia", provider: Arc::new(SmppGateway::new(&smsc.settings()).unwrap()) };
        let first = Seat { label: "http", provider: http(first) };
        let gateway = Arc::new(Route::new(first, Some(contingency), office.clock.clone()));
        Self { office, smsc, gateway }
    }

    fn browser(&self) -> ActivationDesk {
        let gateway = Arc::clone(&self.gateway) as Arc<dyn SmsGateway>;
        let address: std::net::IpAddr = std::net::Ipv4Addr::new(190, 0, 0, 1).into();
        let tools = Arc::clone(&self.office.tools);
        ActivationDesk::new(tools, Arc::new(self.office.chamber.clone()), Some(gateway), "cookie", address)
    }

    /// What stands in `sms_enviados` and `sms_intentos`.
    async fn log(&self) -> (Vec<sms_enviados::Model>, Vec<sms_intentos::Model>) {
        let db = self.office.test_db.db.reader();
        let order = sms_intentos::Column::Id;
        let sent = sms_enviados::Entity::find().order_by_asc(sms_enviados::Column::Id).all(db).await.unwrap();
        (sent, sms_intentos::Entity::find().order_by_asc(order).all(db).await.unwrap())
    }
}

/// The merchant gets the PIN by the second provider and is verified; what the log then says of the first.
async fn merchant_is_served(first: &str) -> String {
    let pair = Pair::with(first).await;
    pair.office.mailed().await;
    let desk = pair.browser();
    desk.accept(right()).await.unwrap();
    let submits = pair.smsc.submits();
    assert_eq!(submits.len(), 1);
    let words = String::from_utf8_lossy(submits[0].short_message().as_ref()).into_owned();
    let pin = words.split_whitespace().nth(3).unwrap().to_owned();
    desk.confirm(pin.clone()).await.unwrap();
    assert_eq!(step(&desk).await, Step::Done);

    let (sent, attempts) = pair.log().await;
    assert_eq!(
        (sent.len(), sent[0].estado.as_str(), sent[0].proveedor.as_str()),
        (1, "entregado", "smpp-contingencia")
    );
    assert_eq!(sent[0].celular_enmascarado, mobile().masked());
    assert_eq!(attempts.len(), 2);
    assert!(attempts.iter().all(|a| (a.sms_id, a.camara.as_str()) == (sent[0].id, "55")));
    assert_eq!((attempts[0].proveedor.as_str(), attempts[1].proveedor.as_str()), ("http", "smpp-contingencia"));
    assert_eq!(attempts[1].resultado, "entregado");
    assert_eq!(attempts[1].id_proveedor, Some(format!("id-{}", &pin[3..])));
    assert_eq!(attempts[0].intentado_en, sent[0].enviado_en);
    assert_eq!(attempts[1].intentado_en, attempts[0].intentado_en + attempts[0].demora_ms);
    attempts[0].resultado.clone()
}

#[tokio::test]
async fn a_gateway_that_fails_stalls_drops_or_says_no_with_200_is_replaced_in_the_same_request() {
    let fails = HttpProvider::open(Mood::Say(StatusCode::INTERNAL_SERVER_ERROR, "")).await;
    assert_eq!(merchant_is_served(&fails.url).await, "http_500");
    let stalls = HttpProvider::open(Mood::Stall).await;
    assert_eq!(merchant_is_served(&stalls.url).await, "sin_respuesta");
    let (drops, dropped) = one_that_drops().await;
    assert_eq!(merchant_is_served(&drops).await, "conexion_perdida");
    assert!(dropped.load(Ordering::SeqCst) > 0);
    let declines = HttpProvider::open(Mood::Say(StatusCode::OK, r#"{"status":"OK","saldo": 0}"#)).await;
    assert_eq!(merchant_is_served(&declines.url).await, "texto_de_error");
    let mumbles = HttpProvider::open(Mood::Say(StatusCode::OK, r#"{"status":"ERROR"}"#)).await;
    assert_eq!(merchant_is_served(&mumbles.url).await, "sin_texto_de_exito");
    assert_eq!((fails.count(), stalls.count(), declines.count(), mumbles.count()), (1, 1, 1, 1));
}

#[tokio::test]
async fn when_both_fail_the_merchant_is_told_and_may_ask_again() {
    let first = HttpProvider::open(Mood::Say(StatusCode::SERVICE_UNAVAILABLE, "")).await;
    let pair = Pair::with(&first.url).await;
    pair.smsc.mood(smsc::Mood::Refuse(CommandStatus::EsmeRthrottled));
    pair.office.mailed().await;
    let desk = pair.browser();
    desk.accept(right()).await.unwrap();
    assert!(matches!(step(&desk).await, Step::Pin { .. }));
    assert_eq!(notice(&desk).await, Some(Notice::SmsFailed));
    let (sent, attempts) = pair.log().await;
    assert_eq!((sent[0].estado.as_str(), attempts.len()), ("fallido", 2));
    assert_eq!((attempts[0].resultado.as_str(), attempts[1].resultado.as_str()), ("http_503", "smsc_ocupado_00000058"));

    first.mood(TAKEN);
    desk.resend().await.unwrap();
    assert_eq!(notice(&desk).await, Some(Notice::PinSent));
    let (sent, attempts) = pair.log().await;
    assert_eq!((sent[1].estado.as_str(), sent[1].proveedor.as_str(), attempts.len()), ("entregado", "http", 3));
    // This provider writes the number into its identifiers: it is kept masked.
    let id = attempts[2].id_proveedor.clone().unwrap();
    assert!(id.starts_with("h-") && id.ends_with("-9") && !id.contains(MOBILE), "{id}");
}

#[tokio::test]
async fn a_time_out_of_both_may_have_left_and_counts() {
    let first = HttpProvider::open(Mood::Stall).await;
    let pair = Pair::with(&first.url).await;
    pair.smsc.mood(smsc::Mood::HangUp);
    pair.office.mailed().await;
    let desk = pair.browser();
    desk.accept(right()).await.unwrap();
    assert_eq!(notice(&desk).await, Some(Notice::SmsFailed));
    assert_eq!(pair.log().await.0[0].estado, "incierto");
}

#[tokio::test]
async fn a_provider_that_fails_three_times_is_passed_over_for_a_minute_and_then_probed() {
    let first = HttpProvider::open(Mood::Say(StatusCode::BAD_GATEWAY, "")).await;
    let pair = Pair::with(&first.url).await;
    let send = async || {
        let attempts = pair.gateway.send(camara(), &mobile(), &text("hola 001")).await;
        attempts.iter().map(|attempt| attempt.provider).collect::<Vec<_>>()
    };
    for _ in 0..3 {
        assert_eq!(send().await, ["http", "smpp-contingencia"]);
    }
    assert_eq!(send().await, ["smpp-contingencia"]);
    assert_eq!(first.count(), 3);
    pair.office.clock.advance_seconds(61);
    assert_eq!(send().await, ["http", "smpp-contingencia"]);
    assert_eq!(send().await, ["smpp-contingencia"]);
    first.mood(TAKEN);
    pair.office.clock.advance_seconds(61);
    assert_eq!(send().await, ["http"]);
    assert_eq!(send().await, ["http"]);
    assert_eq!((first.count(), pair.smsc.submits().len()), (6, 6));
}

#[tokio::test]
async fn a_number_that_the_smsc_does_not_serve_says_nothing_against_it() {
    let office = Office::open().await;
    let (smsc, second) = (Smsc::open().await, HttpProvider::open(TAKEN).await);
    smsc.mood(smsc::Mood::Refuse(CommandStatus::EsmeRinvdstadr));
    let first = Seat { label: "smpp", provider: Arc::new(SmppGateway::new(&smsc.settings()).unwrap()) };
    let contingency = Seat { label: "http-contingencia", provider: http(&second.url) };
    let route = Route::new(first, Some(contingency), office.clock.clone());
    for _ in 0..5 {
        assert_eq!(route.send(camara(), &mobile(), &text("hola 001")).await.len(), 2);
    }
    assert_eq!((smsc.submits().len(), second.count()), (5, 5));
}
