//! The link of the confirmation: what it freezes, and what it does not.

use std::sync::Arc;

use contract::activation::{ActivationService, Notice};
use contract::disown::{DisownService, DisownState};
use contract::staff::Role;
use contract::verified::VerifiedUserService;
use domain::limits::{NETWORK, Policy};
use entity::{auditoria, limites};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use server::secrets::MacKey;
use server::services::actor::Actor;
use server::services::disown::disown_code;
use server::services::verified::VerifiedDesk;

use super::{EMAIL, IDENTIFICATION, NAME, email, links, state, user, verified};
use crate::activation::office::{Office, chamber, notice, right};
use crate::support::{TestDb, camara, database, other_camara};

const DAY: i64 = 86_400;

async fn trail(test_db: &TestDb, action: &str) -> Vec<String> {
    let found = auditoria::Entity::find().filter(auditoria::Column::Accion.eq(action));
    found.all(test_db.db.reader()).await.unwrap().into_iter().map(|entry| entry.detalle).collect()
}

fn desk_of(test_db: &TestDb, clock: &server::clock::Clock, role: Role) -> VerifiedDesk {
    let actor = Actor { role, ..Actor::command_line(camara()) };
    VerifiedDesk { db: test_db.db.clone(), clock: clock.clone(), actor }
}

#[tokio::test]
async fn opening_changes_nothing_the_button_freezes_and_twice_is_once() {
    let (test_db, clock) = (database().await, server::clock::Clock::default());
    let (mac, chamber) = (Arc::new(MacKey::generate()), chamber(camara()));
    let ana = verified(&test_db.db, &clock, camara()).await;
    let code = disown_code(&mac, camara(), ana.id, &email());
    let desk = links(&test_db.db, &clock, &mac, &chamber, 1);

    for _ in 0..3 {
        assert_eq!(state(&desk, &code).await, DisownState::Offered);
    }
    assert!(user(&test_db.db, ana.id).await == ana, "opening the link changed the user");
    let view = serde_json::to_string(&desk.view(&code).await.unwrap()).unwrap();
    for personal in [NAME, IDENTIFICATION, EMAIL, super::MOBILE] {
        assert!(!view.contains(personal), "{personal}");
    }

    clock.advance_seconds(DAY);
    let (one, two) = tokio::join!(desk.freeze(&code), desk.freeze(&code));
    assert_eq!((one, two), (Ok(()), Ok(())));
    desk.freeze(&code).await.unwrap();
    let frozen = user(&test_db.db, ana.id).await;
    assert_eq!(frozen.estado, "IN");
    assert_eq!(frozen.fecha_hora_inactivacion, frozen.desconocida_en);
    assert!(frozen.desconocida_en.is_some() && frozen.revisada_en.is_none());
    assert!(frozen.motivoinactivacion.unwrap().contains("no fui yo"));
    assert_eq!(trail(&test_db, "no_fui_yo").await, [format!("usuario={}", ana.id)]);
    assert_eq!(state(&desk, &code).await, DisownState::Frozen);
    assert_eq!(desk_of(&test_db, &clock, Role::Auditor).to_review().await, Ok(1));
    // No mail server is configured: the freezing stands, and the trail says who was not told.
    assert_eq!(trail(&test_db, "aviso_no_enviado").await, [format!("usuario={}", ana.id)]);
}

#[tokio::test]
async fn a_wrong_code_another_chambers_or_another_address_gets_one_answer_and_freezes_nobody() {
    let (test_db, clock) = (database().await, server::clock::Clock::default());
    let mac = Arc::new(MacKey::generate());
    let (ana, other) =
        (verified(&test_db.db, &clock, camara()).await, verified(&test_db.db, &clock, other_camara()).await);
    let code = disown_code(&mac, camara(), ana.id, &email());
    let (id, digest) = code.split_once('-').unwrap();
    let flipped = if digest.starts_with('0') { "1" } else { "0" };
    let desk = links(&test_db.db, &clock, &mac, &chamber(camara()), 1);
    let elsewhere = links(&test_db.db, &clock, &mac, &chamber(other_camara()), 1);
    let wrong = [
        format!("{id}-{flipped}{}", &digest[1..]),
        format!("{}-{digest}", other.id),
        format!("{}-{digest}", ana.id + 1000),
        disown_code(&mac, other_camara(), ana.id, &email()),
        disown_code(&MacKey::generate(), camara(), ana.id, &email()),
        disown_code(&mac, camara(), ana.id, &contract::Email::parse("otra@correo.com.co").unwrap()),
        String::new(),
        "'; DROP TABLE usuarios_verificados".to_owned(),
        code.replace('-', ""),
    ];
    for wrong in &wrong {
        desk.freeze(wrong).await.unwrap();
        assert_eq!(state(&desk, wrong).await, DisownState::Useless, "{wrong}");
    }
    elsewhere.freeze(&code).await.unwrap();
    assert_eq!(state(&elsewhere, &code).await, DisownState::Useless);
    for before in [ana, other] {
        assert!(user(&test_db.db, before.id).await == before);
    }
    assert_eq!(trail(&test_db, "no_fui_yo").await, Vec::<String>::new());
}

#[tokio::test]
async fn the_link_works_for_the_chambers_days_and_not_a_moment_longer() {
    let (test_db, clock) = (database().await, server::clock::Clock::default());
    let mac = Arc::new(MacKey::generate());
    let mut chamber = chamber(camara());
    chamber.aftermath.disown_days = 3;
    let ana = verified(&test_db.db, &clock, camara()).await;
    let code = disown_code(&mac, camara(), ana.id, &email());
    let desk = links(&test_db.db, &clock, &mac, &chamber, 1);
    clock.advance_seconds(3 * DAY - 60);
    assert_eq!(state(&desk, &code).await, DisownState::Offered);
    clock.advance_seconds(61);
    assert_eq!(state(&desk, &code).await, DisownState::Useless);
    desk.freeze(&code).await.unwrap();
    assert_eq!(user(&test_db.db, ana.id).await.estado, "VE");
}

#[tokio::test]
async fn once_staff_have_decided_the_link_is_used_up() {
    let (test_db, clock) = (database().await, server::clock::Clock::default());
    let mac = Arc::new(MacKey::generate());
    let ana = verified(&test_db.db, &clock, camara()).await;
    let code = disown_code(&mac, camara(), ana.id, &email());
    let desk = links(&test_db.db, &clock, &mac, &chamber(camara()), 1);
    desk.freeze(&code).await.unwrap();
    let supervisor = desk_of(&test_db, &clock, Role::Supervisor);
    supervisor.reactivate(ana.id, "Era el titular: llamó".to_owned()).await.unwrap();
    assert_eq!(supervisor.to_review().await, Ok(0));
    desk.freeze(&code).await.unwrap();
    assert_eq!(state(&desk, &code).await, DisownState::Useless);
    assert_eq!(user(&test_db.db, ana.id).await.estado, "VE");
    // Neither does it touch one whom staff took out of force themselves.
    supervisor.annul(ana.id, "a petición".to_owned()).await.unwrap();
    desk.freeze(&code).await.unwrap();
    assert_eq!(user(&test_db.db, ana.id).await.estado, "AN");
}

#[tokio::test]
async fn a_network_that_guesses_must_wait_even_with_a_right_code_and_others_need_not() {
    let (test_db, clock) = (database().await, server::clock::Clock::default());
    let mac = Arc::new(MacKey::generate());
    let mut chamber = chamber(camara());
    chamber.limits.network = Policy { per_hour: 5, ..NETWORK };
    let ana = verified(&test_db.db, &clock, camara()).await;
    let code = disown_code(&mac, camara(), ana.id, &email());
    let desk = Arc::new(links(&test_db.db, &clock, &mac, &chamber, 1));
    for _ in 0..12 {
        assert_eq!(state(&desk, &code).await, DisownState::Offered, "a right code is no failure");
    }
    let guesses = (0..20).map(|guess| {
        let desk = Arc::clone(&desk);
        tokio::spawn(async move { state(&desk, &format!("{}-{guess:032x}", 1)).await })
    });
    let mut useless = 0;
    for guess in guesses.collect::<Vec<_>>() {
        useless += usize::from(guess.await.unwrap() == DisownState::Useless);
    }
    assert_eq!(useless, 5, "exactly the limit was looked at");
    let counted = limites::Entity::find().filter(limites::Column::Clase.eq("no_fui_yo_red"));
    assert_eq!(counted.one(test_db.db.reader()).await.unwrap().unwrap().fallos, 5);
    assert!(matches!(state(&desk, &code).await, DisownState::Wait { .. }));
    desk.freeze(&code).await.unwrap();
    assert_eq!(user(&test_db.db, ana.id).await.estado, "VE");
    assert_eq!(state(&links(&test_db.db, &clock, &mac, &chamber, 2), &code).await, DisownState::Offered);
    clock.advance_seconds(3601);
    assert_eq!(state(&desk, &code).await, DisownState::Offered);
}

#[tokio::test]
async fn the_activation_names_its_user_and_a_frozen_one_is_not_activated_again() {
    let office = Office::open().await;
    office.mailed().await;
    let browser = office.browser("cookie");
    browser.accept(right()).await.unwrap();
    browser.confirm(office.last_pin()).await.unwrap();
    let ana = office.verified().await.remove(0);
    assert_eq!(*office.post.users.lock().unwrap(), [ana.id]);

    let code = disown_code(&office.tools.mac, camara(), ana.id, &email());
    let desk = links(&office.test_db.db, &office.clock, &office.tools.mac, &office.chamber, 1);
    desk.freeze(&code).await.unwrap();
    office.mail(|row| row.ano = Set(2027)).await;
    let again = office.browser("another cookie");
    again.accept(right()).await.unwrap();
    assert_eq!(notice(&again).await, Some(Notice::NoMatch));
    assert_eq!(office.verified().await.len(), 1);
}

#[tokio::test]
async fn reactivating_takes_a_supervisor_with_a_reason_and_one_user_in_force() {
    let (test_db, clock) = (database().await, server::clock::Clock::default());
    let ana = verified(&test_db.db, &clock, camara()).await;
    let set = async |estado: &str| {
        let mut row = user(&test_db.db, ana.id).await.into_active_model();
        row.estado = Set(estado.to_owned());
        row.fecha_hora_inactivacion = Set(Some(clock.now().0));
        row.update(test_db.db.reader()).await.unwrap();
    };
    let reason = || "Compareció en la sede".to_owned();
    let supervisor = desk_of(&test_db, &clock, Role::Supervisor);
    use contract::ServiceError;
    assert_eq!(supervisor.reactivate(ana.id, reason()).await, Err(ServiceError::StateChanged), "in force already");
    set("IN").await;
    for role in [Role::Operador, Role::Auditor] {
        assert_eq!(desk_of(&test_db, &clock, role).reactivate(ana.id, reason()).await, Err(ServiceError::Forbidden));
    }
    let actor = Actor { must_confirm: true, ..Actor::command_line(camara()) };
    let unconfirmed = VerifiedDesk { db: test_db.db.clone(), clock: clock.clone(), actor };
    assert_eq!(unconfirmed.reactivate(ana.id, reason()).await, Err(ServiceError::ConfirmPassword));
    let elsewhere =
        VerifiedDesk { actor: Actor::command_line(other_camara()), ..desk_of(&test_db, &clock, Role::Supervisor) };
    assert_eq!(elsewhere.reactivate(ana.id, reason()).await, Err(ServiceError::NotFound));
    assert!(matches!(supervisor.reactivate(ana.id, "no".to_owned()).await, Err(ServiceError::Invalid { .. })));

    let newer = verified(&test_db.db, &clock, camara()).await;
    assert_eq!(supervisor.reactivate(ana.id, reason()).await, Err(ServiceError::StateChanged), "another is in force");
    supervisor.annul(newer.id, reason()).await.unwrap();
    supervisor.reactivate(ana.id, reason()).await.unwrap();
    let back = user(&test_db.db, ana.id).await;
    assert_eq!((back.estado.as_str(), back.fecha_hora_inactivacion, back.motivoinactivacion), ("VE", None, None));
    assert_eq!(back.motivo_reactivacion, Some(reason()));
    assert!(back.reactivada_en.is_some() && back.revisada_en.is_some());
    assert_eq!(trail(&test_db, "usuario_reactivado").await, [format!("usuario={}", ana.id)]);
    for state in ["AN", "EL", "RZ", "PE"] {
        set(state).await;
        assert_eq!(supervisor.reactivate(ana.id, reason()).await, Err(ServiceError::StateChanged), "{state}");
    }
}
