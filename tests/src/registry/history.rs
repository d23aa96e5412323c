//! The record of synchronisations and the registry's age.

use contract::ServiceError;
use contract::registry::{RegistryService, SyncState};
use entity::{auditoria, sincronizaciones};
use sea_orm::{ActiveModelTrait, EntityTrait, Set};
use server::clock::Clock;
use server::services::actor::Actor;
use server::services::registry::RegistryDesk;

use crate::support::registry::{extract, merchant, sync, sync_as};
use crate::support::{TestDb, camara, database, other_camara};

fn desk(test_db: &TestDb, clock: &Clock) -> RegistryDesk {
    RegistryDesk { db: test_db.db.clone(), clock: clock.clone(), actor: Actor::command_line(camara()) }
}

#[tokio::test]
async fn the_registry_ages_from_its_last_successful_synchronisation() {
    let test_db = database().await;
    let clock = Clock::default();
    let desk = desk(&test_db, &clock);
    let never = desk.freshness().await.unwrap();
    assert!(never.stale && never.last_success.is_none());

    sync_as(&test_db.db, &clock, &desk.actor, extract(&[merchant(1)]), None, false).await.result.unwrap();
    assert!(!desk.freshness().await.unwrap().stale);
    clock.advance_seconds(36 * 3600 + 60);
    // A refused file does not make the registry any younger.
    sync_as(&test_db.db, &clock, &desk.actor, "", None, false).await.result.unwrap_err();
    let old = desk.freshness().await.unwrap();
    assert_eq!((old.stale, old.hours), (true, Some(36)));
}

#[tokio::test]
async fn every_run_stands_in_history_and_trail_and_another_chamber_sees_none() {
    let test_db = database().await;
    sync(&test_db.db, extract(&[merchant(1)])).await.result.unwrap();
    sync(&test_db.db, "").await.result.unwrap_err();
    let ours = desk(&test_db, &Clock::default());
    let history = ours.history().await.unwrap();
    assert_eq!(history.iter().map(|run| run.state).collect::<Vec<_>>(), [SyncState::Rechazada, SyncState::Terminada]);
    assert_eq!((history[1].file_name.as_str(), history[1].actor.as_str()), ("extracto.csv", "línea de comandos"));
    let trail = auditoria::Entity::find().all(test_db.db.reader()).await.unwrap();
    let actions: Vec<&str> = trail.iter().map(|entry| entry.accion.as_str()).collect();
    assert_eq!(actions, ["sincronizacion", "sincronizacion_rechazada"]);

    let theirs = RegistryDesk { actor: Actor::command_line(other_camara()), ..desk(&test_db, &Clock::default()) };
    assert!(theirs.history().await.unwrap().is_empty());
    assert_eq!(theirs.rejects(history[0].id).await, Err(ServiceError::NotFound));
}

#[tokio::test]
async fn a_run_whose_process_died_is_closed_by_the_next_one() {
    let test_db = database().await;
    let clock = Clock::default();
    let now = clock.now().0;
    let run = |silent_ms: i64| sincronizaciones::ActiveModel {
        camara: Set(camara().to_string()),
        iniciada_en: Set(now - silent_ms),
        senal_en: Set(now - silent_ms),
        archivo: Set("viejo.csv".to_owned()),
        actor: Set("ana".to_owned()),
        estado: Set("en_curso".to_owned()),
        leidas: Set(10),
        insertadas: Set(0),
        actualizadas: Set(0),
        sin_cambio: Set(0),
        rechazadas: Set(0),
        ..Default::default()
    };
    let dead = run(16 * 60 * 1000).insert(test_db.db.reader()).await.unwrap();
    let alive = run(60 * 1000).insert(test_db.db.reader()).await.unwrap();
    sync(&test_db.db, extract(&[merchant(1)])).await.result.unwrap();
    let history = desk(&test_db, &clock).history().await.unwrap();
    let state = |id: i64| history.iter().find(|run| run.id == id).unwrap().state;
    assert_eq!((state(dead.id), state(alive.id)), (SyncState::Fallida, SyncState::EnCurso));
}

#[tokio::test]
async fn an_upload_that_is_cancelled_closes_its_run() {
    let test_db = database().await;
    let (mut writer, reader) = tokio::io::duplex(64);
    let source = server::registry::sync::Source {
        file_name: "a.csv".to_owned(),
        reader,
        encoding: None,
        delimiter: None,
        partial: false,
    };
    let (db, actor) = (test_db.db.clone(), Actor::command_line(camara()));
    let upload = tokio::spawn(async move {
        server::registry::sync::synchronise(&db, &Clock::default(), &actor, source, &mut |_| {}).await
    });
    // More than the pipe holds: once this is written the run has begun.
    tokio::io::AsyncWriteExt::write_all(&mut writer, &[b'x'; 200]).await.unwrap();
    upload.abort();
    assert!(upload.await.unwrap_err().is_cancelled());
    // It is closed by a task of its own: looked at until it is done, for at most twenty seconds.
    for _ in 0..1_000 {
        let runs = sincronizaciones::Entity::find().all(test_db.db.reader()).await.unwrap();
        if runs[0].estado == "fallida" {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the cancelled run stays open");
}
