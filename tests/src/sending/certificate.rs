//! A certificate that ends: staff hear of it in time, and nothing is sent once it is over.

use contract::ServiceError;
use contract::campaign::CampaignService;
use contract::sending::{BatchState, PauseReason, SendTarget, SendingService};
use domain::sending::Phase;
use server::config::TsaSettings;
use server::mail::catcher::{Behaviour, Refusal};
use server::services::actor::Actor;
use server::services::campaign::CampaignDesk;
use server::signing::dev::make_p12_until;

use super::world::{World, year};
use crate::support::camara;

const DAY: i64 = 86_400;

/// A world whose certificate ends in so many seconds.
async fn world(seconds: i64, behaviour: Behaviour) -> World {
    let world = World::with(behaviour, &[]).await;
    let now = world.clock.now();
    let p12 = make_p12_until("Cámara", "firma secreta", now.plus_seconds(-DAY), now.plus_seconds(seconds)).unwrap();
    std::fs::write(world.dir.path().join("firma.p12"), p12).unwrap();
    world
}

async fn days(world: &World) -> Option<i64> {
    let desk = CampaignDesk {
        db: world.test_db.db.clone(),
        clock: world.clock.clone(),
        actor: Actor::command_line(camara()),
        vault: world.vault.clone(),
        chamber: std::sync::Arc::new(world.chamber.clone()),
        stale_needs_reason: false,
    };
    desk.view(year()).await.unwrap().certificado.map(|end| end.dias)
}

#[tokio::test]
async fn staff_are_told_thirty_days_before_and_a_batch_is_refused_afterwards() {
    let world = world(40 * DAY + 60, Behaviour::default()).await;
    world.merchants(2).await;
    assert_eq!(days(&world).await, None);
    world.clock.advance_seconds(11 * DAY);
    assert_eq!(days(&world).await, Some(29));
    assert_eq!(world.send(1).await.unwrap().enviados, 1, "it still serves");
    world.clock.advance_seconds(30 * DAY);
    assert_eq!(days(&world).await, Some(-1));
    let refused = world.desk().start(year(), SendTarget::Count(1), "tarde".to_owned()).await.unwrap_err();
    let ServiceError::CertificateExpired { on } = &refused else { panic!("{refused:?}") };
    let said = app::text::service_error(&refused);
    assert!(said.contains(&on.long_date()) && said.contains("FIRMA_P12"), "{said}");
    assert_eq!(world.store.count(), 1);
}

#[tokio::test]
async fn a_batch_under_way_stands_with_its_cause_and_no_row_fails() {
    // The first try is put off; when it comes again the certificate is over.
    let refusal = Refusal { phase: Phase::RcptTo, reply: "451 4.7.1 later".into(), recipient: None, times: Some(3) };
    let world = world(60 * DAY, Behaviour { refusals: vec![refusal], ..Behaviour::default() }).await;
    world.merchants(3).await;
    let batch = world.send(3).await.unwrap();
    assert_eq!((batch.estado, batch.reintento), (BatchState::EnCurso, 3));
    world.clock.advance_seconds(61 * DAY);
    let batch = world.drain(batch.id).await.unwrap();
    assert_eq!((batch.estado, batch.pausa), (BatchState::EnPausa, Some(PauseReason::Certificate)));
    assert_eq!((batch.pendientes, batch.rechazados, batch.enviados), (3, 0, 0));
    let resumed = world.desk().resume(batch.id).await.unwrap_err();
    assert!(matches!(resumed, ServiceError::CertificateExpired { .. }));
}

#[tokio::test]
async fn an_authority_for_time_stamps_that_is_away_holds_no_batch_up() {
    let mut world = World::new().await;
    let nobody = TsaSettings { url: "http://127.0.0.1:9/tsr".to_owned(), account: None };
    world.chamber.signing.as_mut().unwrap().tsa = Some(nobody);
    world.merchants(5).await;
    assert_eq!(world.send(5).await.unwrap().enviados, 5);
    for mail in world.store.newest(5) {
        // Valid without a stamp, over the whole file.
        world.letter(&mail);
    }
}
