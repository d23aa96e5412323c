//! The HTTP gateway against a real server, and the demo's mailbox.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Redirect;
use axum::routing::{get, post};
use contract::ColombianMobile;
use entity::buzon_sms;
use sea_orm::EntityTrait;
use server::clock::Clock;
use server::config::{FIRST, HttpMethod, HttpSms, SmsProvider, SmsSettings};
use server::sms::{HttpGateway, Provider, Receipt, SmsError, SmsText, gateway};

use crate::support::{camara, database};

type Seen = Arc<Mutex<Vec<(String, HeaderMap, String)>>>;

const TEXT: &str = "Utilice el PIN 123456 en \"Nariño\" & mas.\n\n@host.co #123456";

async fn record(State(seen): State<Seen>, uri: Uri, headers: HeaderMap, body: Bytes) -> &'static str {
    seen.lock().unwrap().push((uri.to_string(), headers, String::from_utf8(body.to_vec()).unwrap()));
    "{\"status\":\"OK\"}"
}

async fn operator() -> (String, Seen) {
    let seen = Seen::default();
    let app = Router::new()
        .route("/ok", get(record).post(record))
        .route("/error", post(|| async { (StatusCode::INTERNAL_SERVER_ERROR, "OK") }))
        .route("/refuse", post(|| async { "{\"status\":\"SALDO AGOTADO\"}" }))
        .route("/redirect", post(|| async { Redirect::temporary("/ok") }))
        .route("/stall", post(|_: Request| async { std::future::pending::<&'static str>().await }))
        .with_state(Arc::clone(&seen));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    (url, seen)
}

fn settings(url: String) -> HttpSms {
    HttpSms {
        prefix: FIRST,
        url,
        method: HttpMethod::Post,
        account: None,
        headers: vec![
            ("Content-Type".to_owned(), "application/json".to_owned()),
            ("Authorization".to_owned(), "Bearer secreto".to_owned()),
        ],
        body: r#"{"to":"57{{ celular }}","text":"{{ texto }}"}"#.to_owned(),
        success_text: Some("\"status\":\"OK\"".to_owned()),
        error_texts: Vec::new(),
        id_pointer: None,
    }
}

async fn send(settings: &HttpSms, timeout: Duration) -> Result<Receipt, SmsError> {
    let gateway = HttpGateway::new(settings, timeout).unwrap();
    let text = SmsText::parse(TEXT).unwrap();
    gateway.send(camara(), &ColombianMobile::parse("3001234567").unwrap(), &text).await
}

const PATIENT: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_post_carries_the_text_whole_in_json_and_in_a_form() {
    let (url, seen) = operator().await;
    let mut settings = settings(format!("{url}/ok"));
    send(&settings, PATIENT).await.unwrap();
    settings.headers = vec![("Content-Type".to_owned(), "application/x-www-form-urlencoded".to_owned())];
    settings.body = "to=57{{ celular }}&text={{ texto | urlencode }}".to_owned();
    send(&settings, PATIENT).await.unwrap();

    let seen = seen.lock().unwrap();
    let json: serde_json::Value = serde_json::from_str(&seen[0].2).unwrap();
    assert_eq!(json, serde_json::json!({ "to": "573001234567", "text": TEXT }));
    assert_eq!(seen[0].1["authorization"], "Bearer secreto");
    let form = reqwest::Url::parse(&format!("http://x/?{}", seen[1].2)).unwrap();
    let pairs: Vec<_> = form.query_pairs().map(|(k, v)| (k.into_owned(), v.into_owned())).collect();
    assert_eq!(pairs, [("to".to_owned(), "573001234567".to_owned()), ("text".to_owned(), TEXT.to_owned())]);
}

#[tokio::test]
async fn a_get_carries_the_text_whole_in_the_address() {
    let (url, seen) = operator().await;
    let settings = HttpSms {
        url: format!("{url}/ok?to={{{{ celular }}}}&text={{{{ texto }}}}"),
        method: HttpMethod::Get,
        headers: Vec::new(),
        body: String::new(),
        success_text: None,
        ..settings(String::new())
    };
    send(&settings, PATIENT).await.unwrap();
    let seen = seen.lock().unwrap();
    let got = reqwest::Url::parse(&format!("http://x{}", seen[0].0)).unwrap();
    assert_eq!(got.query_pairs().nth(1).unwrap().1, TEXT);
}

#[tokio::test]
async fn a_gateway_that_fails_stalls_refuses_redirects_or_is_gone_is_a_failure() {
    let (url, seen) = operator().await;
    let fail = async |path: &str, timeout| send(&settings(format!("{url}{path}")), timeout).await.unwrap_err();
    assert_eq!(fail("/error", PATIENT).await, SmsError::Status(500));
    assert_eq!(fail("/refuse", PATIENT).await, SmsError::NotAccepted);
    assert_eq!(fail("/redirect", PATIENT).await, SmsError::Status(307));
    assert_eq!(fail("/stall", Duration::from_millis(200)).await, SmsError::TimedOut);
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert_eq!(send(&settings(format!("http://{free}/")), PATIENT).await, Err(SmsError::Unreachable));
    assert!(seen.lock().unwrap().is_empty());
    // No error says what was sent or where.
    let text = format!("{:?} {}", SmsError::Status(500), SmsError::TimedOut);
    assert!(!text.contains("123456") && !text.contains("127.0.0.1"));
}

#[tokio::test]
async fn wrong_templates_are_found_before_any_sms() {
    let test_db = database().await;
    let wrong = |change: fn(&mut HttpSms)| {
        let mut settings = settings("http://127.0.0.1:9/{{ celular }}".to_owned());
        change(&mut settings);
        let settings = SmsSettings { first: SmsProvider::Http(settings), contingency: None };
        gateway(&settings, &test_db.db, &Clock::default()).err().map(|error| error.0)
    };
    assert_eq!(wrong(|_| {}), None);
    assert_eq!(wrong(|s| s.url = "http://x/{{ numero }}".to_owned()), Some("SMS_HTTP_URL".to_owned()));
    assert_eq!(wrong(|s| s.body = "{{ texto".to_owned()), Some("SMS_HTTP_CUERPO".to_owned()));
    assert_eq!(wrong(|s| s.headers[0].0 = "mal nombre".to_owned()), Some("SMS_HTTP_CABECERAS".to_owned()));
}

#[tokio::test]
async fn the_demos_sms_lands_in_its_mailbox() {
    let test_db = database().await;
    let settings = SmsSettings { first: SmsProvider::Mailbox, contingency: None };
    let mailbox = gateway(&settings, &test_db.db, &Clock::default()).unwrap();
    let (to, text) = (ColombianMobile::parse("3001234567").unwrap(), SmsText::parse(TEXT).unwrap());
    let attempts = mailbox.send(camara(), &to, &text).await;
    assert_eq!((attempts.len(), attempts[0].provider, &attempts[0].result), (1, "buzon", &Ok(Receipt::default())));
    let rows = buzon_sms::Entity::find().all(test_db.db.reader()).await.unwrap();
    assert_eq!((rows.len(), rows[0].celular.as_str(), rows[0].texto.as_str()), (1, "3001234567", TEXT));
}
