//! `/consola/eventos`: told at once, told on change, and no longer than the session lasts.

use std::time::{Duration, Instant};

use contract::sending::{BatchState, Progress, SendTarget, SendingService};
use contract::staff::Role;
use contract::{Email, Year};
use entity::sesiones;
use sea_orm::EntityTrait;
use server::services::actor::Actor;
use server::services::sending::SendingDesk;

use crate::support::site::TestSite;
use crate::support::{camara, other_camara};

fn year() -> Year {
    Year::new(2026).unwrap()
}

/// One open stream.
struct Events {
    answer: reqwest::Response,
    text: String,
}

impl Events {
    async fn open(site: &TestSite, client: &reqwest::Client) -> Self {
        let request = client.get(site.url("/consola/eventos?ano=2026")).header("accept-encoding", "br, gzip");
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        Self { answer, text: String::new() }
    }

    /// The next progress; `None` when the stream ends.
    async fn next(&mut self) -> Option<Progress> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let data =
                    event.strip_prefix("event: progreso\ndata: ").map(|json| serde_json::from_str(json).unwrap());
                self.text = rest.to_owned();
                match data {
                    Some(progress) => return Some(progress),
                    None => continue,
                }
            }
            let chunk = tokio::time::timeout(Duration::from_secs(10), self.answer.chunk()).await;
            match chunk.expect("something is told, or the stream ends") {
                Ok(Some(bytes)) => self.text.push_str(std::str::from_utf8(&bytes).unwrap()),
                _ => return None,
            }
        }
    }
}

fn desk(site: &TestSite) -> SendingDesk {
    site.app.sending_desk(&Actor::command_line(camara())).unwrap()
}

#[tokio::test]
async fn the_page_is_told_at_once_and_then_within_a_second_of_every_change() {
    let site = TestSite::start("").await;
    let client = site.log_in(Role::Auditor).await;
    let mut events = Events::open(&site, &client).await;
    let headers = events.answer.headers();
    assert_eq!(headers["content-type"], "text/event-stream");
    assert_eq!(headers["cache-control"], "no-cache");
    assert_eq!(headers["x-accel-buffering"], "no");
    assert!(!headers.contains_key("content-encoding"), "compression would hold events back");
    assert_eq!(events.next().await.unwrap().lotes, []);

    // Whoever does it, wherever: only the database knows.
    let target = SendTarget::Test(Email::parse("ana@example.com").unwrap());
    let begun = Instant::now();
    let batch = desk(&site).start(year(), target, "llave".into()).await.unwrap();
    let told = events.next().await.unwrap();
    assert!(begun.elapsed() < Duration::from_millis(1500), "{:?}", begun.elapsed());
    assert_eq!((told.lotes[0].id, told.lotes[0].estado), (batch.id, BatchState::EnCurso));

    // A second page is told at once what the first one knows already.
    let mut second = Events::open(&site, &client).await;
    assert_eq!(second.next().await.unwrap().lotes, told.lotes);

    desk(&site).pause(batch.id).await.unwrap();
    for stream in [&mut events, &mut second] {
        assert_eq!(stream.next().await.unwrap().lotes[0].estado, BatchState::EnPausa);
    }
}

#[tokio::test]
async fn nobody_is_told_of_another_chambers_batches() {
    let site = TestSite::start("").await;
    let client = site.log_in(Role::Supervisor).await;
    let theirs = site.app.sending_desk(&Actor::command_line(other_camara())).unwrap();
    let target = SendTarget::Test(Email::parse("ana@example.com").unwrap());
    theirs.start(year(), target, "llave".into()).await.unwrap();
    assert_eq!(Events::open(&site, &client).await.next().await.unwrap().lotes, []);
}

#[tokio::test]
async fn looking_on_is_no_use_of_the_session_and_ends_with_it() {
    let site = TestSite::start("").await;
    let client = site.log_in(Role::Operador).await;
    let mut events = Events::open(&site, &client).await;
    events.next().await.unwrap();
    let used = last_use(&site).await;

    site.app.clock.advance_seconds(10 * 60);
    Events::open(&site, &client).await.next().await.unwrap();
    for path in ["progreso", "campana-al-dia"] {
        let form = [("ano", "2026")];
        let answer = client.post(site.url(&format!("/api/consola/{path}"))).form(&form).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
    }
    assert_eq!(last_use(&site).await, used);

    site.app.clock.advance_seconds(6 * 60);
    while events.next().await.is_some() {}
    let again = client.get(site.url("/consola/eventos?ano=2026")).send().await.unwrap();
    assert_eq!(again.status(), 401);
}

#[tokio::test]
async fn logging_out_and_stopping_the_server_end_the_streams() {
    let site = TestSite::start("").await;
    let client = site.log_in(Role::Operador).await;
    let mut events = Events::open(&site, &client).await;
    events.next().await.unwrap();
    client.post(site.url("/consola/salir")).send().await.unwrap();
    while events.next().await.is_some() {}

    let client = site.log_in(Role::Auditor).await;
    let mut events = Events::open(&site, &client).await;
    events.next().await.unwrap();
    site.app.live.close();
    while events.next().await.is_some() {}
}

#[tokio::test]
async fn a_year_that_is_none_is_refused() {
    let site = TestSite::start("").await;
    let client = site.log_in(Role::Operador).await;
    for query in ["", "?ano=", "?ano=1999", "?ano=dos"] {
        let answer = client.get(site.url(&format!("/consola/eventos{query}"))).send().await.unwrap();
        assert_eq!(answer.status(), 422, "{query}");
    }
}

async fn last_use(site: &TestSite) -> i64 {
    sesiones::Entity::find().one(site.app.db.reader()).await.unwrap().unwrap().usada_en
}
