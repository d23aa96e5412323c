//! Reminders: who gets one, in whose pace, once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use contract::campaign::CampaignService;
use contract::sending::{SendTarget, SendingService};
use domain::sending::Phase;
use entity::{auditoria, claves_preasignadas as claves, correos_suprimidos, ritmo_minutos, tareas};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use server::jobs::reminders::{ReminderJob, TASK};
use server::mail::catcher::{Behaviour, Refusal};
use server::services::actor::Actor;
use server::services::campaign::CampaignDesk;
use tokio::sync::watch;

use super::mails::read;
use super::{PUBLIC_URL, public_url, verified};
use crate::sending::world::{World, year};
use crate::support::{camara, other_camara};

pub const HOUR: i64 = 3600;
pub const DAY: i64 = 24 * HOUR;

pub fn job(world: &World) -> ReminderJob {
    ReminderJob {
        db: world.test_db.db.clone(),
        clock: world.clock.clone(),
        chambers: Arc::new([(camara(), Arc::new(world.chamber.clone()))].into()),
        public_url: public_url(),
    }
}

pub async fn look(world: &World) -> usize {
    let (_stop, stopping) = watch::channel(false);
    job(world).look(&stopping).await
}

/// How many mails each address got.
pub fn received(world: &World) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for mail in world.store.newest(500) {
        *counts.entry(mail.to[0].clone()).or_default() += 1;
    }
    counts
}

fn address(index: usize) -> String {
    format!("comerciante{index}@correo.com.co")
}

/// So many merchants mailed, and five days later, when the chamber reminds.
pub async fn mailed(count: usize, variables: &[(&str, &str)]) -> World {
    let mut all = vec![("RECORDATORIO_DIAS", "5")];
    all.extend(variables);
    let world = World::with(Behaviour::default(), &all).await;
    world.merchants(count).await;
    world.send(u16::try_from(count).unwrap()).await.unwrap();
    world.clock.advance_seconds(5 * DAY);
    world
}

async fn change(world: &World, index: usize, change: impl FnOnce(&mut claves::ActiveModel)) {
    let mut row = world.rows().await.remove(index).into_active_model();
    change(&mut row);
    row.update(world.test_db.db.reader()).await.unwrap();
}

async fn task(world: &World) -> tareas::Model {
    let key = (camara().to_string(), TASK.to_owned());
    tareas::Entity::find_by_id(key).one(world.test_db.db.reader()).await.unwrap().unwrap()
}

fn refuse(world: &World, phase: Phase, index: usize, reply: &str) {
    let refusal = Refusal { phase, reply: reply.to_owned(), recipient: Some(address(index)), times: None };
    world.script.change(|behaviour| behaviour.refusals.push(refusal));
}

#[tokio::test]
async fn those_who_have_not_activated_are_reminded_and_nobody_else() {
    let world = mailed(10, &[]).await;
    let now = world.clock.now();
    change(&world, 1, |row| row.estado = Set("activado".into())).await;
    change(&world, 2, |row| row.estado = Set("rebotado".into())).await;
    let suppressed = correos_suprimidos::ActiveModel {
        camara: Set(camara().to_string()),
        correo: Set(address(3)),
        causa: Set("rebote".into()),
        detalle: Set("5.1.1".into()),
        suprimido_en: Set(now.0),
        ..Default::default()
    };
    suppressed.insert(world.test_db.db.reader()).await.unwrap();
    change(&world, 4, |row| row.vence_en = Set(Some(now.plus_seconds(DAY - 60).0))).await;
    change(&world, 5, |row| row.transmitida_en = Set(Some(now.plus_seconds(-4 * DAY).0))).await;
    let mut ana = verified(&world.test_db.db, &world.clock, camara()).await.into_active_model();
    ana.identificacion = Set("70000006".to_owned());
    ana.update(world.test_db.db.reader()).await.unwrap();
    change(&world, 7, |row| row.es_prueba = Set(true)).await;
    change(&world, 8, |row| row.camara = Set(other_camara().to_string())).await;
    change(&world, 9, |row| row.estado = Set("incierto".into())).await;
    let before = received(&world);

    assert_eq!(look(&world).await, 1);
    let more: Vec<String> =
        received(&world).into_iter().filter(|(to, count)| *count > before[to]).map(|(to, _)| to).collect();
    assert_eq!(more, [address(0)]);
    let rows = world.rows().await;
    assert_eq!(rows.iter().filter(|row| row.recordada_en.is_some()).count(), 1);
    assert_eq!(rows[0].recordatorio.as_deref(), Some("enviado"));
    assert_eq!(rows[0].estado, "enviado", "a reminder changes nothing else");
    let entry = auditoria::Entity::find().filter(auditoria::Column::Accion.eq("recordatorios_enviados"));
    let entries = entry.all(world.test_db.db.reader()).await.unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].detalle, "enviados=1 rechazados=0 aplazados=0 inciertos=0");

    for _ in 0..4 {
        world.clock.advance_seconds(2 * HOUR);
        look(&world).await;
    }
    assert_eq!(received(&world)[&address(0)], 2, "never twice");
    let desk = CampaignDesk {
        db: world.test_db.db.clone(),
        clock: world.clock.clone(),
        actor: Actor::command_line(camara()),
        vault: world.vault.clone(),
        chamber: Arc::new(world.chamber.clone()),
        stale_needs_reason: false,
    };
    assert_eq!(desk.view(year()).await.unwrap().recordatorios, Some(1));
}

#[tokio::test]
async fn the_reminder_names_the_mail_and_never_holds_the_password() {
    let world = World::with(Behaviour::default(), &[("RECORDATORIO_DIAS", "5")]).await;
    let password = world.merchant(0, "PEÑA <b>JOSÉ</b>").await;
    world.send(1).await.unwrap();
    let (first, row) = (world.store.newest(1).remove(0), world.rows().await.remove(0));
    world.clock.advance_seconds(5 * DAY);
    look(&world).await;
    let mail = world.store.newest(1).remove(0);
    let (subject, text, html) = read(&mail);
    let first_subject = mail_parser::MessageParser::default().parse(&*first.raw).unwrap().subject().unwrap().to_owned();
    let until = contract::Timestamp(row.vence_en.unwrap()).long_date();
    let sent = contract::Timestamp(row.transmitida_en.unwrap()).long_date();
    assert!(subject.starts_with("Recordatorio") && subject.contains(&until), "{subject}");
    let link = format!("{PUBLIC_URL}/activacion/55");
    for body in [&text, &html] {
        for part in [&first_subject, &until, &sent, &link, "300 *** **67", "(604) 000 00 00"] {
            let found = body.contains(part) || body.contains(&part.replace('\n', " "));
            assert!(found, "{part} is not in {body}");
        }
        assert!(!body.contains(&password), "the password left again");
    }
    assert!(html.contains("&lt;b&gt;JOS") && !html.contains("<b>JOS"));
    let ids = |mail: &server::mail::catcher::Caught| {
        mail_parser::MessageParser::default().parse(&*mail.raw).unwrap().message_id().unwrap().to_owned()
    };
    assert_ne!(ids(&first), ids(&mail), "mailboxes drop a second mail with the same Message-ID");
}

#[tokio::test]
async fn a_chamber_that_did_not_ask_for_it_sends_none() {
    let world = World::new().await;
    world.merchants(1).await;
    world.send(1).await.unwrap();
    world.clock.advance_seconds(6 * DAY);
    assert_eq!(look(&world).await, 0);
    assert_eq!(world.store.count(), 1);
}

#[tokio::test]
async fn reminders_keep_within_the_chambers_pace_and_hours() {
    let world = mailed(5, &[("MASIVOS_MAXIMO_HORA", "5")]).await;
    // Two more of this hour are spoken for already.
    let minute = world.clock.now().0 / 60_000;
    let spent = ritmo_minutos::ActiveModel { camara: Set(camara().to_string()), minuto: Set(minute), correos: Set(2) };
    spent.insert(world.test_db.db.reader()).await.unwrap();
    look(&world).await;
    assert_eq!(world.store.count(), 5 + 3, "three were left of five");
    let held = task(&world).await;
    assert!(held.proxima_en > world.clock.now().plus_seconds(55 * 60).0, "it waits for the pace");
    world.clock.advance_seconds(10 * 60);
    assert_eq!(look(&world).await, 0);
    world.clock.advance_seconds(52 * 60);
    look(&world).await;
    assert_eq!(world.store.count(), 5 + 5);
    let counted: i64 = ritmo_minutos::Entity::find()
        .filter(ritmo_minutos::Column::Minuto.gte(minute))
        .all(world.test_db.db.reader())
        .await
        .unwrap()
        .iter()
        .map(|row| row.correos)
        .sum();
    assert_eq!(counted, 2 + 5, "each reminder counts as a mail");
}

#[tokio::test]
async fn batches_go_first() {
    let world = mailed(2, &[]).await;
    world.merchant(2, "COMERCIANTE 2").await;
    let batch = world.desk().start(year(), SendTarget::Count(1), "k".to_owned()).await.unwrap();
    look(&world).await;
    assert_eq!(world.store.count(), 2, "a batch is at work");
    // One that a person stopped holds nobody up.
    world.desk().pause(batch.id).await.unwrap();
    world.clock.advance_seconds(61);
    look(&world).await;
    assert_eq!(world.store.count(), 2 + 2);
}

#[tokio::test]
async fn a_refused_address_is_suppressed_and_one_put_off_is_tried_again_later() {
    let world = mailed(3, &[]).await;
    refuse(&world, Phase::RcptTo, 0, "550 5.1.1 no such user");
    refuse(&world, Phase::RcptTo, 1, "450 4.2.0 greylisted");
    look(&world).await;
    let rows = world.rows().await;
    assert_eq!(rows[0].recordatorio.as_deref(), Some("rechazado"));
    assert_eq!((rows[1].recordada_en, rows[1].recordatorio_desde.is_some()), (None, true));
    assert_eq!(rows[2].recordatorio.as_deref(), Some("enviado"), "the others are not held up");
    let suppressed = correos_suprimidos::Entity::find().all(world.test_db.db.reader()).await.unwrap();
    assert_eq!(suppressed.iter().map(|row| row.correo.as_str()).collect::<Vec<_>>(), [address(0)]);
    assert_eq!(world.audited("correo_suprimido").await, 1);

    world.script.change(|behaviour| behaviour.refusals.clear());
    world.clock.advance_seconds(5 * HOUR);
    look(&world).await;
    assert_eq!(received(&world)[&address(1)], 1);
    world.clock.advance_seconds(HOUR + 60);
    look(&world).await;
    assert_eq!(received(&world), [(address(0), 1), (address(1), 2), (address(2), 2)].into());
}

#[tokio::test]
async fn a_server_that_asks_to_wait_or_refuses_the_account_ends_the_portion_and_marks_nobody() {
    for reply in ["421 4.3.2 busy", "550 5.7.1 sender not allowed"] {
        let world = mailed(3, &[]).await;
        // Whoever comes first: their order is that of the batch's own transmissions.
        let refusal = Refusal { phase: Phase::RcptTo, reply: reply.to_owned(), recipient: None, times: None };
        world.script.change(|behaviour| behaviour.refusals.push(refusal));
        look(&world).await;
        assert_eq!(world.store.count(), 3, "{reply}");
        assert!(world.rows().await.iter().all(|row| row.recordada_en.is_none()), "{reply}");
        let task = task(&world).await;
        assert!(task.resultado.contains("fallo="), "{}", task.resultado);
        assert!(task.proxima_en >= world.clock.now().plus_seconds(14 * 60).0, "it does not knock at once again");
    }
}

#[tokio::test]
async fn a_reminder_whose_reply_is_lost_is_never_sent_again() {
    let world = mailed(1, &[]).await;
    world.script.change(|behaviour| behaviour.drop_after_dot = true);
    look(&world).await;
    assert_eq!(world.store.count(), 2, "the server has it");
    assert_eq!(world.rows().await[0].recordatorio.as_deref(), Some("incierto"));
    world.script.change(|behaviour| behaviour.drop_after_dot = false);
    world.clock.advance_seconds(DAY);
    look(&world).await;
    assert_eq!(world.store.count(), 2);
}

#[tokio::test]
async fn of_two_nodes_each_merchant_gets_one() {
    let world = mailed(6, &[]).await;
    let (one, other) = tokio::join!(look(&world), look(&world));
    assert_eq!(one + other, 1, "one node at a time");
    // Even two that both believe they hold the task: the mark decides.
    let lapse = tareas::Entity::update_many()
        .col_expr(tareas::Column::ProximaEn, Expr::value(0_i64))
        .col_expr(tareas::Column::TomadaHasta, Expr::value(0_i64));
    lapse.exec(world.test_db.db.reader()).await.unwrap();
    look(&world).await;
    assert!(received(&world).values().all(|count| *count == 2), "{:?}", received(&world));
}

#[tokio::test]
async fn it_ends_with_the_program() {
    let world = mailed(1, &[]).await;
    let job = job(&world);
    let (stop, stopping) = watch::channel(false);
    let running = tokio::spawn(async move { job.run(stopping).await });
    while world.store.count() < 2 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stop.send(true).unwrap();
    tokio::time::timeout(Duration::from_secs(10), running).await.unwrap().unwrap();
}
