//! «Seleccionar», rule by rule.

use contract::ServiceError;
use contract::campaign::{CampaignService, ExclusionReason::*, SelectionReport};
use contract::error::Field;
use contract::staff::Role;
use contract::verified::VerifiedState;
use domain::password::ClearPassword;
use entity::auditoria;
use sea_orm::EntityTrait;
use server::services::actor::Actor;
use server::services::campaign::{CampaignDesk, seal_binding};

use super::desk::{desk, desk_of, figures, passwords, preassigned, verified, year};
use crate::support::registry::{Row, extract, merchant, sync, sync_as};
use crate::support::{camara, database, other_camara};

#[tokio::test]
async fn each_rule_leaves_out_with_its_own_reason_and_the_first_that_applies_counts() {
    let test_db = database().await;
    let rows = [
        merchant(1),
        merchant(2).with("organizacion", "02").with("estmatricula", "MC"),
        merchant(3).with("organizacion", "12"),
        merchant(4).with("estmatricula", "MC").with("ultanoren", "2020"),
        merchant(5).with("estmatricula", "NM"),
        merchant(6).with("estmatricula", "MG"),
        merchant(7).with("ultanoren", "2024").with("emailnot", ""),
        merchant(8).with("ultanoren", "2026"),
        merchant(9).with("emailnot", "no tiene").with("celnot", ""),
        merchant(10).with("emailnot", "ana..b@example.com").with("emailcom", "x@y"),
        merchant(11).with("celnot", "6041234567").with("numid", ""),
        merchant(12).with("numid", "").with("nit", "0"),
        merchant(13),
        merchant(14),
        merchant(15).with("estmatricula", "II").with("ultanoren", "").with("fecmatricula", "20250701"),
        merchant(16).with("numid", "PRUEBA2247@"),
    ];
    sync(&test_db.db, extract(&rows)).await.result.unwrap();
    verified(&test_db, camara(), "3000000013", VerifiedState::Vigente, false).await;
    preassigned(&test_db, camara(), 2026, "3000000014", false, "enviado").await;

    let expected = (
        16,
        2,
        vec![
            (NoEsPersonaNatural, 2),
            (MatriculaNoVigente, 3),
            (NoRenovoAnoAnterior, 2),
            (SinCorreo, 2),
            (SinCelular, 1),
            (SinIdentificacion, 2),
            (YaVerificado, 1),
            (YaSeleccionado, 1),
        ],
    );
    let desk = desk(&test_db);
    assert_eq!(figures(&desk.simulate(year()).await.unwrap()), expected);
    assert_eq!(passwords(&test_db).await.len(), 1, "a simulation selects nobody");
    assert_eq!(figures(&desk.select(year(), None).await.unwrap()), expected);
    let selected: Vec<String> = passwords(&test_db).await.into_iter().skip(1).map(|row| row.matricula).collect();
    assert_eq!(selected, ["1", "15"]);
}

#[tokio::test]
async fn a_password_is_random_sealed_and_opens_only_in_its_own_row() {
    let test_db = database().await;
    sync(&test_db.db, extract(&[merchant(1).with("apellido2", "PE¥A").with("munnot", "05266"), merchant(2)]))
        .await
        .result
        .unwrap();
    let desk = desk(&test_db);
    desk.select(year(), None).await.unwrap();
    let rows = passwords(&test_db).await;
    let open = |row: &entity::claves_preasignadas::Model, id: &str| {
        let binding = seal_binding(camara().as_str(), id, row.ano, row.generacion);
        desk.vault.open(row.sellada_llave.as_deref().unwrap(), row.sellada.as_deref().unwrap(), &binding)
    };
    let first = open(&rows[0], "3000000001").unwrap();
    let second = open(&rows[1], "3000000002").unwrap();
    assert_ne!(first, second);
    assert!(ClearPassword::reopen(std::str::from_utf8(&first).unwrap()).is_some());
    assert!(open(&rows[0], "3000000002").is_err());

    let row = &rows[0];
    assert_eq!((row.nombre.as_str(), row.apellido2.as_str()), ("CEIBA PEÑA ANA1", "PEÑA"));
    assert_eq!((row.correo.as_str(), row.celular.as_str()), ("ana1@example.com", "3900000001"));
    assert_eq!((row.estado.as_str(), row.municipio.as_str(), row.es_prueba), ("pendiente", "05266", false));
    assert_eq!((row.hash.is_none(), row.sellada_llave.as_deref()), (true, Some(desk.vault.key_id().as_str())));
}

#[tokio::test]
async fn notification_comes_first_and_mobiles_are_looked_for_in_their_order() {
    let test_db = database().await;
    let phones = ["celnot", "telnot", "telnot2", "celcom", "telcom1", "telcom2"];
    let mut rows: Vec<Row> = Vec::new();
    for (first, _) in phones.iter().enumerate() {
        let number = u32::try_from(first + 1).unwrap();
        let landlines = phones[..first].iter().fold(merchant(number), |row, column| row.with(column, "6041234567"));
        rows.push(phones[first..].iter().fold(landlines, |row, column| {
            row.with(column, &format!("+57 390 000 00{:02}", phones.iter().position(|p| p == column).unwrap()))
        }));
    }
    rows.push(merchant(7).with("emailcom", "com@example.com"));
    rows.push(merchant(8).with("emailnot", "@example.com").with("emailcom", " Com@Example.com "));
    sync(&test_db.db, extract(&rows)).await.result.unwrap();
    desk(&test_db).select(year(), None).await.unwrap();
    let chosen = passwords(&test_db).await;
    let mobiles: Vec<(&str, &str)> =
        chosen[..6].iter().map(|row| (row.celular.as_str(), row.celular_origen.as_str())).collect();
    let expected = [
        ("3900000000", "notificacion"),
        ("3900000001", "notificacion"),
        ("3900000002", "notificacion"),
        ("3900000003", "comercial"),
        ("3900000004", "comercial"),
        ("3900000005", "comercial"),
    ];
    assert_eq!(mobiles, expected);
    let mails: Vec<(&str, &str)> =
        chosen[6..].iter().map(|row| (row.correo.as_str(), row.correo_origen.as_str())).collect();
    assert_eq!(mails, [("ana7@example.com", "notificacion"), ("com@example.com", "comercial")]);
}

#[tokio::test]
async fn of_several_registrations_the_lowest_number_gets_the_one_password() {
    let test_db = database().await;
    let same = |number: u32, id: &str| merchant(number).with("numid", id);
    let rows = [same(100, "71234567"), same(9, "0071234567"), same(20, "71.234.567"), merchant(30)];
    sync(&test_db.db, extract(&rows)).await.result.unwrap();
    let report = desk(&test_db).select(year(), None).await.unwrap();
    assert_eq!(figures(&report), (4, 2, vec![(YaSeleccionado, 2)]));
    let selected: Vec<(String, String)> =
        passwords(&test_db).await.into_iter().map(|row| (row.matricula, row.identificacion)).collect();
    assert_eq!(selected[0], ("9".to_owned(), "71234567".to_owned()));
}

#[tokio::test]
async fn only_real_users_in_force_or_inactivated_count_as_verified() {
    let test_db = database().await;
    sync(&test_db.db, extract(&(1..=9).map(merchant).collect::<Vec<_>>())).await.result.unwrap();
    let id = |number: u32| (3_000_000_000_u64 + u64::from(number)).to_string();
    for (number, state) in (1..).zip(VerifiedState::ALL) {
        verified(&test_db, camara(), &id(number), state, false).await;
    }
    verified(&test_db, camara(), &id(8), VerifiedState::Vigente, true).await;
    verified(&test_db, other_camara(), &id(9), VerifiedState::Vigente, false).await;
    let report = desk(&test_db).select(year(), None).await.unwrap();
    // PE, VE, RZ, IN, AN, EL, SF: the second and the fourth.
    assert_eq!(figures(&report), (9, 7, vec![(YaVerificado, 2)]));
    assert!(passwords(&test_db).await.iter().all(|row| row.identificacion != id(2) && row.identificacion != id(4)));
}

#[tokio::test]
async fn a_second_selection_takes_only_who_is_new_and_years_are_apart() {
    let test_db = database().await;
    sync(&test_db.db, extract(&[merchant(1), merchant(2)])).await.result.unwrap();
    let desk = desk(&test_db);
    desk.select(year(), None).await.unwrap();
    let before = passwords(&test_db).await;
    sync(&test_db.db, extract(&[merchant(1).with("emailnot", "otro@example.com"), merchant(3)])).await.result.unwrap();
    assert_eq!(figures(&desk.select(year(), None).await.unwrap()), (3, 1, vec![(YaSeleccionado, 2)]));
    assert_eq!(passwords(&test_db).await[..2], before[..], "who was selected stays as he was");

    let next = contract::Year::new(2027).unwrap();
    assert_eq!(figures(&desk.select(next, None).await.unwrap()), (3, 0, vec![(NoRenovoAnoAnterior, 3)]));
}

#[tokio::test]
async fn tests_do_not_stand_in_the_way_of_the_real_selection() {
    let test_db = database().await;
    sync(&test_db.db, extract(&[merchant(1)])).await.result.unwrap();
    preassigned(&test_db, camara(), 2026, "3000000001", true, "enviado").await;
    preassigned(&test_db, other_camara(), 2026, "3000000001", false, "enviado").await;
    assert_eq!(desk(&test_db).select(year(), None).await.unwrap().seleccionados, 1);
}

#[tokio::test]
async fn two_selections_at_once_give_one_password_each() {
    let test_db = database().await;
    sync(&test_db.db, extract(&(1..=700).map(merchant).collect::<Vec<_>>())).await.result.unwrap();
    let desks = [desk(&test_db), desk(&test_db), desk(&test_db)];
    let select = |desk: CampaignDesk| tokio::spawn(async move { desk.select(year(), None).await.unwrap() });
    let running: Vec<_> = desks.into_iter().map(select).collect();
    let mut reports: Vec<SelectionReport> = Vec::new();
    for task in running {
        reports.push(task.await.unwrap());
    }
    assert_eq!(reports.iter().map(|report| report.seleccionados).sum::<u64>(), 700);
    for report in reports {
        let left_out = report.excluidos.get(&YaSeleccionado).copied().unwrap_or_default();
        assert_eq!((report.evaluados, report.seleccionados + left_out), (700, 700));
    }
    assert_eq!(passwords(&test_db).await.len(), 700);
}

#[tokio::test]
async fn without_a_registry_or_with_a_stale_one_selection_asks_first() {
    let test_db = database().await;
    let mut desk = desk(&test_db);
    assert_eq!(desk.select(year(), None).await, Err(ServiceError::NoRegistryData));
    assert_eq!(desk.simulate(year()).await, Err(ServiceError::NoRegistryData));

    sync_as(&test_db.db, &desk.clock, &desk.actor, extract(&[merchant(1)]), None, false).await.result.unwrap();
    desk.clock.advance_seconds(40 * 3600);
    assert_eq!(desk.select(year(), Some("  ".to_owned())).await, Err(ServiceError::StaleRegistry { hours: 40 }));
    let short = desk.select(year(), Some("ya".to_owned())).await;
    assert_eq!(short, Err(ServiceError::Invalid { field: Field::Reason }));
    assert_eq!(desk.simulate(year()).await.unwrap().seleccionados, 1);
    let reason = Some("el SIREP\nestá en mantenimiento".to_owned());
    assert_eq!(desk.select(year(), reason).await.unwrap().seleccionados, 1);
    let trail = auditoria::Entity::find().all(test_db.db.reader()).await.unwrap();
    let entry = trail.iter().find(|entry| entry.accion == "seleccion").unwrap();
    assert!(entry.detalle.contains("motivo=«el SIREP está en mantenimiento»"), "{}", entry.detalle);

    desk.stale_needs_reason = false;
    assert_eq!(figures(&desk.select(year(), None).await.unwrap()), (1, 0, vec![(YaSeleccionado, 1)]));
}

#[tokio::test]
async fn an_auditor_may_simulate_and_not_select_and_another_chamber_has_nothing() {
    let test_db = database().await;
    sync(&test_db.db, extract(&[merchant(1)])).await.result.unwrap();
    let auditor =
        CampaignDesk { actor: Actor { role: Role::Auditor, ..Actor::command_line(camara()) }, ..desk(&test_db) };
    assert_eq!(auditor.simulate(year()).await.unwrap().seleccionados, 1);
    assert_eq!(auditor.select(year(), None).await, Err(ServiceError::Forbidden));
    let other = desk_of(&test_db, other_camara());
    assert_eq!(other.select(year(), None).await, Err(ServiceError::NoRegistryData));
    sync_as(&test_db.db, &other.clock, &other.actor, extract(&[merchant(2)]), None, false).await.result.unwrap();
    assert_eq!(other.select(year(), None).await.unwrap().evaluados, 1);
}
