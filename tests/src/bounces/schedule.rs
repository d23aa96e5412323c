//! The server's own reading: one node at a time, when it is due, whatever fails.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use entity::tareas;
use sea_orm::EntityTrait;
use server::jobs::bounces::{BounceJob, TASK};
use server::jobs::schedule::Task;
use tokio::sync::watch;

use super::{id_of, samples, sent};
use crate::sending::world::World;
use crate::support::camara;

fn node(world: &World) -> BounceJob {
    BounceJob {
        db: world.test_db.db.clone(),
        clock: world.clock.clone(),
        chambers: Arc::new([(world.chamber.code, Arc::new(world.chamber.clone()))].into()),
    }
}

async fn look(node: &BounceJob) -> usize {
    let (_stop, mut stopping) = watch::channel(false);
    node.look(&mut stopping).await
}

async fn task(world: &World) -> tareas::Model {
    tareas::Entity::find().one(world.test_db.db.reader()).await.unwrap().unwrap()
}

/// A world whose chamber reads this folder every five minutes.
async fn world(folder: &Path) -> World {
    let path = folder.display().to_string();
    sent(2, &[("REBOTES_CARPETA", path.as_str()), ("REBOTES_MINUTOS", "5")]).await
}

async fn drop_bounce(world: &World, folder: &Path, index: usize) {
    let raw = samples::postfix(&id_of(world, index).await, "x@correo.com.co", "failed", "5.1.1", "no");
    std::fs::write(folder.join(format!("{index}.eml")), raw).unwrap();
}

#[tokio::test]
async fn of_two_nodes_one_reads_and_not_before_it_is_due_again() {
    let folder = tempfile::tempdir().unwrap();
    let world = world(folder.path()).await;
    drop_bounce(&world, folder.path(), 0).await;
    let (one, other) = (node(&world), node(&world));
    let (first, second) = tokio::join!(look(&one), look(&other));
    assert_eq!(first + second, 1);
    let done = task(&world).await;
    assert_eq!((done.nombre.as_str(), done.tomada_hasta), (TASK, 0));
    assert_eq!(done.resultado, "leidos=1 rebotados=1 suprimidos=1 otros=0");
    assert_eq!(done.proxima_en - done.ultima_en.unwrap(), 5 * 60_000);

    drop_bounce(&world, folder.path(), 1).await;
    world.clock.advance_seconds(4 * 60);
    assert_eq!((look(&one).await, look(&other).await), (0, 0));
    world.clock.advance_seconds(61);
    assert_eq!((look(&other).await, look(&one).await), (1, 0));
    assert_eq!(world.audited("correo_rebotado").await, 2);
}

#[tokio::test]
async fn a_node_that_dies_holds_the_task_no_longer_than_its_lease() {
    let folder = tempfile::tempdir().unwrap();
    let world = world(folder.path()).await;
    let task_of = Task { camara: camara(), name: TASK };
    let db = &world.test_db.db;
    let dead = task_of.take(db, world.clock.now()).await.unwrap().unwrap();
    assert_eq!(look(&node(&world)).await, 0);
    world.clock.advance_seconds(9 * 60);
    assert_eq!(look(&node(&world)).await, 0);
    world.clock.advance_seconds(61);
    let held = task_of.take(db, world.clock.now()).await.unwrap().unwrap();
    // The dead one was only slow: it no longer writes anything.
    dead.done(db, world.clock.now(), world.clock.now().plus_seconds(9_999), "tarde").await.unwrap();
    assert_eq!(task(&world).await.resultado, "");
    assert!(task_of.take(db, world.clock.now()).await.unwrap().is_none());
    held.release(db).await.unwrap();
    assert_eq!(look(&node(&world)).await, 1);
}

#[tokio::test]
async fn a_place_that_fails_is_written_down_and_tried_again_at_its_next_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("aun-no");
    let world = world(&path).await;
    assert_eq!(look(&node(&world)).await, 1);
    assert_eq!(task(&world).await.resultado, "fallo=carpeta");
    std::fs::create_dir(&path).unwrap();
    assert_eq!(look(&node(&world)).await, 0);
    world.clock.advance_seconds(5 * 60);
    assert_eq!(look(&node(&world)).await, 1);
    assert_eq!(task(&world).await.resultado, "leidos=0 rebotados=0 suprimidos=0 otros=0");
}

#[tokio::test]
async fn it_stops_at_once_in_the_middle_of_a_reading_and_gives_the_task_back() {
    // A server that takes the connection and says nothing.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let world = sent(
        1,
        &[
            ("REBOTES_IMAP_SERVIDOR", "127.0.0.1"),
            ("REBOTES_IMAP_PUERTO", port.as_str()),
            ("REBOTES_IMAP_CUENTA", "rebotes"),
            ("REBOTES_IMAP_CLAVE", "x"),
        ],
    )
    .await;
    let job = node(&world);
    let (stop, stopping) = watch::channel(false);
    let running = tokio::spawn(async move { job.run(stopping).await });
    let _conversation = listener.accept().await.unwrap();
    assert!(task(&world).await.tomada_hasta > 0);
    stop.send(true).unwrap();
    tokio::time::timeout(Duration::from_secs(5), running).await.unwrap().unwrap();
    let given_back = task(&world).await;
    assert_eq!((given_back.tomada_hasta, given_back.ultima_en), (0, None));
}
