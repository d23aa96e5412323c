//! What the machine does to a campaign: a full disk, a locked database, a clock that jumps, a
//! certificate that ends. Nothing is lost, and one clear word says what to do.

use std::time::Duration;

use contract::ServiceError;
use contract::campaign::{CampaignService, Deletion, PasswordState as S};
use contract::sending::{BatchState, PauseReason, SendTarget, SendingService, WorkerTrouble};
use domain::sending::Reply;
use sea_orm::{ConnectionTrait, DbBackend};
use server::mail::catcher::Behaviour;
use server::services::actor::Actor;
use server::services::campaign::CampaignDesk;
use server::services::sending::queue::{Outcome, Written};
use server::signing::dev::make_p12_until;

use super::world::{World, YEAR, year};
use crate::support::camara;

/// Waits until something is so: what it waits for happens in another task.
async fn until(what: &str, mut so: impl AsyncFnMut() -> bool) {
    for _ in 0..1_000 {
        if so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("never: {what}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_stops_sending_is_said_and_loses_nothing() {
    let world = World::new().await;
    if world.test_db.db.backend() != DbBackend::Sqlite {
        // A full disk cannot be had on a PostgreSQL server that other tests share.
        return;
    }
    world.merchants(40).await;
    let batch = world.desk().start(year(), SendTarget::Count(40), "a".to_owned()).await.unwrap();
    let most_pages = async |pages: &str| {
        // The limit is a connection's own, and there is but one that writes.
        let writer = world.test_db.db.write().await.unwrap();
        writer.execute_unprepared(&format!("PRAGMA max_page_count = {pages}")).await.unwrap();
        writer.commit().await.unwrap();
    };
    most_pages("1").await;

    let worker = world.worker();
    let lote = batch.id;
    let sending = tokio::spawn(async move { worker.drain(camara(), Some(lote)).await });
    until("the full disk is noticed", async || {
        world.desk().progress(year()).await.unwrap().aviso == Some(WorkerTrouble::DiskFull)
    })
    .await;
    let refused = world.desk().pause(batch.id).await;
    assert!(matches!(refused, Err(ServiceError::DiskFull) | Ok(_)), "{refused:?}");

    most_pages("1073741823").await;
    let _ = sending.await.unwrap();
    if world.desk().batch(batch.id).await.unwrap().estado == BatchState::EnPausa {
        world.desk().resume(batch.id).await.unwrap();
    }
    world.clock.advance_seconds(3600);
    world.drain(batch.id).await.unwrap();
    assert_eq!(world.desk().progress(year()).await.unwrap().aviso, None);
    let states = world.states().await;
    assert!(states.iter().all(|state| matches!(state, S::Enviado | S::Incierto)), "{states:?}");
    let certain = states.iter().filter(|state| **state == S::Enviado).count() as u64;
    assert!(world.store.count() >= certain && world.store.count() <= 40);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_database_is_waited_for_and_nothing_leaves_meanwhile() {
    let world = World::new().await;
    world.merchants(5).await;
    let batch = world.desk().start(year(), SendTarget::Count(5), "a".to_owned()).await.unwrap();
    let lock = world.test_db.db.write().await.unwrap();
    if world.test_db.db.backend() == DbBackend::Postgres {
        lock.execute_unprepared("LOCK TABLE lotes, claves_preasignadas IN ACCESS EXCLUSIVE MODE").await.unwrap();
    }
    let worker = world.worker();
    let sending = tokio::spawn(async move { worker.drain(camara(), Some(batch.id)).await });
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(world.store.count(), 0, "something left without a durable mark");
    assert!(!sending.is_finished());
    drop(lock);
    sending.await.unwrap().unwrap();
    assert_eq!(world.states().await, [S::Enviado; 5]);
    assert_eq!(world.store.count(), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_jumps_either_way_doubles_and_loses_nothing() {
    for jump in [86_400, -86_400] {
        let world = World::with(Behaviour { delay: Duration::from_millis(300), ..Behaviour::default() }, &[]).await;
        world.merchants(6).await;
        let batch = world.desk().start(year(), SendTarget::Count(6), "a".to_owned()).await.unwrap();
        let (one, two) = (world.worker(), world.worker());
        let first = tokio::spawn(async move { one.drain(camara(), Some(batch.id)).await });
        until("a mail is under way", async || world.states().await.contains(&S::Transmitiendo)).await;
        world.clock.advance_seconds(jump);
        // Another node takes the first one's leases for expired, or its own for eternal.
        two.drain(camara(), Some(batch.id)).await.unwrap();
        first.await.unwrap().unwrap();
        world.clock.advance_seconds(2 * 86_400);
        world.drain(batch.id).await.unwrap();
        assert_eq!(world.states().await, [S::Enviado; 6], "jump {jump}");
        assert_eq!(world.store.count(), 6, "jump {jump}");
    }
}

#[tokio::test]
async fn a_certificate_that_ends_in_the_middle_of_a_batch_stops_it_until_there_is_another() {
    let world = World::with(Behaviour::default(), &[("MASIVOS_MAXIMO_HORA", "3")]).await;
    let certify = |until: i64| {
        let now = world.clock.now();
        let p12 = make_p12_until("Cámara", "firma secreta", now.plus_seconds(-60), now.plus_seconds(until)).unwrap();
        std::fs::write(world.dir.path().join("firma.p12"), p12).unwrap();
    };
    certify(1800);
    world.merchants(5).await;
    let batch = world.send(5).await.unwrap();
    assert_eq!((batch.enviados, batch.pausa), (3, Some(PauseReason::Pace)));
    world.clock.advance_seconds(3700);
    let batch = world.drain(batch.id).await.unwrap();
    assert_eq!((batch.enviados, batch.pendientes), (3, 2));
    assert_eq!((batch.estado, batch.pausa), (BatchState::EnPausa, Some(PauseReason::Certificate)));
    let refused = world.desk().resume(batch.id).await.unwrap_err();
    assert!(matches!(refused, ServiceError::CertificateExpired { .. }), "{refused}");
    certify(86_400);
    world.desk().resume(batch.id).await.unwrap();
    assert_eq!(world.drain(batch.id).await.unwrap().enviados, 5);
}

#[tokio::test]
async fn two_people_who_press_enviar_at_once_send_different_rows() {
    let world = World::new().await;
    world.merchants(5).await;
    let desk = world.desk();
    let (one, two) = tokio::join!(
        desk.start(year(), SendTarget::Count(3), "ana".to_owned()),
        desk.start(year(), SendTarget::Count(3), "luis".to_owned())
    );
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_ne!(one.id, two.id);
    assert_eq!(one.solicitados + two.solicitados, 5);
    world.drain(one.id).await.unwrap();
    world.drain(two.id).await.unwrap();
    assert_eq!(world.states().await, [S::Enviado; 5]);
    assert_eq!(world.store.count(), 5);
}

#[tokio::test]
async fn blanquear_while_a_mail_is_on_its_way_ends_everything_in_order() {
    let world = World::new().await;
    world.merchants(3).await;
    let batch = world.desk().start(year(), SendTarget::Count(3), "a".to_owned()).await.unwrap();
    let (on_its_way, prepared) = (world.claim().await, world.claim().await);
    assert_eq!(world.mark(&on_its_way).await, Written::Go);
    let desk = CampaignDesk {
        db: world.test_db.db.clone(),
        clock: world.clock.clone(),
        actor: Actor::command_line(camara()),
        vault: world.vault.clone(),
        chamber: std::sync::Arc::new(world.chamber.clone()),
        stale_needs_reason: false,
    };
    assert_eq!(desk.delete(year(), Deletion::Blanquear, YEAR.to_string()).await.unwrap().eliminados, 3);
    assert_eq!(world.mark(&prepared).await, Written::NotOurs, "nothing more may leave");
    world.settle(&on_its_way, Outcome::Accepted(Reply::new(250, "ok"))).await;
    let batch = world.drain(batch.id).await.unwrap();
    assert_eq!((batch.estado, batch.retirados), (BatchState::Cancelado, 3));
    assert_eq!((world.rows().await.len(), world.store.count()), (0, 0));
}

#[tokio::test]
async fn a_pause_holds_back_what_is_prepared_already() {
    let world = World::new().await;
    world.merchants(2).await;
    let batch = world.desk().start(year(), SendTarget::Count(2), "a".to_owned()).await.unwrap();
    let prepared = world.claim().await;
    world.desk().pause(batch.id).await.unwrap();
    assert_eq!(world.mark(&prepared).await, Written::Held);
    assert_eq!(world.states().await, [S::Pendiente; 2]);
    world.desk().resume(batch.id).await.unwrap();
    assert_eq!(world.drain(batch.id).await.unwrap().enviados, 2);
}
