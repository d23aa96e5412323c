//! Who may do what, what another chamber sees, and what remains on disk.

use contract::mailbox::MailboxService;
use contract::sending::{SendTarget, SendingService, UncertainChoice};
use contract::staff::Role;
use contract::{ServiceError, Timestamp};
use server::services::actor::Actor;
use server::services::mailbox::Mailbox;
use server::services::sending::SendingDesk;

use super::world::{World, year};
use crate::support::{camara, other_camara};

fn desk_of(world: &World, actor: Actor) -> SendingDesk {
    SendingDesk { actor, ..world.desk() }
}

#[tokio::test]
async fn sending_asks_for_the_role_and_for_a_password_typed_just_now() {
    let world = World::new().await;
    world.merchants(1).await;
    let staff = |role, confirmed_until| Actor {
        camara: camara(),
        name: "ana".into(),
        role,
        confirmed_until,
        must_confirm: true,
    };
    let start = async |actor| desk_of(&world, actor).start(year(), SendTarget::Count(1), "k".into()).await;
    let now = world.clock.now();
    assert_eq!(start(staff(Role::Auditor, Some(now.plus_seconds(300)))).await.unwrap_err(), ServiceError::Forbidden);
    assert_eq!(start(staff(Role::Operador, None)).await.unwrap_err(), ServiceError::ConfirmPassword);
    let stale = Some(Timestamp(now.0 - 1_000));
    assert_eq!(start(staff(Role::Operador, stale)).await.unwrap_err(), ServiceError::ConfirmPassword);
    let batch = start(staff(Role::Operador, Some(now.plus_seconds(300)))).await.unwrap();
    assert_eq!((batch.actor.as_str(), batch.solicitados), ("ana", 1));
    let auditor = desk_of(&world, staff(Role::Auditor, None));
    assert_eq!(auditor.pause(batch.id).await.unwrap_err(), ServiceError::Forbidden);
    assert_eq!(auditor.batches(year()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn another_chamber_neither_sees_nor_moves_a_batch() {
    let world = World::new().await;
    world.merchants(1).await;
    let batch = world.desk().start(year(), SendTarget::Count(1), "k".into()).await.unwrap();
    let id = world.rows().await[0].id;
    let other = desk_of(&world, Actor::command_line(other_camara()));
    assert_eq!(other.batch(batch.id).await.unwrap_err(), ServiceError::NotFound);
    assert_eq!(other.cancel(batch.id).await.unwrap_err(), ServiceError::NotFound);
    assert_eq!(other.settle_uncertain(id, UncertainChoice::Reenviar).await.unwrap_err(), ServiceError::NotFound);
    assert!(other.batches(year()).await.unwrap().is_empty());
    assert_eq!(other.outlook(year()).await.unwrap().pendientes, 0);
    let own = other.start(year(), SendTarget::Count(1), "k".into()).await;
    assert_eq!(own.unwrap_err(), ServiceError::NothingPending);
}

#[tokio::test]
async fn no_password_stands_in_the_database_after_sending() {
    let world = World::new().await;
    let passwords = world.merchants(3).await;
    let sealed: Vec<Vec<u8>> = world.rows().await.into_iter().filter_map(|row| row.sellada).collect();
    assert_eq!(sealed.len(), 3);
    world.send(3).await.unwrap();
    let Some(path) = world.test_db.url.strip_prefix("sqlite://") else { return };
    let path = path.split('?').next().unwrap();
    sea_orm::ConnectionTrait::execute_unprepared(world.test_db.db.reader(), "PRAGMA wal_checkpoint(TRUNCATE)")
        .await
        .unwrap();
    let mut bytes = std::fs::read(path).unwrap();
    bytes.extend(std::fs::read(format!("{path}-wal")).unwrap_or_default());
    let holds = |wanted: &[u8]| bytes.windows(wanted.len()).any(|window| window == wanted);
    assert!(holds(b"comerciante0@correo.com.co"), "the file was read");
    for password in &passwords {
        assert!(!holds(password.as_bytes()), "a password in the clear");
    }
    for copy in &sealed {
        assert!(!holds(copy), "a sealed copy was not overwritten");
    }
}

#[tokio::test]
async fn the_mailbox_shows_mails_and_their_attachments() {
    let world = World::new().await;
    let mailbox = Mailbox { store: world.store.clone(), db: world.test_db.db.clone() };
    assert!(mailbox.mails().await.unwrap().is_empty());
    world.send_tests("ana@correo.co").await.unwrap();
    let mails = mailbox.mails().await.unwrap();
    assert_eq!(mails.len(), 2);
    assert_eq!(
        (mails[0].para.as_str(), mails[0].adjuntos.as_slice()),
        ("ana@correo.co", &["clave-segura.pdf".into()][..])
    );
    assert_eq!(mails[0].asunto, "Su clave para trámites virtuales – Cámara de Comercio de Prueba");
    let mail = mailbox.mail(mails[0].id).await.unwrap();
    assert_eq!(mail.de, "Cámara de Comercio de Prueba <registro@camara.org.co>");
    assert!(mail.texto.contains("https://claves.camara.org.co/activacion/55"));
    let attachment = mailbox.attachment(mails[0].id, 0).unwrap();
    assert_eq!((attachment.name.as_str(), attachment.mime.as_str()), ("clave-segura.pdf", "application/pdf"));
    assert!(attachment.bytes.starts_with(b"%PDF-1.7"));
    assert_eq!(mailbox.attachment(mails[0].id, 1).err(), Some(ServiceError::NotFound));
    assert_eq!(mailbox.mail(99).await.unwrap_err(), ServiceError::NotFound);
    assert!(mailbox.sms().await.unwrap().is_empty());
}
