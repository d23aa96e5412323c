//! What a synchronisation changes.

use contract::ServiceError;
use contract::staff::Role;
use entity::mreg_est_matriculados::{Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use server::registry::demo::write_extract;
use server::services::actor::Actor;

use crate::support::registry::{COLUMNS, extract, merchant, sync, sync_as};
use crate::support::{camara, database, other_camara};

#[tokio::test]
async fn the_same_file_again_changes_nothing_and_a_new_datum_one_row() {
    let test_db = database().await;
    let rows: Vec<_> = (1..=1_200).map(merchant).collect();
    assert_eq!(sync(&test_db.db, extract(&rows)).await.figures(), [1200, 1200, 0, 0, 0]);
    assert_eq!(sync(&test_db.db, extract(&rows)).await.figures(), [1200, 0, 0, 1200, 0]);

    let mut later: Vec<_> = rows.into_iter().map(|row| row.with("fecsincronizacion", "20260102")).collect();
    assert_eq!(sync(&test_db.db, extract(&later)).await.figures(), [1200, 0, 0, 1200, 0]);
    later[6] = later[6].clone().with("celnot", "3900000000");
    later.push(merchant(5_000));
    assert_eq!(sync(&test_db.db, extract(&later)).await.figures(), [1201, 1, 1, 1199, 0]);
    let changed = Entity::find().filter(Column::Celnot.eq("3900000000")).all(test_db.db.reader()).await.unwrap();
    assert_eq!(changed.iter().map(|row| row.matricula.as_str()).collect::<Vec<_>>(), ["7"]);
}

#[tokio::test]
async fn of_a_repeated_matricula_the_last_line_wins() {
    let test_db = database().await;
    let rows = [merchant(1), merchant(2), merchant(1).with("matricula", "0001").with("apellido1", "TOCHE")];
    assert_eq!(sync(&test_db.db, extract(&rows)).await.figures(), [3, 2, 0, 1, 0]);
    let one = Entity::find_by_id((camara().to_string(), "1".to_owned())).one(test_db.db.reader()).await.unwrap();
    assert_eq!(one.unwrap().apellido1, "TOCHE");
}

#[tokio::test]
async fn a_column_that_the_file_lacks_keeps_its_values() {
    let test_db = database().await;
    sync(&test_db.db, extract(&[merchant(1).with("munnot", "05266")])).await.result.unwrap();
    let position = COLUMNS.iter().position(|name| *name == "munnot").unwrap();
    let shorter: Vec<String> = extract(&[merchant(1).with("munnot", "X").with("apellido1", "TOCHE")])
        .lines()
        .map(|line| {
            let mut fields: Vec<&str> = line.split(',').collect();
            fields.remove(position);
            fields.join(",")
        })
        .collect();
    assert_eq!(sync(&test_db.db, shorter.join("\n")).await.figures(), [1, 0, 1, 0, 0]);
    let row = Entity::find().one(test_db.db.reader()).await.unwrap().unwrap();
    assert_eq!((row.munnot.as_str(), row.apellido1.as_str()), ("05266", "TOCHE"));
}

#[tokio::test]
async fn each_chamber_has_its_own_registry_and_an_auditor_changes_none() {
    let test_db = database().await;
    let clock = Default::default();
    sync(&test_db.db, extract(&[merchant(1)])).await.result.unwrap();
    let other = Actor::command_line(other_camara());
    let text = extract(&[merchant(1).with("apellido1", "TOCHE")]);
    assert_eq!(sync_as(&test_db.db, &clock, &other, &text, None, false).await.figures(), [1, 1, 0, 0, 0]);
    let ours = Entity::find().filter(Column::Camara.eq("55")).one(test_db.db.reader()).await.unwrap().unwrap();
    assert_eq!(ours.apellido1, "CEIBA");

    let auditor = Actor { role: Role::Auditor, ..Actor::command_line(camara()) };
    let refused = sync_as(&test_db.db, &clock, &auditor, &text, None, false).await;
    assert_eq!(refused.result, Err(ServiceError::Forbidden));
    assert_eq!(Entity::find().count(test_db.db.reader()).await.unwrap(), 2);
}

#[tokio::test]
async fn the_demo_extract_is_taken_whole() {
    let test_db = database().await;
    let mut bytes = Vec::new();
    write_extract(3_000, 2026, 7, &mut bytes).unwrap();
    assert_eq!(sync(&test_db.db, &bytes).await.figures(), [3000, 3000, 0, 0, 0]);
}
