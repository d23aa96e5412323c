//! One's own password and sessions; what an administrator changes; what is forgotten in time.

use contract::error::Field;
use contract::staff::{Role, SessionService};
use contract::{ServiceError, Timestamp};
use entity::{auditoria, limites};
use sea_orm::{EntityTrait, Set};
use server::services::actor::Actor;
use server::services::staff::{set_password, set_role};

use super::{Door, PASSWORD};
use crate::support::{camara, other_camara};

const NEW: &str = "tres gatos azules";

#[tokio::test]
async fn a_password_is_changed_by_who_knows_it_and_ends_every_other_session() {
    let door = Door::open().await;
    let (token, other) = (door.login("marta", PASSWORD).await.unwrap(), door.login("marta", PASSWORD).await.unwrap());
    let who = door.insider(&token).await.unwrap();
    let change = async |present: &str, new: &str| {
        let (present, new) = (present.to_owned().into(), new.to_owned().into());
        door.staff.change_password(&who, present, new).await
    };
    assert_eq!(change("wrong wrong wrong", NEW).await, Err(ServiceError::WrongLogin));
    for weak in ["corta", "marta1234567", "Clave.Segura.2026", PASSWORD] {
        assert_eq!(change(PASSWORD, weak).await, Err(ServiceError::Invalid { field: Field::NewPassword }), "{weak}");
        door.clock.advance_seconds(30);
    }
    let fresh = change(PASSWORD, NEW).await.unwrap();
    assert!(door.desk(&token).await.is_none() && door.desk(&other).await.is_none());
    assert!(door.desk(&fresh).await.is_some());
    assert_eq!(door.login("marta", PASSWORD).await, Err(ServiceError::WrongLogin));
    door.login("marta", NEW).await.unwrap();
    let trail = auditoria::Entity::find().all(door.test_db.db.reader()).await.unwrap();
    assert!(trail.iter().any(|entry| entry.accion == "clave_cambiada" && entry.actor == "marta"));
}

#[tokio::test]
async fn one_sees_one_s_own_sessions_and_ends_the_others() {
    let door = Door::open().await;
    door.create("jose", Role::Auditor, PASSWORD).await.unwrap();
    let jose = door.login("jose", PASSWORD).await.unwrap();
    let old = door.login("marta", PASSWORD).await.unwrap();
    door.clock.advance_seconds(120);
    let token = door.login("marta", PASSWORD).await.unwrap();
    let seen = door.desk(&token).await.unwrap().account().await.unwrap().sesiones;
    assert_eq!(seen.iter().map(|session| session.esta).collect::<Vec<_>>(), [true, false]);
    let who = door.insider(&token).await.unwrap();
    let wrong = door.staff.end_other_sessions(&who, "wrong wrong wrong".to_owned().into()).await;
    assert_eq!(wrong, Err(ServiceError::WrongLogin));
    assert!(door.desk(&old).await.is_some());
    assert_eq!(door.staff.end_other_sessions(&who, PASSWORD.to_owned().into()).await, Ok(1));
    assert!(door.desk(&old).await.is_none());
    assert!(door.desk(&token).await.is_some() && door.desk(&jose).await.is_some());
}

#[tokio::test]
async fn another_password_or_role_ends_the_sessions_it_was_given_in() {
    let door = Door::open().await;
    let (db, clock) = (&door.test_db.db, &door.clock);
    let (here, there) = (Actor::command_line(camara()), Actor::command_line(other_camara()));
    let token = door.login("marta", PASSWORD).await.unwrap();
    assert_eq!(set_role(db, clock, &there, "marta", Role::Auditor).await, Err(ServiceError::NotFound));
    let elsewhere = set_password(db, clock, &there, "marta", NEW.to_owned().into()).await;
    assert_eq!(elsewhere, Err(ServiceError::NotFound));
    assert!(door.desk(&token).await.is_some());
    set_role(db, clock, &here, "Marta", Role::Auditor).await.unwrap();
    assert!(door.desk(&token).await.is_none());
    let token = door.login("marta", PASSWORD).await.unwrap();
    assert_eq!(door.desk(&token).await.unwrap().me().await.unwrap().rol, Role::Auditor);
    let weak = set_password(db, clock, &here, "marta", "marta1234567".to_owned().into()).await;
    assert_eq!(weak, Err(ServiceError::Invalid { field: Field::NewPassword }));
    set_password(db, clock, &here, "marta", NEW.to_owned().into()).await.unwrap();
    assert!(door.desk(&token).await.is_none());
    door.login("marta", NEW).await.unwrap();
}

#[tokio::test]
async fn counts_of_identities_untouched_for_a_month_are_forgotten_and_locked_ones_kept() {
    let site = crate::support::site::TestSite::start("").await;
    let now = site.app.clock.now();
    let row = |sujeto: &str, clase: &str, days: i64, bloqueado: bool| limites::ActiveModel {
        camara: Set("55".into()),
        clase: Set(clase.into()),
        sujeto: Set(sujeto.into()),
        fallos: Set(9),
        fallos_hora: Set(9),
        hora_desde: Set(now.plus_seconds(-days * 24 * 3600).0),
        espera_hasta: Set(now.plus_seconds(-days * 24 * 3600 + 60).0),
        bloqueado: Set(bloqueado),
    };
    let rows = [
        row("old", "identidad", 31, false),
        row("old-login", "ingreso", 31, false),
        row("locked", "identidad", 400, true),
        row("recent", "identidad", 29, false),
        limites::ActiveModel { camara: Set("20".into()), ..row("theirs", "identidad", 31, false) },
    ];
    limites::Entity::insert_many(rows).exec_without_returning(site.app.db.reader()).await.unwrap();
    // A merchant's first request tidies up.
    let form = [
        ("camara", "55"),
        ("identificacion", "71234567"),
        ("correo", "a@b.co"),
        ("celular", "3001234567"),
        ("clave", "Qw3rTyUp9k"),
    ];
    let browser = site.browser();
    browser.get(site.url("/activacion/55")).send().await.unwrap();
    let answer = browser.post(site.url("/api/activacion/aceptar")).form(&form).send().await.unwrap();
    assert!(answer.status().as_u16() < 400, "{}", answer.status());
    let left = limites::Entity::find().all(site.app.db.reader()).await.unwrap();
    let mut left: Vec<&str> = left.iter().map(|row| row.sujeto.as_str()).filter(|name| name.len() < 20).collect();
    left.sort_unstable();
    assert_eq!(left, ["locked", "recent", "theirs"]);
    assert!(now > Timestamp(0));
}
