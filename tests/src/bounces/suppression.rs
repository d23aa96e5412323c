//! The list of addresses that get nothing more, and taking one off it.

use contract::ServiceError;
use contract::page::ListQuery;
use contract::staff::Role;
use contract::suppression::{SuppressionCause, SuppressionService};
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use server::services::actor::Actor;
use server::services::suppression::{SuppressionDesk, add, hold_waiting};

use super::{applied, id_of, samples, sent, suppressed};
use crate::sending::world::{World, YEAR};
use crate::support::{camara, other_camara};

fn desk_as(world: &World, actor: Actor) -> SuppressionDesk {
    SuppressionDesk { db: world.test_db.db.clone(), clock: world.clock.clone(), actor }
}

fn desk(world: &World) -> SuppressionDesk {
    desk_as(world, Actor::command_line(camara()))
}

async fn found(world: &World, search: &str) -> Vec<String> {
    let page = desk(world).list(ListQuery { search: search.to_owned(), ..ListQuery::default() }).await.unwrap();
    page.rows.into_iter().map(|row| row.correo).collect()
}

/// Row `index` waits for a later selection's mail to the same address as row 0, in other letters.
async fn same_address(world: &World, index: usize) {
    let rows = world.rows().await;
    let address = rows[0].correo.to_uppercase();
    let mut row = rows[index].clone().into_active_model();
    row.correo = Set(address);
    row.update(world.test_db.db.reader()).await.unwrap();
}

#[tokio::test]
async fn a_bounced_address_holds_the_next_row_until_staff_lift_it() {
    let world = sent(1, &[]).await;
    world.merchant(1, "OTRO NOMBRE").await;
    world.merchant(2, "AJENO").await;
    same_address(&world, 1).await;
    let raw = samples::postfix(&id_of(&world, 0).await, "x@correo.com.co", "failed", "5.1.1", "no");
    applied(&world, &raw).await;

    let txn = world.test_db.db.write().await.unwrap();
    assert_eq!(hold_waiting(&txn, camara(), YEAR).await.unwrap(), 1);
    txn.commit().await.unwrap();
    let states: Vec<_> = world.rows().await.into_iter().map(|row| row.estado).collect();
    assert_eq!(states, ["rebotado", "suprimido", "pendiente"]);

    let page = desk(&world).list(ListQuery::default()).await.unwrap();
    assert_eq!((page.total, page.rows.len()), (1, 1));
    let listed = &page.rows[0];
    assert_eq!((listed.causa, listed.nombre.as_deref()), (SuppressionCause::Rebote, Some("COMERCIANTE 0")));

    // Neither an auditor nor another chamber takes it off.
    let auditor = Actor { role: Role::Auditor, ..Actor::command_line(camara()) };
    assert_eq!(desk_as(&world, auditor.clone()).lift(listed.id).await, Err(ServiceError::Forbidden));
    assert_eq!(desk_as(&world, auditor).list(ListQuery::default()).await.unwrap().total, 1);
    let stranger = desk_as(&world, Actor::command_line(other_camara()));
    assert_eq!(stranger.lift(listed.id).await, Err(ServiceError::NotFound));
    assert_eq!(stranger.list(ListQuery::default()).await.unwrap().total, 0);
    assert_eq!(suppressed(&world).await.len(), 1);

    desk(&world).lift(listed.id).await.unwrap();
    let rows = world.rows().await;
    let states: Vec<_> = rows.iter().map(|row| row.estado.as_str()).collect();
    assert_eq!(states, ["rebotado", "pendiente", "pendiente"]);
    assert_eq!(rows[1].lote_id, None);
    assert!(suppressed(&world).await.is_empty());
    assert_eq!(world.audited("supresion_levantada").await, 1);
    assert_eq!(desk(&world).lift(listed.id).await, Err(ServiceError::NotFound));
    // And it is sent like any other.
    assert_eq!(world.send(2).await.unwrap().enviados, 2);
}

#[tokio::test]
async fn the_list_is_newest_first_in_pages_and_searched_by_address_to_the_letter() {
    let world = World::new().await;
    let txn = world.test_db.db.write().await.unwrap();
    for index in 0..60 {
        let address = format!("ana_{index:02}@Correo.com.co");
        let now = world.clock.now().plus_seconds(index);
        assert!(add(&txn, camara(), &address, SuppressionCause::Rechazo, "550 no", 999, now).await.unwrap());
        assert!(!add(&txn, camara(), &address, SuppressionCause::Rebote, "otra", 1, now).await.unwrap());
    }
    let now = world.clock.now();
    add(&txn, other_camara(), "ana_00@correo.com.co", SuppressionCause::Rebote, "x", 1, now).await.unwrap();
    txn.commit().await.unwrap();

    let first = desk(&world).list(ListQuery::default()).await.unwrap();
    assert_eq!((first.total, first.rows.len(), first.pages()), (60, 50, 2));
    assert_eq!((first.rows[0].correo.as_str(), first.rows[0].nombre.clone()), ("ana_59@correo.com.co", None));
    assert_eq!((first.rows[0].causa, first.rows[0].detalle.as_str()), (SuppressionCause::Rechazo, "550 no"));
    let second = desk(&world).list(ListQuery { page: 2, ..ListQuery::default() }).await.unwrap();
    assert_eq!((second.rows.len(), second.rows[9].correo.as_str()), (10, "ana_00@correo.com.co"));

    assert_eq!(found(&world, " ANA_07@ ").await, ["ana_07@correo.com.co"]);
    assert_eq!(found(&world, "ana%7").await, Vec::<String>::new());
    assert_eq!(found(&world, "ana-07").await, Vec::<String>::new());
}
