//! A merchant's telephone: what it sends, and the SMS it receives.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::post;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, redirect};

use super::office::{Office, PASSWORD, fields};

/// The network's SMS: the last PIN of each mobile.
#[derive(Clone, Default)]
pub struct Telephones(Arc<Mutex<HashMap<String, String>>>);

impl Telephones {
    /// Starts the gateway; gives its address.
    pub async fn start(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().route("/{celular}", post(receive)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }

    fn pin(&self, mobile: &str) -> String {
        let received = self.0.lock().unwrap();
        let text = received.iter().find(|(to, _)| to.ends_with(mobile)).map(|(_, text)| text.clone()).unwrap();
        text.split_whitespace().nth(3).unwrap().to_owned()
    }
}

async fn receive(State(telephones): State<Telephones>, Path(celular): Path<String>, text: String) {
    telephones.0.lock().unwrap().insert(celular, text);
}

/// One client for all: connections are kept, cookies are each merchant's own.
pub fn client() -> Client {
    Client::builder().redirect(redirect::Policy::none()).build().unwrap()
}

/// What a road took, step by step.
pub struct Road {
    pub steps: Vec<Duration>,
}

/// The whole road of one merchant: form, PIN, done, every page fetched.
pub async fn activate(client: &Client, office: &Office, telephones: &Telephones, index: usize) -> Road {
    let mut steps = Vec::with_capacity(5);
    let mut timed = |began: Instant| steps.push(began.elapsed());
    let began = Instant::now();
    let cookie = open(client, office).await;
    timed(began);
    let [id, email, mobile] = fields(index);
    let began = Instant::now();
    let next = post_form(client, office, &cookie, None, "aceptar", &credentials(&id, &email, &mobile, PASSWORD)).await;
    timed(began);
    assert!(next.ends_with("/pin"), "merchant {index} was sent to {next}");
    let began = Instant::now();
    get(client, office, &cookie, &next).await;
    timed(began);
    let began = Instant::now();
    let pin = telephones.pin(&mobile);
    let next = post_form(client, office, &cookie, None, "confirmar", &[("camara", "55"), ("pin", &pin)]).await;
    timed(began);
    assert!(next.ends_with("/listo"), "merchant {index} was sent to {next}");
    let began = Instant::now();
    get(client, office, &cookie, &next).await;
    timed(began);
    Road { steps }
}

pub fn credentials<'a>(id: &'a str, email: &'a str, mobile: &'a str, password: &'a str) -> [(&'a str, &'a str); 5] {
    [("camara", "55"), ("identificacion", id), ("correo", email), ("celular", mobile), ("clave", password)]
}

/// Opens the form; gives the cookie.
pub async fn open(client: &Client, office: &Office) -> String {
    let answer = client.get(format!("{}/activacion/55", office.url)).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let cookie = answer.headers()[SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    answer.bytes().await.unwrap();
    cookie
}

/// Posts a form; gives the address of the next page.
pub async fn post_form(
    client: &Client,
    office: &Office,
    cookie: &str,
    network: Option<&str>,
    action: &str,
    form: &[(&str, &str)],
) -> String {
    let mut request = client.post(format!("{}/api/activacion/{action}", office.url)).header(COOKIE, cookie).form(form);
    if let Some(network) = network {
        request = request.header("x-forwarded-for", network);
    }
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 303);
    answer.headers()[LOCATION].to_str().unwrap().to_owned()
}

pub async fn get(client: &Client, office: &Office, cookie: &str, path: &str) -> String {
    let answer = client.get(format!("{}{path}", office.url)).header(COOKIE, cookie).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.text().await.unwrap()
}
