//! What «Blanquear» and «Borrar No Activados» take away and leave.

use contract::ServiceError;
use contract::campaign::{CampaignService, Deletion, DeletionReport};
use contract::error::Field;
use contract::staff::Role;
use contract::verified::VerifiedState;
use entity::{auditoria, lotes, mreg_est_matriculados, usuarios_verificados};
use sea_orm::{EntityTrait, PaginatorTrait, QueryOrder};
use server::services::actor::Actor;
use server::services::campaign::CampaignDesk;

use super::desk::{batch, desk, passwords, preassigned, verified, year};
use crate::support::registry::{extract, merchant, sync};
use crate::support::{TestDb, camara, database, other_camara};

/// Every kind of row in the year, and rows that must stay.
async fn campaign(test_db: &TestDb) {
    sync(&test_db.db, extract(&[merchant(1)])).await.result.unwrap();
    let states =
        ["pendiente", "reservado", "transmitiendo", "enviado", "incierto", "activado", "cancelado", "activado"];
    for (number, state) in states.into_iter().enumerate() {
        preassigned(test_db, camara(), 2026, &format!("10{number}"), false, state).await;
    }
    preassigned(test_db, camara(), 2026, "PRUEBA2247@", true, "enviado").await;
    preassigned(test_db, camara(), 2026, "PRUEBA2247@", true, "activado").await;
    preassigned(test_db, camara(), 2025, "100", false, "pendiente").await;
    preassigned(test_db, other_camara(), 2026, "100", false, "pendiente").await;
    verified(test_db, camara(), "105", VerifiedState::Vigente, false).await;
    batch(test_db, camara(), 2026, "a", "en_curso").await;
    batch(test_db, camara(), 2026, "b", "en_pausa").await;
    batch(test_db, camara(), 2026, "c", "terminado").await;
    batch(test_db, camara(), 2025, "d", "en_curso").await;
    batch(test_db, other_camara(), 2026, "e", "en_curso").await;
}

async fn batches(test_db: &TestDb) -> Vec<String> {
    let all = lotes::Entity::find().order_by_asc(lotes::Column::Id).all(test_db.db.reader()).await.unwrap();
    all.into_iter().map(|batch| batch.estado).collect()
}

async fn rows(test_db: &TestDb) -> Vec<(String, i32, String)> {
    passwords(test_db).await.into_iter().map(|row| (row.camara, row.ano, row.estado)).collect()
}

fn row(camara: &str, ano: i32, estado: &str) -> (String, i32, String) {
    (camara.to_owned(), ano, estado.to_owned())
}

#[tokio::test]
async fn blanquear_takes_every_row_of_the_year_and_nothing_else() {
    let test_db = database().await;
    campaign(&test_db).await;
    let desk = desk(&test_db);
    let report = DeletionReport { eliminados: 10, conservados: 0 };
    assert_eq!(desk.preview_deletion(year(), Deletion::Blanquear).await.unwrap(), report);
    assert_eq!(desk.delete(year(), Deletion::Blanquear, "2026".to_owned()).await.unwrap(), report);
    assert_eq!(rows(&test_db).await, [row("55", 2025, "pendiente"), row("20", 2026, "pendiente")]);
    assert_eq!(batches(&test_db).await, ["cancelado", "cancelado", "terminado", "en_curso", "en_curso"]);
    let reader = test_db.db.reader();
    assert_eq!(usuarios_verificados::Entity::find().count(reader).await.unwrap(), 1);
    assert_eq!(mreg_est_matriculados::Entity::find().count(reader).await.unwrap(), 1);
    let trail = auditoria::Entity::find().all(reader).await.unwrap();
    assert_eq!(trail.last().unwrap().detalle, "ano=2026 eliminados=10 conservados=0 lotes_cancelados=2");
    // The year can be selected anew.
    assert_eq!(desk.select(year(), None).await.unwrap().seleccionados, 1);
}

#[tokio::test]
async fn borrar_no_activados_leaves_the_activated_ones() {
    let test_db = database().await;
    campaign(&test_db).await;
    let desk = desk(&test_db);
    let report = DeletionReport { eliminados: 7, conservados: 3 };
    assert_eq!(desk.preview_deletion(year(), Deletion::BorrarNoActivados).await.unwrap(), report);
    assert_eq!(desk.delete(year(), Deletion::BorrarNoActivados, " 2026 ".to_owned()).await.unwrap(), report);
    let kept = [
        row("55", 2026, "activado"),
        row("55", 2026, "activado"),
        row("55", 2026, "activado"),
        row("55", 2025, "pendiente"),
        row("20", 2026, "pendiente"),
    ];
    assert_eq!(rows(&test_db).await, kept);
    assert_eq!(batches(&test_db).await, ["cancelado", "cancelado", "terminado", "en_curso", "en_curso"]);
}

#[tokio::test]
async fn a_deletion_asks_for_the_year_the_password_and_the_role() {
    let test_db = database().await;
    campaign(&test_db).await;
    let desk = desk(&test_db);
    for typed in ["2025", "", "veinte"] {
        let refused = desk.delete(year(), Deletion::Blanquear, typed.to_owned()).await;
        assert_eq!(refused, Err(ServiceError::Invalid { field: Field::YearConfirmation }));
    }
    let console = |role| {
        let actor = Actor { role, must_confirm: true, ..Actor::command_line(camara()) };
        CampaignDesk { actor, ..super::desk::desk(&test_db) }
    };
    let unconfirmed = console(Role::Supervisor).delete(year(), Deletion::Blanquear, "2026".to_owned()).await;
    assert_eq!(unconfirmed, Err(ServiceError::ConfirmPassword));
    let operator = console(Role::Operador).delete(year(), Deletion::Blanquear, "2026".to_owned()).await;
    assert_eq!(operator, Err(ServiceError::Forbidden));
    assert_eq!(passwords(&test_db).await.len(), 12);
}
