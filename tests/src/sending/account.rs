//! Faults of the server or the account stop the batch; no row pays for them.

use contract::ServiceError;
use contract::campaign::PasswordState as S;
use contract::sending::{BatchState, PauseReason, SendingService};
use domain::sending::Phase;
use server::mail::catcher::{Behaviour, Refusal};

use super::world::World;

fn refuse(phase: Phase, reply: &str, times: Option<u32>) -> Behaviour {
    let refusal = Refusal { phase, reply: reply.to_owned(), recipient: None, times };
    Behaviour { refusals: vec![refusal], ..Behaviour::default() }
}

async fn stops(behaviour: Behaviour, variables: &[(&str, &str)], reason: PauseReason, resumes: bool) {
    let world = World::with(behaviour, variables).await;
    world.merchants(2).await;
    let batch = world.send(2).await.unwrap();
    assert_eq!((batch.estado, batch.pausa), (BatchState::EnPausa, Some(reason.clone())));
    assert_eq!(batch.reanuda_en.is_some(), resumes, "{reason:?}");
    assert_eq!(batch.pendientes, 2);
    assert_eq!(world.states().await, [S::Pendiente; 2]);
    assert!(world.rows().await.iter().all(|row| row.sellada.is_some() && row.hash.is_none() && row.intentos == 0));
    assert_eq!(world.store.count(), 0);
    assert!(world.audited("lote_pausado").await >= 1);
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_tried_again_later() {
    stops(Behaviour::default(), &[("MASIVOS_SMTP_PORT", "1")], PauseReason::Unreachable, true).await;
}

#[tokio::test]
async fn a_busy_server_pauses_the_batch_for_a_time_wherever_it_says_so() {
    for phase in [Phase::Greeting, Phase::MailFrom, Phase::RcptTo, Phase::Data, Phase::Body] {
        stops(refuse(phase, "421 4.3.2 ocupado", None), &[], PauseReason::Throttled, true).await;
    }
    stops(refuse(Phase::RcptTo, "450 4.2.1 muy rápido", None), &[], PauseReason::Throttled, true).await;
}

#[tokio::test]
async fn a_sender_or_account_refused_for_good_waits_for_staff() {
    stops(refuse(Phase::MailFrom, "550 5.1.8 remitente", None), &[], PauseReason::Account, false).await;
    stops(refuse(Phase::RcptTo, "550 5.4.5 cuota diaria", None), &[], PauseReason::Account, false).await;
    stops(refuse(Phase::Body, "550 5.7.1 bloqueado", None), &[], PauseReason::Account, false).await;
    stops(refuse(Phase::MailFrom, "530 5.7.0 autentique", None), &[], PauseReason::Authentication, false).await;
}

#[tokio::test]
async fn a_pause_for_a_time_ends_by_itself() {
    let world = World::with(refuse(Phase::RcptTo, "421 4.3.2 ocupado", Some(1)), &[]).await;
    world.merchants(2).await;
    let batch = world.send(2).await.unwrap();
    assert_eq!(batch.estado, BatchState::EnPausa);
    world.clock.advance_seconds(361);
    let batch = world.drain(batch.id).await.unwrap();
    assert_eq!((batch.enviados, batch.estado), (2, BatchState::Terminado));
}

#[tokio::test]
async fn five_faults_in_a_row_trip_the_breaker() {
    let world = World::with(refuse(Phase::Greeting, "421 ocupado", None), &[]).await;
    world.merchants(1).await;
    let mut batch = world.send(1).await.unwrap();
    for _ in 0..4 {
        assert_eq!(batch.pausa, Some(PauseReason::Throttled));
        world.clock.advance_seconds(4 * 3600);
        batch = world.drain(batch.id).await.unwrap();
    }
    assert_eq!((batch.pausa, batch.reanuda_en), (Some(PauseReason::Breaker), None));
    world.script.change(|b| b.refusals.clear());
    world.desk().resume(batch.id).await.unwrap();
    assert_eq!(world.drain(batch.id).await.unwrap().enviados, 1);
}

#[tokio::test]
async fn more_than_a_tenth_refused_trips_the_breaker_once_twenty_went_out() {
    let world = World::with(refuse(Phase::RcptTo, "550 5.1.1 no existe", None), &[]).await;
    world.merchants(30).await;
    let batch = world.send(30).await.unwrap();
    assert_eq!((batch.estado, batch.pausa), (BatchState::EnPausa, Some(PauseReason::Breaker)));
    assert!((20..=21).contains(&batch.rechazados), "{}", batch.rechazados);
    assert_eq!(batch.rechazados + batch.pendientes, 30);
}

#[tokio::test]
async fn sending_is_refused_with_the_names_of_what_is_missing_or_unusable() {
    let refused = async |variables: &[(&str, &str)]| {
        let world = World::with(Behaviour::default(), variables).await;
        world.merchants(1).await;
        let outlook = world.desk().outlook(super::world::year()).await.unwrap();
        let ServiceError::Configuration { missing } = world.send(1).await.unwrap_err() else { panic!() };
        assert!(outlook.faltantes.is_empty() || outlook.faltantes == missing);
        missing
    };
    assert_eq!(refused(&[("MASIVOS_SMTP_SERVER", "")]).await, ["MASIVOS_SMTP_SERVER"]);
    assert_eq!(refused(&[("FIRMA_P12", "no-existe.p12")]).await, ["FIRMA_P12"]);
    assert_eq!(refused(&[("FIRMA_P12_CLAVE", "otra")]).await, ["FIRMA_P12_CLAVE"]);

    let world = World::new().await;
    world.merchants(1).await;
    world.clock.advance_seconds(3 * 365 * 86_400);
    let refused = world.send(1).await.unwrap_err();
    assert!(matches!(refused, ServiceError::CertificateExpired { .. }), "{refused}");
    assert_eq!(world.states().await, [S::Pendiente]);
}

#[tokio::test]
async fn a_broken_template_of_the_chamber_is_named_before_anything_is_sent() {
    let world = World::with(Behaviour::default(), &[("PLANTILLAS", "plantillas")]).await;
    world.merchants(1).await;
    let folder = world.dir.path().join("plantillas/preasignacion");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("cuerpo.html"), "{% if %}").unwrap();
    let broken = ServiceError::Configuration { missing: vec!["PLANTILLAS".to_owned()] };
    assert_eq!(world.send(1).await.unwrap_err(), broken);
    std::fs::write(folder.join("cuerpo.html"), "<p>Propia para {{ nombre }}</p>").unwrap();
    assert_eq!(world.send(1).await.unwrap().enviados, 1);
    assert!(String::from_utf8_lossy(&world.store.newest(1)[0].raw).contains("Propia para COMERCIANTE 0"));
}
