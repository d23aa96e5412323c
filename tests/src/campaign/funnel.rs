//! The funnel and the list.

use contract::campaign::{CampaignService, PasswordState};
use contract::page::ListQuery;

use super::desk::{desk, desk_of, preassigned, set_state, verified, year};
use crate::support::registry::{extract, merchant, sync};
use crate::support::{TestDb, camara, database, other_camara};

#[tokio::test]
async fn the_funnel_counts_registered_qualifying_selected_sent_and_activated() {
    let test_db = database().await;
    let desk = desk(&test_db);
    let empty = desk.view(year()).await.unwrap();
    assert_eq!((empty.registrados, empty.cumplen, empty.seleccionados), (0, None, 0));
    assert!(empty.frescura.stale && !empty.faltantes.is_empty());

    let mut rows: Vec<_> = (1..=6).map(merchant).collect();
    rows[5] = merchant(6).with("organizacion", "02");
    sync(&test_db.db, extract(&rows)).await.result.unwrap();
    desk.simulate(year()).await.unwrap();
    assert_eq!(desk.view(year()).await.unwrap().cumplen, Some(5));
    desk.select(year(), None).await.unwrap();
    for (id, state) in [
        ("3000000001", "enviado"),
        ("3000000002", "activado"),
        ("3000000003", "cancelado"),
        ("3000000004", "rechazado"),
    ] {
        set_state(&test_db, id, state).await;
    }
    verified(&test_db, camara(), "3000000002", contract::verified::VerifiedState::Vigente, false).await;
    preassigned(&test_db, camara(), 2026, "PRUEBA2247@", true, "activado").await;
    preassigned(&test_db, other_camara(), 2026, "1", false, "activado").await;
    desk.simulate(year()).await.unwrap();

    let view = desk.view(year()).await.unwrap();
    assert_eq!((view.registrados, view.cumplen, view.seleccionados), (6, Some(5), 5));
    // Sent: the one sent, the one activated and the one whose merchant refused what he got.
    assert_eq!((view.enviados, view.activados), (3, 1));
    assert_eq!(view.por_estado.get(&PasswordState::Pendiente), Some(&1));
    assert_eq!(view.por_estado.values().sum::<u64>(), 5);
    assert!(!view.frescura.stale);
}

async fn found(test_db: &TestDb, search: &str, state: &str) -> Vec<String> {
    let query = ListQuery { search: search.to_owned(), state: state.to_owned(), page: 0 };
    let page = desk(test_db).list(year(), query).await.unwrap();
    assert_eq!(page.total, page.rows.len() as u64);
    page.rows.into_iter().map(|row| row.matricula).collect()
}

#[tokio::test]
async fn the_list_is_searched_in_every_column_whatever_the_case() {
    let test_db = database().await;
    let rows = [
        merchant(1).with("apellido1", "MUÑOZ").with("nombre1", "JOSÉ").with("emailnot", "pepe_1@example.com"),
        merchant(22).with("apellido1", "TOCHE").with("numid", "71234567"),
        merchant(33).with("celnot", "3951234567"),
    ];
    sync(&test_db.db, extract(&rows)).await.result.unwrap();
    desk(&test_db).select(year(), None).await.unwrap();
    preassigned(&test_db, camara(), 2026, "PRUEBA2247@", true, "activado").await;
    set_state(&test_db, "71234567", "enviado").await;

    for (search, matriculas) in [
        ("", vec!["1", "22", "33"]),
        ("muñoz", vec!["1"]),
        ("josé muñoz", vec!["1"]),
        ("PEPE_1@", vec!["1"]),
        ("pepe%1", vec![]),
        ("71.234.567", vec!["22"]),
        ("395 123 4567", vec!["33"]),
        ("+57 3951234567", vec!["33"]),
        ("' OR 1=1 --", vec![]),
        ("PRUEBA2247@", vec![]),
    ] {
        assert_eq!(found(&test_db, search, "").await, matriculas, "{search}");
    }
    assert_eq!(found(&test_db, "", "enviado").await, ["22"]);
    assert_eq!(found(&test_db, "", "no existe").await, Vec::<String>::new());
    let other = desk_of(&test_db, other_camara()).list(year(), ListQuery::default()).await.unwrap();
    assert_eq!(other.total, 0);
}

#[tokio::test]
async fn the_list_comes_in_pages_of_fifty() {
    let test_db = database().await;
    sync(&test_db.db, extract(&(1..=120).map(merchant).collect::<Vec<_>>())).await.result.unwrap();
    let desk = desk(&test_db);
    desk.select(year(), None).await.unwrap();
    let page = |page| ListQuery { page, ..ListQuery::default() };
    let third = desk.list(year(), page(3)).await.unwrap();
    assert_eq!((third.rows.len(), third.total, third.pages()), (20, 120, 3));
    assert_eq!(third.rows[0].matricula, "101");
    assert!(desk.list(year(), page(u64::MAX)).await.unwrap().rows.is_empty());
}
