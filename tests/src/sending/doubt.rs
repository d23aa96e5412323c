//! When nobody knows whether the server took a mail: at most once by itself, and a person decides.

use contract::ServiceError;
use contract::campaign::PasswordState as S;
use contract::sending::{BatchState, PauseReason, SendTarget, SendingService, UncertainChoice};
use domain::sending::Reply;
use entity::claves_preasignadas as claves;
use mail_parser::MessageParser;
use sea_orm::EntityTrait;
use sea_orm::sea_query::Expr;
use server::mail::catcher::Behaviour;
use server::secrets::verify_password;
use server::services::sending::queue::{Outcome, Written};

use super::world::{World, year};

#[tokio::test]
async fn a_connection_broken_after_the_dot_leaves_the_row_uncertain_and_never_sends_it_again_by_itself() {
    let world = World::with(Behaviour { drop_after_dot: true, ..Behaviour::default() }, &[]).await;
    let passwords = world.merchants(1).await;
    let batch = world.send(1).await.unwrap();
    assert_eq!((batch.inciertos, batch.estado), (1, BatchState::Terminado));
    world.script.change(|b| b.drop_after_dot = false);
    for _ in 0..3 {
        world.clock.advance_seconds(24 * 3600);
        world.drain(batch.id).await.unwrap();
    }
    assert_eq!(world.store.count(), 1);
    let row = &world.rows().await[0];
    assert!(row.sellada.is_some(), "a person may still order a resend");
    assert!(verify_password(row.hash.as_ref().unwrap(), passwords[0].as_bytes()), "the merchant can activate");
    assert_eq!(world.desk().troubled(year()).await.unwrap()[0].estado, S::Incierto);
    assert_eq!(world.audited("correo_incierto").await, 1);
}

#[tokio::test]
async fn a_reply_that_takes_too_long_is_uncertain_too() {
    let delay = std::time::Duration::from_secs(4);
    let world = World::with(Behaviour { delay, ..Behaviour::default() }, &[]).await;
    world.merchants(1).await;
    assert_eq!(world.send(1).await.unwrap().inciertos, 1);
    assert_eq!(world.states().await, [S::Incierto]);
}

#[tokio::test]
async fn a_person_resends_with_the_same_message_id_and_password_or_takes_it_as_sent() {
    let world = World::with(Behaviour { drop_after_dot: true, ..Behaviour::default() }, &[]).await;
    let passwords = world.merchants(2).await;
    let batch = world.send(2).await.unwrap();
    world.script.change(|b| b.drop_after_dot = false);
    let rows = world.rows().await;
    let desk = world.desk();
    desk.settle_uncertain(rows[0].id, UncertainChoice::Reenviar).await.unwrap();
    desk.settle_uncertain(rows[1].id, UncertainChoice::DarPorEnviado).await.unwrap();
    assert_eq!(desk.batch(batch.id).await.unwrap().estado, BatchState::EnCurso);
    let batch = world.drain(batch.id).await.unwrap();
    assert_eq!((batch.enviados, batch.inciertos, batch.estado), (2, 0, BatchState::Terminado));
    let mails: Vec<_> = world.store.newest(10).into_iter().filter(|mail| mail.to == [rows[0].correo.clone()]).collect();
    assert_eq!(mails.len(), 2);
    let id = |index: usize| {
        let parsed = MessageParser::default().parse(&*mails[index].raw).unwrap();
        parsed.message_id().unwrap().to_owned()
    };
    assert_eq!(id(0), id(1));
    for mail in &mails {
        assert!(world.letter(mail).contains(&passwords[0]));
    }
    assert!(world.rows().await.iter().all(|row| row.sellada.is_none() && row.enviada_en.is_some()));
    let settled = desk.settle_uncertain(rows[0].id, UncertainChoice::Reenviar).await;
    assert_eq!(settled.unwrap_err(), ServiceError::StateChanged);
    assert_eq!(desk.settle_uncertain(999_999, UncertainChoice::Reenviar).await.unwrap_err(), ServiceError::NotFound);
    assert_eq!(world.audited("incierto_resuelto").await, 2);
}

#[tokio::test]
async fn a_worker_that_died_before_the_mark_costs_nothing_and_after_it_leaves_doubt() {
    let world = World::new().await;
    world.merchants(3).await;
    let batch = world.desk().start(year(), SendTarget::Count(3), "a".to_owned()).await.unwrap();
    let before = world.claim().await;
    let after = world.claim().await;
    assert_ne!(before.id, after.id);
    assert_eq!(world.mark(&after).await, Written::Go);
    // Its process is gone; two minutes later the next one picks up.
    world.clock.advance_seconds(121);
    let batch = world.drain(batch.id).await.unwrap();
    assert_eq!((batch.enviados, batch.inciertos, batch.estado), (2, 1, BatchState::Terminado));
    assert_eq!(world.store.count(), 2);
    // The old claim's fence is passed: it can neither mark nor settle.
    assert_eq!(world.mark(&before).await, Written::NotOurs);
    world.settle(&before, Outcome::Lost).await;
    assert_eq!(world.states().await, [S::Enviado, S::Incierto, S::Enviado]);
    // A late 250 still lifts the uncertain one.
    world.settle(&after, Outcome::Accepted(Reply::new(250, "ok"))).await;
    assert_eq!(world.states().await, [S::Enviado; 3]);
    assert!(world.rows().await[1].sellada.is_none());
}

#[tokio::test]
async fn an_activation_quicker_than_the_servers_reply_stays() {
    let world = World::new().await;
    world.merchants(1).await;
    world.desk().start(year(), SendTarget::Count(1), "a".to_owned()).await.unwrap();
    let row = world.claim().await;
    assert_eq!(world.mark(&row).await, Written::Go);
    let text = "UPDATE claves_preasignadas SET estado = 'activado', sellada = NULL";
    sea_orm::ConnectionTrait::execute_unprepared(world.test_db.db.reader(), text).await.unwrap();
    world.settle(&row, Outcome::Accepted(Reply::new(250, "ok"))).await;
    assert_eq!(world.states().await, [S::Activado]);
    let row = &world.rows().await[0];
    assert_eq!((row.respuesta.as_deref(), row.hash.as_deref()), (Some("250 ok"), Some("h")));
}

#[tokio::test]
async fn a_batch_cancelled_while_its_mail_is_being_made_sends_nothing() {
    let world = World::new().await;
    world.merchants(1).await;
    let batch = world.desk().start(year(), SendTarget::Count(1), "a".to_owned()).await.unwrap();
    let row = world.claim().await;
    world.desk().cancel(batch.id).await.unwrap();
    assert_eq!(world.mark(&row).await, Written::NotOurs);
    assert_eq!(world.states().await, [S::Pendiente]);
}

#[tokio::test]
async fn the_rows_of_a_dead_batch_belong_to_the_next() {
    let world = World::new().await;
    world.merchants(2).await;
    let dead = world.desk().start(year(), SendTarget::Count(2), "a".to_owned()).await.unwrap();
    world.clock.advance_seconds(31);
    let batch = world.send(2).await.unwrap();
    assert_eq!((batch.solicitados, batch.enviados), (2, 2));
    assert_eq!(world.desk().batch(dead.id).await.unwrap().estado, BatchState::Terminado);
    assert_eq!(world.store.count(), 2);
}

#[tokio::test]
async fn a_password_past_its_time_is_expired_and_its_sealed_copy_is_gone() {
    let world = World::with(Behaviour { drop_after_dot: true, ..Behaviour::default() }, &[]).await;
    world.merchants(1).await;
    let batch = world.send(1).await.unwrap();
    assert_eq!(world.states().await, [S::Incierto]);
    assert!(world.rows().await[0].sellada.is_some());

    world.clock.advance_seconds(16 * 86_400);
    world.drain(batch.id).await.unwrap();

    assert_eq!(world.states().await, [S::Vencido]);
    assert!(world.rows().await[0].sellada.is_none());
    assert_eq!(world.audited("claves_vencidas").await, 1);
}

#[tokio::test]
async fn another_master_key_stops_the_batch_and_costs_no_row() {
    let world = World::new().await;
    world.merchants(2).await;
    claves::Entity::update_many()
        .col_expr(claves::Column::SelladaLlave, Expr::value("otra"))
        .exec(world.test_db.db.reader())
        .await
        .unwrap();

    let batch = world.send(2).await.unwrap();

    assert_eq!((batch.estado, batch.pausa), (BatchState::EnPausa, Some(PauseReason::Breaker)));
    assert_eq!(world.states().await, [S::Pendiente; 2]);
}
