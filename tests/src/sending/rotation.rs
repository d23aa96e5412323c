//! The master key rotated while a batch is being sent: every password still arrives and activates.

use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use contract::activation::{ActivationService, Credentials, Step};
use contract::campaign::PasswordState;
use contract::sending::{BatchState, PauseReason, SendTarget, SendingService};
use contract::{Email, Timestamp};
use server::config::Chamber;
use server::mail::catcher::Behaviour;
use server::secrets::{KeyFile, KeyRing, MacKey, MasterKey, Vault, verify_password};
use server::services::activation::{ActivationDesk, ActivationTools, Notifier, NotifyError};
use server::services::keys::KeyKeeper;

use super::world::{World, year};
use crate::support::{camara, other_camara};

struct Nobody;

#[async_trait]
impl Notifier for Nobody {
    async fn activated(&self, _: &Chamber, _: &Email, _: &str, _: Timestamp, _: i64) -> Result<(), NotifyError> {
        Ok(())
    }
}

/// A world that seals under a key file, and mails slowly enough to be disturbed.
async fn world() -> (World, PathBuf) {
    let behaviour = Behaviour { delay: Duration::from_millis(60), ..Behaviour::default() };
    let factor = [("FACTOR_AUTENTICACION_FIRMADO_CONTRASENAS_EMAIL", "SOLO CLAVE")];
    let mut world = World::with(behaviour, &factor).await;
    let path = world.dir.path().join("clave-maestra");
    std::fs::write(&path, KeyRing::of(MasterKey::generate()).to_text().as_bytes()).unwrap();
    world.vault = Vault::over(&path).unwrap();
    (world, path)
}

fn keeper(world: &World, path: &Path) -> KeyKeeper {
    let (db, clock) = (world.test_db.db.clone(), world.clock.clone());
    KeyKeeper { db, clock, path: path.to_owned(), chambers: vec![camara(), other_camara()] }
}

/// Every mail carries the password of its merchant, and the row its hash.
async fn assert_arrived(world: &World, passwords: &[String]) {
    let rows = world.rows().await;
    assert_eq!(world.store.count(), passwords.len() as u64);
    for mail in world.store.newest(passwords.len()) {
        let index = rows.iter().position(|row| row.correo == mail.to[0]).unwrap();
        assert!(world.letter(&mail).contains(&passwords[index]), "row {index}");
        assert!(verify_password(rows[index].hash.as_deref().unwrap(), passwords[index].as_bytes()));
        assert_eq!((rows[index].estado.as_str(), &rows[index].sellada), ("enviado", &None));
    }
}

#[tokio::test]
async fn keys_rotated_in_the_middle_of_a_batch_cost_no_password() {
    let (world, path) = world().await;
    let passwords = world.merchants(14).await;
    let first = world.vault.key_id();
    let batch = world.desk().start(year(), SendTarget::Count(14), "k".into()).await.unwrap();
    let worker = world.worker();
    let sending = tokio::spawn(async move { worker.drain(camara(), Some(batch.id)).await });
    let mut resealed = 0;
    for already in [2, 6] {
        tokio::time::timeout(Duration::from_secs(30), async {
            while world.store.count() < already {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await
        .unwrap();
        // Another process: its own eyes on the file.
        let report = keeper(&world, &path).rotate().await.unwrap();
        assert_eq!((report.por_sellar, report.sin_llave), (0, 0));
        assert!(report.contrasenas > 0, "rotated in the middle");
        resealed += report.contrasenas;
    }
    sending.await.unwrap().unwrap();

    assert!(resealed < 28, "some had left before");
    assert_arrived(&world, &passwords).await;
    let now = Vault::over(&path).unwrap().key_id();
    assert_ne!(now, first);
    assert_eq!(world.audited("claves_rotadas").await, 4, "twice for each of the two chambers");

    let tools = ActivationTools {
        db: world.test_db.db.clone(),
        clock: world.clock.clone(),
        vault: world.vault.clone(),
        mac: Arc::new(MacKey::generate()),
        notifier: Arc::new(Nobody),
        public_host: "claves.example.co".to_owned(),
    };
    let (chamber, network) = (Arc::new(world.chamber.clone()), IpAddr::V4(Ipv4Addr::LOCALHOST));
    let desk = ActivationDesk::new(Arc::new(tools), chamber, None, "cookie", network);
    let row = &world.rows().await[13];
    let typed = Credentials {
        identificacion: row.identificacion.clone(),
        correo: row.correo.clone(),
        celular: row.celular.clone(),
        clave: passwords[13].clone(),
    };
    desk.accept(typed).await.unwrap();
    assert_eq!(desk.view().await.unwrap().paso, Step::Done);
}

#[tokio::test]
async fn a_rotation_that_died_after_writing_the_file_leaves_everything_openable() {
    let (world, path) = world().await;
    let passwords = world.merchants(4).await;
    let first = world.vault.key_id();
    let file = KeyFile::take(&path).unwrap();
    file.replace(&file.read().unwrap().rotated()).unwrap();
    drop(file);

    world.send(2).await.unwrap();
    let keeper = keeper(&world, &path);
    let used = |state: &[server::services::keys::ListedKey], llave: &str| {
        state.iter().find(|key| key.llave == llave).map_or(0, |key| key.uso.contrasenas)
    };
    assert_eq!(used(&keeper.state().await.unwrap(), &first), 2);

    let report = keeper.reseal().await.unwrap();
    assert_eq!((report.contrasenas, report.llave), (2, Vault::over(&path).unwrap().key_id()));
    assert_eq!(used(&keeper.state().await.unwrap(), &first), 0);
    assert_eq!(keeper.reseal().await.unwrap().contrasenas, 0);
    world.send(2).await.unwrap();
    assert_arrived(&world, &passwords).await;
}

#[tokio::test]
async fn a_node_without_the_new_key_stops_whole_and_goes_on_once_the_file_is_there() {
    let (mut world, path) = world().await;
    let copy = world.dir.path().join("copia");
    std::fs::copy(&path, &copy).unwrap();
    let passwords = world.merchants(3).await;
    world.vault = Vault::over(&copy).unwrap();
    let keeper = keeper(&world, &path);

    keeper.rotate().await.unwrap();
    let batch = world.send(3).await.unwrap();
    assert_eq!((batch.estado, batch.pausa), (BatchState::EnPausa, Some(PauseReason::Breaker)));
    assert_eq!(world.states().await, [PasswordState::Pendiente; 3]);

    std::fs::copy(&path, &copy).unwrap();
    world.desk().resume(batch.id).await.unwrap();
    world.drain(batch.id).await.unwrap();
    assert_arrived(&world, &passwords).await;
}

#[tokio::test]
async fn a_prepared_key_that_every_node_holds_is_rotated_without_a_stop() {
    let (mut world, path) = world().await;
    let copy = world.dir.path().join("copia");
    let passwords = world.merchants(3).await;
    let keeper = keeper(&world, &path);
    let (first, prepared) = (world.vault.key_id(), keeper.prepare().unwrap());
    assert_eq!(keeper.prepare().unwrap(), prepared, "one waits at a time");
    assert_eq!(Vault::over(&path).unwrap().key_id(), first, "it only waits");
    std::fs::copy(&path, &copy).unwrap();
    world.vault = Vault::over(&copy).unwrap();

    assert_eq!(keeper.rotate().await.unwrap().llave, prepared);
    let batch = world.send(3).await.unwrap();
    assert_eq!(batch.enviados, 3);
    assert_arrived(&world, &passwords).await;
}
