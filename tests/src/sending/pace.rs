//! The chamber's own limits: kept in the database, so that neither a restart nor a second node nor a
//! deletion passes them.

use contract::campaign::{CampaignService, Deletion, PasswordState as S};
use contract::sending::{BatchState, PauseReason, Quota, SendTarget, SendingService};
use server::mail::catcher::Behaviour;
use server::services::actor::Actor;
use server::services::campaign::CampaignDesk;

use super::world::{World, YEAR, year};
use crate::support::camara;

async fn limited(variables: &[(&str, &str)], merchants: usize) -> World {
    let world = World::with(Behaviour::default(), variables).await;
    world.merchants(merchants).await;
    world
}

#[tokio::test]
async fn a_full_hour_pauses_the_batch_until_its_oldest_minute_has_passed() {
    let world = limited(&[("MASIVOS_MAXIMO_HORA", "3")], 5).await;
    let batch = world.send(5).await.unwrap();
    assert_eq!((batch.enviados, batch.pendientes), (3, 2));
    assert_eq!((batch.estado, batch.pausa), (BatchState::EnPausa, Some(PauseReason::Pace)));
    let next = batch.reanuda_en.unwrap();
    let wait = next.seconds_since(world.clock.now());
    assert!((3600..=3660).contains(&wait), "{wait}");
    let outlook = world.desk().outlook(year()).await.unwrap();
    assert_eq!(outlook.ritmo.por_hora, Some(Quota { limite: 3, usados: 3 }));
    assert!(outlook.ritmo.por_hora.unwrap().is_near());
    assert_eq!(outlook.ritmo.siguiente, Some(next));

    world.clock.advance_seconds(wait - 5);
    assert_eq!(world.drain(batch.id).await.unwrap().enviados, 3);
    world.clock.advance_seconds(6);
    let batch = world.drain(batch.id).await.unwrap();
    assert_eq!((batch.enviados, batch.estado), (5, BatchState::Terminado));
}

#[tokio::test]
async fn two_nodes_do_not_pass_a_limit_together_and_test_mails_never_wait() {
    let world = limited(&[("MASIVOS_MAXIMO_DIA", "7"), ("MASIVOS_CONEXIONES", "4")], 20).await;
    let batch = world.desk().start(year(), SendTarget::Count(20), "uno".to_owned()).await.unwrap();
    let (one, two) = (world.worker(), world.worker());
    let (a, b) = tokio::join!(one.drain(camara(), Some(batch.id)), two.drain(camara(), Some(batch.id)));
    a.unwrap();
    b.unwrap();
    assert_eq!(world.store.count(), 7);
    assert_eq!(world.states().await.iter().filter(|state| **state == S::Pendiente).count(), 13);
    assert_eq!(world.send_tests("prueba@camara.org.co").await.unwrap().enviados, 2);
    assert_eq!(world.desk().outlook(year()).await.unwrap().ritmo.por_dia.unwrap().usados, 9);
}

#[tokio::test]
async fn no_deletion_makes_a_limit_forget_what_left() {
    let world = limited(&[("MASIVOS_MAXIMO_HORA", "2")], 3).await;
    world.send(2).await.unwrap();
    let desk = CampaignDesk {
        db: world.test_db.db.clone(),
        clock: world.clock.clone(),
        actor: Actor::command_line(camara()),
        vault: world.vault.clone(),
        chamber: std::sync::Arc::new(world.chamber.clone()),
        stale_needs_reason: false,
    };
    desk.delete(year(), Deletion::Blanquear, YEAR.to_string()).await.unwrap();
    world.merchants(3).await;
    let batch = world.send(3).await.unwrap();
    assert_eq!((batch.estado, batch.pausa, batch.enviados), (BatchState::EnPausa, Some(PauseReason::Pace), 0));
    assert_eq!(world.store.count(), 2);
}

#[tokio::test]
async fn a_batch_rests_after_the_one_before_and_keeps_its_rows_while_it_waits() {
    let world = limited(&[("MASIVOS_PAUSA_MINUTOS", "10")], 4).await;
    assert_eq!(world.send(2).await.unwrap().enviados, 2);
    let waiting = world.send(1).await.unwrap();
    assert_eq!((waiting.estado, waiting.pausa), (BatchState::EnPausa, Some(PauseReason::Pace)));
    let other = world.send(2).await.unwrap();
    assert_eq!(other.solicitados, 1, "the waiting batch's row is its own");
    world.clock.advance_seconds(601);
    world.drain(waiting.id).await.unwrap();
    assert_eq!(world.desk().batch(waiting.id).await.unwrap().estado, BatchState::Terminado);
    let other = world.drain(other.id).await.unwrap();
    assert_eq!((other.enviados, other.pausa), (0, Some(PauseReason::Pace)), "it rests after that one in turn");
}

#[tokio::test]
async fn nothing_leaves_outside_the_hours_of_sending() {
    // A window of one minute that began two minutes ago, in Bogotá's time.
    let now = server::clock::Clock::default().now().plus_seconds(-120).in_bogota();
    let from = u16::from(now.hour()) * 60 + u16::from(now.minute());
    if from > 1435 {
        return nothing_leaves_on_other_days().await;
    }
    let hours = format!("{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, (from + 1) / 60, (from + 1) % 60);
    let world = limited(&[("MASIVOS_HORARIO", &hours)], 1).await;
    let batch = world.send(1).await.unwrap();
    assert_eq!((batch.estado, batch.pausa), (BatchState::EnPausa, Some(PauseReason::Pace)));
    let wait = batch.reanuda_en.unwrap().seconds_since(world.clock.now());
    assert!((86_400 - 240..86_400).contains(&wait), "{wait}");
    world.clock.advance_seconds(wait + 1);
    assert_eq!(world.drain(batch.id).await.unwrap().enviados, 1);
}

/// The same shortly before midnight, when that window would end on another day.
async fn nothing_leaves_on_other_days() {
    const DAYS: [&str; 7] = ["L", "M", "X", "J", "V", "S", "D"];
    let today = server::clock::Clock::default().now().in_bogota().weekday().number_days_from_monday();
    let world = limited(&[("MASIVOS_DIAS", DAYS[(usize::from(today) + 3) % 7])], 1).await;
    assert_eq!(world.send(1).await.unwrap().pausa, Some(PauseReason::Pace));
}
