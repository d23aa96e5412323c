//! Gestión de usuarios verificados.

mod attempts;

use contract::error::Field;
use contract::page::ListQuery;
use contract::staff::Role;
use contract::verified::{VerifiedState, VerifiedUserService};
use contract::{ChamberCode, ServiceError};
use entity::{auditoria, usuarios_verificados};
use sea_orm::{ActiveModelTrait, EntityTrait, Set};
use server::clock::Clock;
use server::services::actor::Actor;
use server::services::verified::VerifiedDesk;

use crate::support::{TestDb, camara, database, other_camara};

fn desk(test_db: &TestDb, chamber: ChamberCode, role: Role) -> VerifiedDesk {
    let actor = Actor { role, ..Actor::command_line(chamber) };
    VerifiedDesk { db: test_db.db.clone(), clock: Clock::default(), actor }
}

async fn user(test_db: &TestDb, chamber: ChamberCode, id: &str, name: &str, state: &str, test: bool) -> i64 {
    usuarios_verificados::ActiveModel {
        camara: Set(chamber.to_string()),
        es_prueba: Set(test),
        email: Set(format!("u{id}@correo.com.co").to_lowercase()),
        celular: Set("3001234567".to_owned()),
        tipoidentificacion: Set("1".to_owned()),
        identificacion: Set(id.to_owned()),
        nombre: Set(name.to_owned()),
        nombres: Set(String::new()),
        apellido1: Set(String::new()),
        apellido2: Set(String::new()),
        direccion: Set(String::new()),
        municipio: Set(String::new()),
        nitempresa: Set(String::new()),
        nombreempresa: Set(String::new()),
        matricula: Set(format!("M{id}")),
        estado: Set(state.to_owned()),
        fecha_hora_creacion: Set(1),
        claveacceso: Set(String::new()),
        ano: Set(2026),
        ..Default::default()
    }
    .insert(test_db.db.reader())
    .await
    .unwrap()
    .id
}

fn query(search: &str, state: &str) -> ListQuery {
    ListQuery { search: search.to_owned(), state: state.to_owned(), page: 1 }
}

async fn ids(desk: &VerifiedDesk, search: &str, state: &str) -> Vec<String> {
    let page = desk.list(query(search, state)).await.unwrap();
    assert_eq!(page.total, page.rows.len() as u64);
    page.rows.into_iter().map(|row| row.identificacion).collect()
}

#[tokio::test]
async fn the_list_is_searched_filtered_and_of_one_chamber() {
    let test_db = database().await;
    user(&test_db, camara(), "1", "NUÑEZ PÉREZ ANA", "VE", false).await;
    user(&test_db, camara(), "2", "RUIZ 100% S_A", "AN", false).await;
    user(&test_db, camara(), "3", "BORRADA", "EL", false).await;
    user(&test_db, other_camara(), "4", "AJENA", "VE", false).await;
    let desk = desk(&test_db, camara(), Role::Auditor);
    assert_eq!(ids(&desk, "", "").await, ["2", "1"]);
    assert_eq!(ids(&desk, "", "EL").await, ["3"]);
    assert_eq!(ids(&desk, "", "VE").await, ["1"]);
    for (search, found) in [("nuñez pé", "1"), ("U2@CORREO", "2"), ("m1", "1"), ("00% s_", "2")] {
        assert_eq!(ids(&desk, search, "").await, [found], "{search}");
    }
    for nothing in ["ajena", "%%", "' OR 1=1", "a_a"] {
        assert!(ids(&desk, nothing, "").await.is_empty(), "{nothing}");
    }
}

#[tokio::test]
async fn annulling_and_deleting_take_a_reason_and_a_supervisor() {
    let test_db = database().await;
    let id = user(&test_db, camara(), "1", "ANA", "VE", false).await;
    let desk = |role| desk(&test_db, camara(), role);
    let supervisor = desk(Role::Supervisor);
    for short in ["", "   ", "no", "12345 !!", "a b c d"] {
        let refused = supervisor.annul(id, short.to_owned()).await;
        assert_eq!(refused, Err(ServiceError::Invalid { field: Field::Reason }), "{short:?}");
    }
    for role in [Role::Operador, Role::Auditor] {
        assert_eq!(desk(role).annul(id, "a petición".to_owned()).await, Err(ServiceError::Forbidden));
        assert_eq!(desk(role).delete(id, "a petición".to_owned()).await, Err(ServiceError::Forbidden));
        assert_eq!(desk(role).purge_tests().await, Err(ServiceError::Forbidden));
    }
    assert_eq!(ids(&supervisor, "", "VE").await, ["1"]);

    supervisor.annul(id, "  A petición de la titular ".to_owned()).await.unwrap();
    let row = supervisor.list(query("", "AN")).await.unwrap().rows.remove(0);
    assert_eq!((row.estado, row.motivo.as_deref()), (VerifiedState::Anulado, Some("A petición de la titular")));
    assert!(row.inactivado_en.is_some());
    assert_eq!(supervisor.annul(id, "otra vez".to_owned()).await, Err(ServiceError::StateChanged));
    supervisor.delete(id, "registro repetido".to_owned()).await.unwrap();
    assert_eq!(ids(&supervisor, "", "EL").await, ["1"]);
    assert_eq!(supervisor.delete(id, "otra vez".to_owned()).await, Err(ServiceError::StateChanged));

    let trail = auditoria::Entity::find().all(test_db.db.reader()).await.unwrap();
    assert_eq!(trail.iter().map(|e| e.accion.as_str()).collect::<Vec<_>>(), ["usuario_anulado", "usuario_eliminado"]);
    assert!(trail.iter().all(|entry| !entry.detalle.contains("ANA")));
}

#[tokio::test]
async fn another_chambers_user_is_not_there() {
    let test_db = database().await;
    let id = user(&test_db, camara(), "1", "ANA", "VE", false).await;
    let other = desk(&test_db, other_camara(), Role::Supervisor);
    assert_eq!(other.annul(id, "a petición".to_owned()).await, Err(ServiceError::NotFound));
    assert_eq!(other.delete(id, "a petición".to_owned()).await, Err(ServiceError::NotFound));
    assert_eq!(ids(&desk(&test_db, camara(), Role::Auditor), "", "VE").await, ["1"]);
}

#[tokio::test]
async fn the_purge_removes_every_test_of_the_chamber_and_nothing_else() {
    let test_db = database().await;
    user(&test_db, camara(), "1", "ANA", "VE", false).await;
    user(&test_db, camara(), "PRUEBA2247@", "PRUEBA", "VE", true).await;
    user(&test_db, camara(), "PRUEBA2247@", "PRUEBA", "AN", true).await;
    user(&test_db, other_camara(), "PRUEBA2247@", "PRUEBA", "VE", true).await;
    let supervisor = desk(&test_db, camara(), Role::Supervisor);
    assert_eq!(supervisor.purge_tests().await, Ok(2));
    assert_eq!(supervisor.purge_tests().await, Ok(0));
    assert_eq!(ids(&supervisor, "", "").await, ["1"]);
    assert_eq!(ids(&desk(&test_db, other_camara(), Role::Supervisor), "", "").await, ["PRUEBA2247@"]);
}
