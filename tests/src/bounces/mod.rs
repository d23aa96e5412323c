//! What comes back: invented notifications, as the servers of the world write them, against rows that
//! were really sent.

mod dovecot;
mod effects;
mod folder;
mod imap;
mod parser;
mod samples;
mod schedule;
mod suppression;
mod verp;

use std::path::Path;

use entity::{claves_preasignadas as claves, correos_suprimidos as suprimidos, rebotes};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QueryOrder, Set};
use server::config::BounceSource;
use server::services::bounces::{Applied, BounceDesk, BounceReport, apply};

use crate::sending::world::World;

/// A chamber that has sent so many mails.
async fn sent(count: u16, variables: &[(&str, &str)]) -> World {
    let world = World::with(server::mail::catcher::Behaviour::default(), variables).await;
    world.merchants(usize::from(count)).await;
    assert_eq!(world.send(count).await.unwrap().enviados, u64::from(count));
    world
}

fn desk(world: &World) -> BounceDesk<'_> {
    BounceDesk { db: &world.test_db.db, clock: &world.clock, chamber: &world.chamber, actor: "prueba" }
}

async fn applied(world: &World, raw: &str) -> Applied {
    apply(&desk(world), raw.as_bytes()).await.unwrap()
}

async fn read_folder(world: &World, folder: &Path) -> BounceReport {
    desk(world).read(&BounceSource::Folder(folder.to_owned())).await.unwrap()
}

/// Row `index`'s Message-ID.
async fn id_of(world: &World, index: usize) -> String {
    world.rows().await[index].message_id.clone().unwrap()
}

async fn set_state(world: &World, index: usize, state: &str) {
    let mut row = world.rows().await[index].clone().into_active_model();
    row.estado = Set(state.to_owned());
    row.update(world.test_db.db.reader()).await.unwrap();
}

async fn suppressed(world: &World) -> Vec<suprimidos::Model> {
    suprimidos::Entity::find().order_by_asc(suprimidos::Column::Id).all(world.test_db.db.reader()).await.unwrap()
}

async fn remembered(world: &World) -> Vec<rebotes::Model> {
    rebotes::Entity::find().order_by_asc(rebotes::Column::Id).all(world.test_db.db.reader()).await.unwrap()
}

/// A row as it must stay when nothing may touch it.
fn untouched(row: &claves::Model) -> (String, Option<i64>, Option<String>, Option<i64>) {
    (row.estado.clone(), row.rebotada_en, row.respuesta.clone(), row.movida_en)
}
