//! A gateway over HTTP with every mood.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use server::config::{FIRST, HttpMethod, HttpSms};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// What it does with a request.
#[derive(Clone)]
pub enum Mood {
    /// Answers.
    Say(StatusCode, &'static str),
    /// Says nothing.
    Stall,
}

/// A request as it came.
#[derive(Clone)]
pub struct Asked {
    pub method: Method,
    pub uri: Uri,
    pub headers: HeaderMap,
    pub body: String,
}

pub struct HttpProvider {
    pub url: String,
    pub mood: Mutex<Mood>,
    pub asked: Mutex<Vec<Asked>>,
}

impl HttpProvider {
    pub async fn open(mood: Mood) -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let provider = Arc::new(Self { url, mood: Mutex::new(mood), asked: Mutex::default() });
        let app = Router::new().fallback(answer).with_state(Arc::clone(&provider));
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        provider
    }

    pub fn mood(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    pub fn count(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

async fn answer(
    State(provider): State<Arc<HttpProvider>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let body = String::from_utf8(body.to_vec()).unwrap();
    provider.asked.lock().unwrap().push(Asked { method, uri, headers, body });
    let mood = provider.mood.lock().unwrap().clone();
    match mood {
        Mood::Say(status, text) => (status, text).into_response(),
        Mood::Stall => std::future::pending().await,
    }
}

/// A gateway that reads the request and hangs up; how often it did.
pub async fn one_that_drops() -> (String, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let dropped = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&dropped);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 4096]).await;
            count.fetch_add(1, Ordering::SeqCst);
            let _ = stream.shutdown().await;
        }
    });
    (url, dropped)
}

pub fn settings(url: &str) -> HttpSms {
    HttpSms {
        prefix: FIRST,
        url: url.to_owned(),
        method: HttpMethod::Post,
        account: Some(("usuario".to_owned(), "clave-de-pasarela".to_owned().into())),
        headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
        body: r#"{"to":"57{{ celular }}","text":"{{ texto }}"}"#.to_owned(),
        success_text: Some(r#""status":"OK""#.to_owned()),
        error_texts: vec![r#""saldo":0"#.to_owned()],
        id_pointer: Some("/id".to_owned()),
    }
}

pub const TAKEN: Mood = Mood::Say(StatusCode::OK, r#"{ "status" : "OK", "id": "h-3001234567-9" }"#);
