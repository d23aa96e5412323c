//! Staff see whether a merchant may try, and unlock.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use contract::activation::ActivationService;
use contract::attempts::{AttemptsService, AttemptsState, UnlockReason};
use contract::error::Field;
use contract::staff::Role;
use contract::{ChamberCode, ServiceError};
use entity::auditoria;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use server::services::activation::AttemptsDesk;
use server::services::actor::Actor;

use crate::activation::office::{EMAIL, ID, MOBILE, Office, typed};
use crate::support::{camara, other_camara};

fn desk(office: &Office, chamber: ChamberCode, role: Role) -> AttemptsDesk {
    AttemptsDesk {
        db: office.test_db.db.clone(),
        clock: office.clock.clone(),
        mac: Arc::clone(&office.tools.mac),
        actor: Actor { role, ..Actor::command_line(chamber) },
    }
}

async fn wrong(office: &Office) {
    let browser = office.browser_at("cookie", IpAddr::V4(Ipv4Addr::LOCALHOST));
    browser.accept(typed(ID, EMAIL, MOBILE, "Wrong23456")).await.unwrap();
}

#[tokio::test]
async fn a_pause_and_a_stop_are_seen_and_lifted_with_a_reason() {
    let mut office = Office::open().await;
    office.chamber.limits.identity.hard_stop = Some(5);
    office.mailed().await;
    let look = async |role, id: &str| desk(&office, camara(), role).look(id.to_owned()).await;
    let fresh = look(Role::Auditor, ID).await.unwrap();
    assert_eq!((fresh.fallos, fresh.estado), (0, AttemptsState::Free));
    for _ in 0..4 {
        wrong(&office).await;
    }
    let paused = look(Role::Auditor, "71.234.567").await.unwrap();
    let AttemptsState::Paused { hasta } = paused.estado else { panic!("{paused:?}") };
    assert!(paused.fallos == 4 && hasta > office.clock.now());
    office.clock.advance_seconds(6);
    assert_eq!(look(Role::Auditor, ID).await.unwrap().estado, AttemptsState::Free);
    wrong(&office).await;
    assert_eq!(look(Role::Auditor, ID).await.unwrap().estado, AttemptsState::Stopped);
    let elsewhere = desk(&office, other_camara(), Role::Supervisor);
    assert_eq!(elsewhere.look(ID.to_owned()).await.unwrap().fallos, 0, "another chamber counts for itself");
    let invalid = Err(ServiceError::Invalid { field: Field::Identification });
    assert_eq!(look(Role::Auditor, " ").await, invalid);

    let unlock =
        async |role, id: &str| desk(&office, camara(), role).unlock(id.to_owned(), UnlockReason::Llamada).await;
    assert_eq!(unlock(Role::Auditor, ID).await, Err(ServiceError::Forbidden));
    assert_eq!(elsewhere.unlock(ID.to_owned(), UnlockReason::Sede).await, Err(ServiceError::NotFound));
    assert_eq!(unlock(Role::Operador, ID).await, Ok(()));
    assert_eq!(look(Role::Auditor, ID).await.unwrap().estado, AttemptsState::Free);
    assert_eq!(unlock(Role::Operador, ID).await, Err(ServiceError::NotFound), "nothing is left to be lifted");
    let found = auditoria::Entity::find().filter(auditoria::Column::Accion.eq("identidad_desbloqueada"));
    let trail = found.all(office.test_db.db.reader()).await.unwrap();
    assert_eq!(trail.len(), 1);
    assert!(trail[0].detalle.ends_with(" motivo=llamada") && !trail[0].detalle.contains(ID), "{}", trail[0].detalle);
}
