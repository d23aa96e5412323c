//! What a notification does, and what it must not do.

use contract::campaign::{CampaignService, PasswordState};
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use server::services::actor::Actor;
use server::services::bounces::Applied;
use server::services::campaign::CampaignDesk;

use super::{applied, desk, id_of, remembered, samples, sent, set_state, suppressed, untouched};
use crate::sending::world::{World, year};
use crate::support::other_camara;

const BOUNCED: Applied = Applied::Bounced { suppressed: true };
const BOUNCED_ONLY: Applied = Applied::Bounced { suppressed: false };

async fn state(world: &World, index: usize) -> PasswordState {
    world.states().await[index]
}

#[tokio::test]
async fn a_hard_bounce_marks_its_row_suppresses_its_address_and_says_so_in_the_trail() {
    let world = sent(2, &[]).await;
    let before = world.rows().await;
    let id = before[0].message_id.clone().unwrap();
    // The address that the notification names is another's: it must not matter.
    let raw = samples::postfix(&id, "ajena@correo.com.co", "failed", "5.1.1", "User ajena@correo.com.co unknown");
    assert_eq!(applied(&world, &raw).await, BOUNCED);

    let rows = world.rows().await;
    let now = rows[0].rebotada_en.unwrap();
    assert_eq!(rows[0].estado, "rebotado");
    assert_eq!((rows[0].movida_en, rows[0].lease_hasta, rows[0].enviada_en), (Some(now), None, before[0].enviada_en));
    assert!(rows[0].sellada.is_none() && rows[0].sellada_llave.is_none());
    let words = rows[0].respuesta.clone().unwrap();
    assert!(words.starts_with("5.1.1 550 5.1.1 ‹dirección› User ‹dirección› unknown"), "{words}");
    assert_eq!(untouched(&rows[1]), untouched(&before[1]));

    let listed = suppressed(&world).await;
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].correo.as_str(), listed[0].causa.as_str()), (rows[0].correo.as_str(), "rebote"));
    assert_eq!(listed[0].clave_id, Some(rows[0].id));
    assert!(!listed[0].detalle.contains('@'));

    let read = remembered(&world).await;
    assert_eq!((read.len(), read[0].estado.as_str(), read[0].definitivo), (1, "5.1.1", true));
    assert_eq!((world.audited("correo_rebotado").await, world.audited("correo_suprimido").await), (1, 1));
    let entries = entity_details(&world, "correo_rebotado").await;
    assert_eq!(entries, [format!("clave={} estado=5.1.1", rows[0].id)]);
}

async fn entity_details(world: &World, action: &str) -> Vec<String> {
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
    let found = entity::auditoria::Entity::find().filter(entity::auditoria::Column::Accion.eq(action));
    found.all(world.test_db.db.reader()).await.unwrap().into_iter().map(|entry| entry.detalle).collect()
}

#[tokio::test]
async fn every_server_is_understood_and_a_full_mailbox_or_a_policy_suppresses_nobody() {
    let world = sent(6, &[]).await;
    let to = "x@correo.com.co";
    let mut outcomes = Vec::new();
    for (index, raw) in [
        samples::exchange(&id_of(&world, 0).await, to),
        samples::gmail_over_quota(&id_of(&world, 1).await, to),
        samples::exim(&id_of(&world, 2).await, to, "550 5.2.1 mailbox disabled"),
        samples::exim(&id_of(&world, 3).await, to, "554-5.7.1 message refused: looks like spam"),
        samples::postfix_delayed(&id_of(&world, 4).await, to),
        samples::postfix(&id_of(&world, 5).await, to, "failed", "4.4.1", "Connection timed out"),
    ]
    .into_iter()
    .enumerate()
    {
        outcomes.push((applied(&world, &raw).await, state(&world, index).await));
    }
    use PasswordState::{Enviado, Rebotado};
    assert_eq!(
        outcomes,
        [
            (BOUNCED, Rebotado),
            (BOUNCED_ONLY, Rebotado),
            (BOUNCED, Rebotado),
            (BOUNCED_ONLY, Rebotado),
            (Applied::Noted, Enviado),
            (BOUNCED_ONLY, Rebotado),
        ]
    );
    let rows = world.rows().await;
    let listed: Vec<_> = suppressed(&world).await.into_iter().map(|row| row.correo).collect();
    assert_eq!(listed, [rows[0].correo.as_str(), rows[2].correo.as_str()]);
    let kept: Vec<_> = remembered(&world).await.into_iter().map(|read| (read.estado, read.definitivo)).collect();
    let kept: Vec<_> = kept.iter().map(|(state, hard)| (state.as_str(), *hard)).collect();
    assert_eq!(
        kept,
        [("5.1.10", true), ("5.2.2", true), ("5.2.1", true), ("5.7.1", true), ("4.4.1", false), ("4.4.1", true)]
    );
}

#[tokio::test]
async fn a_delay_first_and_the_end_later_are_two_notifications_and_each_counts_once() {
    let world = sent(1, &[]).await;
    let id = id_of(&world, 0).await;
    let delayed = samples::postfix_delayed(&id, "x@correo.com.co");
    assert_eq!(applied(&world, &delayed).await, Applied::Noted);
    assert_eq!(applied(&world, &delayed).await, Applied::Repeated);
    let failed = samples::postfix(&id, "x@correo.com.co", "failed", "5.1.1", "no");
    assert_eq!(applied(&world, &failed).await, BOUNCED);
    let after = world.rows().await;
    world.clock.advance_seconds(60);
    assert_eq!(applied(&world, &failed).await, Applied::Repeated);
    // Another text about the same mail finds it settled.
    assert_eq!(applied(&world, &samples::exchange(&id, "x@correo.com.co")).await, Applied::Noted);
    assert_eq!(untouched(&world.rows().await[0]), untouched(&after[0]));
    assert_eq!((world.audited("correo_rebotado").await, suppressed(&world).await.len()), (1, 1));
}

#[tokio::test]
async fn of_several_recipients_one_who_got_it_is_enough() {
    let world = sent(3, &[]).await;
    let one_got_it = samples::two_recipients(&id_of(&world, 0).await, ("failed", "5.1.1"), ("delivered", "2.0.0"));
    assert_eq!(applied(&world, &one_got_it).await, Applied::Noted);
    assert_eq!(state(&world, 0).await, PasswordState::Enviado);
    let both_dead = samples::two_recipients(&id_of(&world, 1).await, ("failed", "5.1.1"), ("failed", "5.1.2"));
    assert_eq!(applied(&world, &both_dead).await, BOUNCED);
    let one_full = samples::two_recipients(&id_of(&world, 2).await, ("failed", "5.1.1"), ("failed", "5.2.2"));
    assert_eq!(applied(&world, &one_full).await, BOUNCED_ONLY);
}

#[tokio::test]
async fn what_is_no_notification_of_a_mail_of_this_chamber_changes_nothing() {
    let world = sent(1, &[]).await;
    let id = id_of(&world, 0).await;
    let before = world.rows().await;
    for raw in [samples::vacation(&id), samples::receipt(&id), "hola".to_owned(), String::new()] {
        assert_eq!(applied(&world, &raw).await, Applied::NoNotification);
    }
    let unknown = samples::postfix("<inventado@camara.org.co>", "x@correo.com.co", "failed", "5.1.1", "no");
    assert_eq!(applied(&world, &unknown).await, Applied::Unmatched);

    // Another chamber's mailbox gets this chamber's notification.
    let mut other = world.chamber.clone();
    other.code = other_camara();
    let stranger = server::services::bounces::BounceDesk { chamber: &other, ..desk(&world) };
    let raw = samples::postfix(&id, "x@correo.com.co", "failed", "5.1.1", "no");
    let outcome = server::services::bounces::apply(&stranger, raw.as_bytes()).await.unwrap();
    assert_eq!(outcome, Applied::Unmatched);
    assert_eq!(untouched(&world.rows().await[0]), untouched(&before[0]));
    assert!(suppressed(&world).await.is_empty() && remembered(&world).await.is_empty());
}

#[tokio::test]
async fn whoever_activated_refused_or_let_it_expire_is_left_alone_and_an_uncertain_mail_is_settled() {
    let world = sent(5, &[]).await;
    for (index, settled) in ["activado", "cancelado", "vencido", "pendiente"].into_iter().enumerate() {
        set_state(&world, index, settled).await;
        let before = world.rows().await[index].clone();
        let raw = samples::postfix(&id_of(&world, index).await, "x@correo.com.co", "failed", "5.1.1", "no");
        assert_eq!(applied(&world, &raw).await, Applied::Noted, "{settled}");
        assert_eq!(untouched(&world.rows().await[index]), untouched(&before), "{settled}");
    }
    assert!(suppressed(&world).await.is_empty());
    // An uncertain mail still has its sealed copy, for a person who may want it sent again.
    let mut uncertain = world.rows().await[4].clone().into_active_model();
    uncertain.estado = Set("incierto".to_owned());
    uncertain.enviada_en = Set(None);
    uncertain.sellada = Set(Some(vec![1, 2, 3]));
    uncertain.sellada_llave = Set(Some("llave".to_owned()));
    uncertain.update(world.test_db.db.reader()).await.unwrap();
    let raw = samples::postfix(&id_of(&world, 4).await, "x@correo.com.co", "failed", "5.1.1", "no");
    assert_eq!(applied(&world, &raw).await, BOUNCED);
    let settled = world.rows().await[4].clone();
    assert_eq!((settled.estado.as_str(), settled.enviada_en), ("rebotado", settled.transmitida_en));
    assert!(settled.sellada.is_none() && settled.sellada_llave.is_none());
}

#[tokio::test]
async fn a_mail_that_comes_back_before_its_worker_heard_the_reply_ends_its_batch() {
    let world = sent(1, &[]).await;
    set_state(&world, 0, "transmitiendo").await;
    let lote = world.rows().await[0].lote_id.unwrap();
    let open = "UPDATE lotes SET estado = 'en_curso', terminado_en = NULL";
    sea_orm::ConnectionTrait::execute_unprepared(world.test_db.db.reader(), open).await.unwrap();
    let raw = samples::postfix(&id_of(&world, 0).await, "x@correo.com.co", "failed", "5.1.1", "no");
    assert_eq!(applied(&world, &raw).await, BOUNCED);
    let batch = contract::sending::SendingService::batch(&world.desk(), lote).await.unwrap();
    assert_eq!((batch.estado, batch.rebotados), (contract::sending::BatchState::Terminado, 1));
}

#[tokio::test]
async fn a_test_mail_that_comes_back_suppresses_nobody() {
    let world = World::new().await;
    world.send_tests("funcionaria@camara.org.co").await.unwrap();
    let raw = samples::postfix(&id_of(&world, 0).await, "funcionaria@camara.org.co", "failed", "5.1.1", "no");
    assert_eq!(applied(&world, &raw).await, BOUNCED_ONLY);
    assert_eq!(state(&world, 0).await, PasswordState::Rebotado);
    assert!(suppressed(&world).await.is_empty());
}

#[tokio::test]
async fn what_came_back_still_counts_as_sent_in_the_funnel() {
    let world = sent(2, &[]).await;
    let raw = samples::postfix(&id_of(&world, 0).await, "x@correo.com.co", "failed", "5.1.1", "no");
    applied(&world, &raw).await;
    let campaign = CampaignDesk {
        db: world.test_db.db.clone(),
        clock: world.clock.clone(),
        actor: Actor::command_line(world.chamber.code),
        vault: world.vault.clone(),
        chamber: std::sync::Arc::new(world.chamber.clone()),
        stale_needs_reason: false,
    };
    let view = campaign.view(year()).await.unwrap();
    assert_eq!((view.enviados, view.por_estado.get(&PasswordState::Rebotado)), (2, Some(&1)));
    // Also when nothing but the state says so.
    let forget = "UPDATE claves_preasignadas SET enviada_en = NULL";
    sea_orm::ConnectionTrait::execute_unprepared(world.test_db.db.reader(), forget).await.unwrap();
    assert_eq!(campaign.view(year()).await.unwrap().enviados, 2);
}
