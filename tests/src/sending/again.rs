//! Rows that are tried again because a person says so, and what staff see of a batch's rows.

use contract::ServiceError;
use contract::campaign::PasswordState as S;
use contract::page::ListQuery;
use contract::sending::{BatchState, SendTarget, SendingService, UncertainChoice};
use contract::suppression::SuppressionCause;
use domain::sending::Phase;
use entity::correos_suprimidos as suprimidos;
use sea_orm::EntityTrait;
use server::mail::catcher::{Behaviour, Refusal};
use server::secrets::verify_password;
use server::services::suppression;

use super::world::{World, YEAR, year};
use crate::support::camara;

fn refusing(reply: &str, recipient: Option<&str>) -> Behaviour {
    let refusal =
        Refusal { phase: Phase::RcptTo, reply: reply.into(), recipient: recipient.map(str::to_owned), times: None };
    Behaviour { refusals: vec![refusal], ..Behaviour::default() }
}

async fn suppressed(world: &World) -> Vec<suprimidos::Model> {
    suprimidos::Entity::find().all(world.test_db.db.reader()).await.unwrap()
}

#[tokio::test]
async fn a_refused_address_is_suppressed_and_one_row_or_all_failed_can_be_tried_again() {
    let world = World::with(refusing("550 5.1.1 no existe", None), &[]).await;
    world.merchants(3).await;
    let batch = world.send(3).await.unwrap();
    assert_eq!((batch.rechazados, batch.estado), (3, BatchState::Terminado));
    assert_eq!(suppressed(&world).await.len(), 3);
    assert_eq!(world.audited("correo_suprimido").await, 3);
    world.script.change(|b| b.refusals.clear());

    let rows = world.rows().await;
    world.desk().retry(rows[1].id).await.unwrap();
    let batch = world.drain(batch.id).await.unwrap();
    assert_eq!((batch.enviados, batch.rechazados), (1, 2));
    assert_eq!(world.desk().retry(rows[1].id).await.unwrap_err(), ServiceError::StateChanged);
    assert_eq!(world.desk().retry(999_999).await.unwrap_err(), ServiceError::NotFound);

    assert_eq!(world.desk().retry_failed(batch.id).await.unwrap(), 2);
    assert!(suppressed(&world).await.is_empty());
    let batch = world.drain(batch.id).await.unwrap();
    assert_eq!((batch.enviados, batch.rechazados, batch.estado), (3, 0, BatchState::Terminado));
    assert_eq!(world.desk().retry_failed(batch.id).await.unwrap(), 0);
    assert_eq!(world.audited("reintento_ordenado").await, 2);
}

#[tokio::test]
async fn an_address_that_bounced_stays_out_when_all_failed_are_tried_again() {
    let world = World::with(refusing("550 5.1.1 no existe", None), &[]).await;
    world.merchants(2).await;
    let batch = world.send(2).await.unwrap();
    let rows = world.rows().await;
    let bounced = entity::correos_suprimidos::Column::Correo;
    let mine = sea_orm::QueryFilter::filter(
        suprimidos::Entity::update_many()
            .col_expr(suprimidos::Column::Causa, sea_orm::sea_query::Expr::value(SuppressionCause::Rebote.as_str())),
        sea_orm::ColumnTrait::eq(&bounced, rows[0].correo.as_str()),
    );
    mine.exec(world.test_db.db.reader()).await.unwrap();
    world.script.change(|b| b.refusals.clear());
    assert_eq!(world.desk().retry_failed(batch.id).await.unwrap(), 1);
    world.drain(batch.id).await.unwrap();
    assert_eq!(world.states().await, [S::Rechazado, S::Enviado]);
}

#[tokio::test]
async fn rows_whose_address_comes_back_are_held_when_a_batch_is_ordered() {
    let world = World::new().await;
    world.merchants(3).await;
    let rows = world.rows().await;
    let txn = world.test_db.db.write().await.unwrap();
    let (correo, now) = (rows[0].correo.to_uppercase(), world.clock.now());
    suppression::add(&txn, camara(), &correo, SuppressionCause::Rebote, "5.1.1", rows[0].id, now).await.unwrap();
    txn.commit().await.unwrap();
    let batch = world.send(3).await.unwrap();
    assert_eq!((batch.solicitados, batch.enviados), (2, 2));
    assert_eq!(world.states().await, [S::Suprimido, S::Enviado, S::Enviado]);
}

#[tokio::test]
async fn a_second_copy_that_is_refused_leaves_the_first_one_its_password() {
    let world = World::with(Behaviour { drop_after_dot: true, ..Behaviour::default() }, &[]).await;
    let passwords = world.merchants(2).await;
    let batch = world.send(2).await.unwrap();
    assert_eq!(batch.inciertos, 2);
    let rows = world.rows().await;
    world.script.change(|b| *b = refusing("550 5.1.1 ya no", Some("comerciante0@")));
    world.script.change(|b| b.refusals.extend(refusing("451 4.3.0 luego", Some("comerciante1@")).refusals));
    for row in &rows {
        world.desk().settle_uncertain(row.id, UncertainChoice::Reenviar).await.unwrap();
    }
    let batch = world.drain(batch.id).await.unwrap();
    assert_eq!((batch.inciertos, batch.estado), (2, BatchState::Terminado));
    for (row, password) in world.rows().await.iter().zip(&passwords) {
        assert!(verify_password(row.hash.as_ref().unwrap(), password.as_bytes()), "the first copy still activates");
        assert!(row.vence_en.is_some() && row.sellada.is_some());
    }
}

#[tokio::test]
async fn the_rows_of_a_batch_are_listed_with_what_the_server_said() {
    let world = World::with(refusing("550 5.1.1 no existe", Some("comerciante1@")), &[]).await;
    world.merchants(3).await;
    let batch = world.send(2).await.unwrap();
    let desk = world.desk();
    let all = desk.rows(batch.id, ListQuery::default()).await.unwrap();
    assert_eq!(all.total, 2, "the third is in no batch");
    let refused = ListQuery { state: "rechazado".into(), ..ListQuery::default() };
    let refused = desk.rows(batch.id, refused).await.unwrap();
    assert_eq!(refused.rows.len(), 1);
    assert_eq!((refused.rows[0].estado, refused.rows[0].intentos), (S::Rechazado, 1));
    assert_eq!(refused.rows[0].respuesta.as_deref(), Some("550 5.1.1 no existe"));
    let named = ListQuery { search: "comerciante0@".into(), ..ListQuery::default() };
    assert_eq!(desk.rows(batch.id, named).await.unwrap().rows[0].correo, "comerciante0@correo.com.co");
    assert_eq!(desk.rows(999_999, ListQuery::default()).await.unwrap_err(), ServiceError::NotFound);
}

#[tokio::test]
async fn a_batch_tells_its_rate_and_what_was_taken_from_it() {
    let world = World::new().await;
    world.merchants(4).await;
    let desk = world.desk();
    let first = desk.start(year(), SendTarget::Count(4), "a".to_owned()).await.unwrap();
    let row = world.claim().await;
    world.mark(&row).await;
    let reply = domain::sending::Reply::new(250, "ok");
    world.settle(&row, server::services::sending::queue::Outcome::Accepted(reply)).await;
    world.clock.advance_seconds(10);
    let running = desk.batch(first.id).await.unwrap();
    assert!((5..=6).contains(&running.por_minuto), "one mail in ten seconds: {}", running.por_minuto);
    let left = running.termina_en.unwrap().seconds_since(world.clock.now());
    assert!((30..=36).contains(&left), "three more at that rate: {left}");

    desk.pause(first.id).await.unwrap();
    assert_eq!(world.send(2).await.unwrap().enviados, 2);
    let first = desk.batch(first.id).await.unwrap();
    assert_eq!((first.retirados, first.enviados, first.pendientes), (2, 1, 1));
    assert_eq!(world.rows().await[0].ano, YEAR);
}
