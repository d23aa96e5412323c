//! After a signature, with everything logged that can be: no password, key or PIN stands anywhere.

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::post;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use server::observe::log::{self, Format};
use tracing_lines::Lines;

use super::{EMAIL, ID, MOBILE, Notary, PASSWORD, other_pin, right, with};

mod tracing_lines {
    use super::{Arc, Mutex, Write};

    /// Where the log goes.
    #[derive(Clone, Default)]
    pub struct Lines(pub Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
}

/// A gateway that keeps what it is sent.
async fn gateway() -> (String, Arc<Mutex<Vec<String>>>) {
    let received = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&received);
    let take = move |text: String| async move { kept.lock().unwrap().push(text) };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/sms", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/sms", post(take))).await });
    (address, received)
}

/// Every row of every table, as text.
async fn database_text(notary: &Notary) -> String {
    let db = notary.site.app.db.reader();
    let backend = notary.site.app.db.backend();
    let (tables, row) = match backend {
        DbBackend::Sqlite => ("SELECT name AS t FROM sqlite_master WHERE type = 'table'", None),
        _ => ("SELECT table_name AS t FROM information_schema.tables WHERE table_schema = 'public'", Some("t::text")),
    };
    let mut text = String::new();
    for table in db.query_all_raw(Statement::from_string(backend, tables)).await.unwrap() {
        let table: String = table.try_get("", "t").unwrap();
        let columns = match row {
            Some(row) => row.to_owned(),
            None => {
                let named = format!("SELECT name AS c FROM pragma_table_info('{table}')");
                let named = db.query_all_raw(Statement::from_string(backend, named)).await.unwrap();
                let names = named.iter().map(|row| format!("quote(\"{}\")", row.try_get::<String>("", "c").unwrap()));
                names.collect::<Vec<_>>().join(" || ' ' || ")
            }
        };
        let rows = format!("SELECT {columns} AS fila FROM \"{table}\" t");
        for row in db.query_all_raw(Statement::from_string(backend, rows)).await.unwrap() {
            text.push_str(&row.try_get::<String>("", "fila").unwrap());
            text.push('\n');
        }
    }
    text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_password_key_or_pin_stands_in_database_log_or_answer() {
    let lines = Lines::default();
    let writer = lines.clone();
    log::begin(Format::Json, "trace".into(), move || writer.clone());
    let (address, received) = gateway().await;
    let http = format!("SMS_PROVEEDOR=http\nSMS_HTTP_URL={address}\nSMS_HTTP_CUERPO={{{{texto}}}}\n");
    let notary = Notary::open_with(&http).await;

    let mut answers = vec![notary.ask(&with("clave", "Wrong23456")).await];
    let asked = notary.ask(&right()).await;
    let id = asked.id();
    let pin = received.lock().unwrap()[0].split_whitespace().nth(3).unwrap().to_owned();
    let wrong = other_pin(&pin);
    answers.extend([asked, notary.confirm(&id, &wrong).await, notary.confirm(&id, &pin).await]);
    answers.extend([notary.look(&id).await, notary.call("GET", "/firmas/x", &notary.key, None).await]);
    assert_eq!(answers[3].status, 200, "{}", answers[3].text);

    let database = database_text(&notary).await;
    assert!(database.contains(EMAIL) && database.contains(&id), "the database was to be read");
    let logged = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("/api/v1/firmas"), "the log was to be read");
    // The test's own client and connection log what they send: ours and the libraries that we stand on.
    let ours: Vec<&str> = logged.lines().filter(|line| !line.contains("\"target\":\"hyper")).collect();
    let answered: String = answers.iter().map(|answer| answer.text.as_str()).collect();
    let secrets = [PASSWORD, "Wrong23456", &notary.key];
    for secret in secrets {
        assert!(!database.contains(secret) && !answered.contains(secret));
    }
    for pin in [&pin, &wrong] {
        assert!(!database.contains(&format!("'{pin}'")) && !answered.contains(&format!("\"{pin}\"")));
    }
    for told in [PASSWORD, "Wrong23456", &notary.key, &format!("PIN {pin}"), ID, EMAIL, MOBILE] {
        let line = ours.iter().find(|line| line.contains(told));
        assert!(line.is_none(), "«{told}» is logged: {line:?}");
    }
}
