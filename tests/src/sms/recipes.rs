//! Each recipe of docs/sms.md, read as a chamber would write it and sent to a server that plays the
//! provider: the request must be what the provider's documentation wants, and its answers understood.

use axum::http::StatusCode;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use server::clock::Clock;
use server::config::Chamber;
use server::sms::{SmsError, gateway};

use super::gateway::{Asked, HttpProvider, Mood};
use super::smpp::{mobile, text};
use crate::support::{camara, database};

const DOCUMENT: &str = include_str!("../../../docs/sms.md");
const TEXT: &str = "Utilice el PIN 123456 en \"Nariño\" & más+1.\n\n@c.co #123456";

/// TEXT as one SMS: the alphabet has no á.
fn words() -> String {
    TEXT.replace("más", "mas")
}

/// What came of one SMS sent as the recipe says, the provider answering this.
async fn send(
    heading: &str,
    host: &str,
    status: StatusCode,
    answer: &'static str,
) -> (Result<Option<String>, SmsError>, Asked) {
    let provider = HttpProvider::open(Mood::Say(status, answer)).await;
    let (_, section) = DOCUMENT.split_once(&format!("\n### {heading}\n")).unwrap();
    let recipe = section.split("```").nth(1).unwrap().strip_prefix("dotenv\n").unwrap();
    assert!(recipe.contains(host), "{heading}");
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("common55.env");
    std::fs::write(&path, recipe.replace(host, &provider.url)).unwrap();
    let (chamber, faults) = Chamber::read(camara(), &path, dir.path());
    let of_sms: Vec<_> = faults.iter().filter(|fault| fault.variable.starts_with("SMS_")).collect();
    assert!(of_sms.is_empty(), "{of_sms:?}");

    let test_db = database().await;
    let gateway = gateway(&chamber.sms.unwrap(), &test_db.db, &Clock::default()).unwrap();
    let mut attempts = gateway.send(camara(), &mobile(), &text(&words())).await;
    assert_eq!(attempts.len(), 1);
    let asked = provider.asked.lock().unwrap().clone();
    assert_eq!(asked.len(), 1);
    (attempts.remove(0).result.map(|receipt| receipt.id), asked[0].clone())
}

fn header<'a>(asked: &'a Asked, name: &str) -> &'a str {
    asked.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{password}")))
}

fn json_of(asked: &Asked) -> Value {
    assert_eq!((asked.method.as_str(), header(asked, "content-type")), ("POST", "application/json"));
    serde_json::from_str(&asked.body).unwrap()
}

#[tokio::test]
async fn aldeamo() {
    let with = async |answer| send("Aldeamo", "https://apitellit.aldeamo.com", StatusCode::OK, answer).await;
    let (result, asked) = with(
        r#"{"status": 1, "reason": "Request Received", "result": {"totalRequest": 1, "totalFailed": 0,
            "receivedRequests": [{"mobile": "3001234567", "transactionId": "postT02615L57G3001234567Rm4yx8Psmsi",
            "status": 1, "reason": "Request Received"}], "failedRequests": []}}"#,
    )
    .await;
    // Its identifiers hold the number: it is kept masked.
    assert_eq!(result, Ok(Some(format!("postT02615L57G{}Rm4yx8Psmsi", mobile().masked().replace(' ', "")))));
    assert_eq!(asked.uri.path(), "/SmsiWS/smsSendPost/");
    assert_eq!(header(&asked, "authorization"), basic("su-usuario", "su-clave"));
    assert_eq!(
        json_of(&asked),
        json!({
            "country": "57", "message": words(), "messageFormat": 1, "addresseeList": [{ "mobile": "3001234567" }]
        })
    );
    let refused = r#"{"status": 1, "result": {"totalRequest": 1, "totalFailed": 1, "receivedRequests": []}}"#;
    assert_eq!(with(refused).await.0, Err(SmsError::NotAccepted));
}

#[tokio::test]
async fn hablame() {
    let with = async |answer| send("Hablame", "https://www.hablame.co", StatusCode::OK, answer).await;
    let (result, asked) = with(
        r#"{"payLoad": {"messages": [{"id": "fb640ade-cc11-48d1-a45f-39578c509373", "statusId": 102,
            "to": "3001234567"}], "smsQty": 1}, "statusCode": 200, "statusMessage": "OK"}"#,
    )
    .await;
    assert_eq!(result, Ok(Some("fb640ade-cc11-48d1-a45f-39578c509373".to_owned())));
    assert_eq!((asked.uri.path(), header(&asked, "x-hablame-key")), ("/api/sms/v5/send", "su-clave"));
    assert_eq!(header(&asked, "accept"), "application/json");
    assert_eq!(
        json_of(&asked),
        json!({
            "priority": true, "certificate": false, "flash": false,
            "messages": [{ "to": "3001234567", "text": words() }]
        })
    );
    let no_credit = r#"{"payLoad": {"messages": [{"id": "x", "statusId": 105}]}, "statusCode": 200}"#;
    assert_eq!(with(no_credit).await.0, Err(SmsError::Declined));
    assert_eq!(with(r#"{"statusCode": 401, "statusMessage": "Unauthorized"}"#).await.0, Err(SmsError::NotAccepted));
}

#[tokio::test]
async fn infobip() {
    let with = async |answer| send("Infobip", "https://xxxxx.api.infobip.com", StatusCode::OK, answer).await;
    let (result, asked) = with(
        r#"{"messages": [{"messageId": "2250be2d4219-3af1-78856-aabe", "status": {"groupId": 1,
            "groupName": "PENDING", "id": 26, "name": "PENDING_ACCEPTED"}, "destination": "573001234567"}]}"#,
    )
    .await;
    assert_eq!(result, Ok(Some("2250be2d4219-3af1-78856-aabe".to_owned())));
    assert_eq!((asked.uri.path(), header(&asked, "authorization")), ("/sms/3/messages", "App su-clave"));
    assert_eq!(
        json_of(&asked),
        json!({ "messages": [{
            "sender": "su-remitente", "destinations": [{ "to": "573001234567" }], "content": { "text": words() }
        }] })
    );
    let rejected = r#"{"messages": [{"messageId": "x", "status": {"groupId": 5, "groupName": "REJECTED"}}]}"#;
    assert_eq!(with(rejected).await.0, Err(SmsError::Declined));
}

#[tokio::test]
async fn twilio() {
    let with = async |status, answer| send("Twilio", "https://api.twilio.com", status, answer).await;
    let (result, asked) =
        with(StatusCode::CREATED, r#"{"body": "…", "sid": "SM0123456789abcdef", "status": "queued"}"#).await;
    assert_eq!(result, Ok(Some("SM0123456789abcdef".to_owned())));
    assert_eq!((asked.method.as_str(), asked.uri.path()), ("POST", "/2010-04-01/Accounts/ACxxxxxxxx/Messages.json"));
    assert_eq!(header(&asked, "authorization"), basic("ACxxxxxxxx", "su-token"));
    assert_eq!(header(&asked, "content-type"), "application/x-www-form-urlencoded");
    let form = reqwest::Url::parse(&format!("http://x/?{}", asked.body)).unwrap();
    let pairs: Vec<(String, String)> = form.query_pairs().into_owned().collect();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(pairs, [pair("To", "+573001234567"), pair("From", "+15005550006"), pair("Body", &words())]);
    let failed = with(StatusCode::CREATED, r#"{"sid": "SM01", "status": "failed"}"#).await;
    assert_eq!(failed.0, Err(SmsError::Declined));
    assert_eq!(with(StatusCode::UNAUTHORIZED, r#"{"code": 20003}"#).await.0, Err(SmsError::Status(401)));
}
