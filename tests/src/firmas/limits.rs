//! How often one may guess: the activation's own limits.

use contract::staff::Role;
use entity::limites;
use sea_orm::EntityTrait;
use server::services::activation::unlock;
use server::services::actor::Actor;

use super::{ID, Notary, right, with};
use crate::support::camara;

#[tokio::test]
async fn after_the_free_failures_right_and_wrong_wait_alike() {
    let notary = Notary::open().await;
    for _ in 0..4 {
        assert_eq!(notary.ask(&with("clave", "Wrong23456")).await.refusal().0, 403);
    }
    for body in [with("clave", "Wrong23456"), right()] {
        let answer = notary.ask(&body).await;
        assert_eq!(answer.refusal(), (429, "demasiados_intentos".to_owned()));
        assert!((1..=6).contains(&answer.header("retry-after").parse::<i64>().unwrap()));
    }
    assert_eq!((notary.trail("firma_rechazada").await.len(), notary.sms_count().await), (4, 0));
    notary.later(5);
    assert_eq!(notary.ask(&right()).await.status, 201);
    // Success forgets the identity's failures and takes the system's try back.
    let rows = limites::Entity::find().all(notary.site.app.db.reader()).await.unwrap();
    assert!(rows.iter().all(|row| row.clase != "identidad"));
    assert_eq!(rows.iter().find(|row| row.clase == "sistema").unwrap().fallos_hora, 4);
    assert!(rows.iter().all(|row| !row.sujeto.contains(ID)));
}

#[tokio::test]
async fn after_the_hard_stop_only_staff_can_help() {
    let notary = Notary::open_with("INTENTOS_TOPE=10\n").await;
    for _ in 0..10 {
        assert_eq!(notary.ask(&with("clave", "Wrong23456")).await.refusal().1, "credenciales_erradas");
        notary.later(900);
    }
    for body in [with("clave", "Wrong23456"), right()] {
        assert_eq!(notary.ask(&body).await.refusal(), (403, "identidad_bloqueada".to_owned()));
    }
    assert_eq!(notary.trail("identidad_bloqueada").await.len(), 1);
    let (app, actor) = (&notary.site.app, Actor { role: Role::Operador, ..Actor::command_line(camara()) });
    unlock(&app.db, &app.clock, &app.mac, &actor, ID).await.unwrap();
    assert_eq!(notary.ask(&right()).await.status, 201);
}

#[tokio::test]
async fn a_system_that_guesses_many_identities_is_stopped_for_its_hour_and_others_are_not() {
    let notary = Notary::open_with("INTENTOS_RED_HORA=50\n").await;
    for index in 0..50 {
        let answer = notary.ask(&with("identificacion", format!("5{index:03}"))).await;
        assert_eq!(answer.refusal().1, "credenciales_erradas", "{index}");
    }
    let stopped = notary.ask(&right()).await;
    assert_eq!(stopped.refusal(), (429, "demasiados_intentos".to_owned()));
    assert!(stopped.header("retry-after").parse::<i64>().unwrap() > 3000);
    let other = super::new_key(&notary.site, camara(), "Registro").await;
    assert_eq!(notary.call("POST", "/firmas", &other, Some(&right())).await.status, 201);
    notary.later(3600);
    assert_eq!(notary.ask(&right()).await.status, 201);
}
