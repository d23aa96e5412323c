//! Many at once.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use http::Request;
use tower::ServiceExt;

use super::{Answer, Notary, other_pin, right, with};

/// Runs all of them at once, each on its own task.
async fn at_once(tasks: impl Iterator<Item = impl Future<Output = Answer> + Send + 'static>) -> Vec<Answer> {
    let handles: Vec<_> = tasks.map(tokio::spawn).collect();
    let mut answers = Vec::new();
    for handle in handles {
        answers.push(handle.await.unwrap());
    }
    answers
}

fn count(answers: &[Answer], codigo: &str) -> usize {
    answers.iter().filter(|answer| answer.json()["codigo"] == codigo).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_parallel_guesses_never_pass_the_limit_by_one() {
    // Five an hour and then a pause, so that the machine's pace does not matter.
    let figures = "INTENTOS_LIBRES=10\nINTENTOS_HORA=5\nINTENTOS_PAUSA_MINUTOS=240\n";
    let notary = Notary::open_with(figures).await;
    let router = server::web::router(notary.site.app.clone());
    let host = notary.site.url("").replace("http://", "");
    let guesses = (0..200).map(|index| {
        let request = Request::post("/api/v1/firmas")
            .header("host", &host)
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {}", notary.key))
            .body(Body::from(with("clave", format!("Wrong{index}")).to_string()));
        let answering = router.clone().oneshot(request.unwrap());
        async move {
            let (head, body) = answering.await.unwrap().into_parts();
            let text = String::from_utf8(to_bytes(body, 1 << 16).await.unwrap().to_vec()).unwrap();
            Answer { status: head.status.as_u16(), headers: head.headers, text }
        }
    });
    let answers = at_once(guesses).await;
    assert_eq!((count(&answers, "credenciales_erradas"), count(&answers, "demasiados_intentos")), (5, 195));
    assert_eq!(notary.trail("firma_rechazada").await.len(), 5);
    // Not even a right one among them is looked at.
    assert_eq!(notary.ask(&right()).await.status, 429);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_confirmations_at_once_one_makes_the_record_and_all_get_it() {
    let notary = Arc::new(Notary::open().await);
    let (id, pin) = notary.pending().await;
    let confirming = (0..12).map(|_| {
        let (notary, id, pin) = (Arc::clone(&notary), id.clone(), pin.clone());
        async move { notary.confirm(&id, &pin).await }
    });
    let answers = at_once(confirming).await;
    assert!(answers.iter().all(|answer| answer.status == 200 && answer.text == answers[0].text));
    assert_eq!(notary.trail("firma_realizada").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_wrong_pins_at_once_three_are_looked_at() {
    let notary = Arc::new(Notary::open().await);
    let (id, pin) = notary.pending().await;
    let guesses = (0..20).map(|_| {
        let (notary, id, pin) = (Arc::clone(&notary), id.clone(), other_pin(&pin));
        async move { notary.confirm(&id, &pin).await }
    });
    let answers = at_once(guesses).await;
    assert_eq!((count(&answers, "pin_errado"), count(&answers, "pin_anulado")), (2, 18));
    assert_eq!(notary.trail("pin_errado").await.len(), 3);
    assert_eq!(notary.confirm(&id, &pin).await.refusal().1, "pin_anulado");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_idempotency_key_at_once_makes_one_request_and_sends_one_sms() {
    let notary = Arc::new(Notary::open().await);
    let asking = (0..3).map(|_| {
        let notary = Arc::clone(&notary);
        async move { notary.ask(&with("idempotencia", "tramite-1")).await }
    });
    let answers = at_once(asking).await;
    assert!(answers.iter().all(|answer| answer.id() == answers[0].id()));
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    assert_eq!((notary.rows().await.len(), notary.sms_count().await), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_pile_of_requests_passes_the_budget_of_sms() {
    let notary = Arc::new(Notary::open_with("INTENTOS_LIBRES=10\n").await);
    let asking = (0..10).map(|_| {
        let notary = Arc::clone(&notary);
        async move { notary.ask(&right()).await }
    });
    let answers = at_once(asking).await;
    let told: Vec<&str> = answers.iter().filter(|answer| answer.status > 201).map(|a| a.text.as_str()).collect();
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 5, "{told:?}");
    assert_eq!((count(&answers, "limite_sms"), notary.sms_count().await), (5, 5), "{told:?}");
}
