//! The schema can be made, taken down and made again, and the trail's chain holds, on every engine.

use contract::{ServiceResult, Timestamp};
use entity::auditoria;
use migrations::Migrator;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use sea_orm_migration::MigratorTrait;
use server::services::audit::{Action, record};

use crate::support::{camara, database, empty_database, other_camara};

#[tokio::test]
async fn migrations_run_up_down_and_up_again() {
    let test_db = empty_database().await;
    Migrator::up(test_db.db.reader(), None).await.unwrap();
    Migrator::down(test_db.db.reader(), None).await.unwrap();
    Migrator::up(test_db.db.reader(), None).await.unwrap();
    assert_eq!(auditoria::Entity::find().all(test_db.db.reader()).await.unwrap().len(), 0);
}

#[tokio::test]
async fn the_audit_of_each_chamber_is_a_chain_of_its_own_without_gaps_under_concurrency() -> ServiceResult<()> {
    let test_db = database().await;
    let mut writers = Vec::new();
    for index in 0..20_i64 {
        let db = test_db.db.clone();
        let chamber = if index % 4 == 0 { other_camara() } else { camara() };
        writers.push(tokio::spawn(async move {
            let txn = db.write().await.unwrap();
            record(&txn, chamber, Timestamp(index), "ana", Action::Seleccion, format!("indice={index}")).await.unwrap();
            txn.commit().await.unwrap();
        }));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    for (chamber, expected) in [(camara(), 15), (other_camara(), 5)] {
        let entries = auditoria::Entity::find()
            .filter(auditoria::Column::Camara.eq(chamber.as_str()))
            .order_by_asc(auditoria::Column::Secuencia)
            .all(test_db.db.reader())
            .await
            .unwrap();
        assert_eq!(entries.iter().map(|e| e.secuencia).collect::<Vec<_>>(), (1..=expected).collect::<Vec<_>>());
        for pair in entries.windows(2) {
            assert_eq!(pair[1].hash_previo, pair[0].hash);
        }
    }
    Ok(())
}
