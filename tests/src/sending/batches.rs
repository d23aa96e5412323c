//! What a batch takes, sends and leaves.

use contract::campaign::PasswordState as S;
use contract::sending::{BatchState, SendTarget, SendingService};
use contract::{Email, ServiceError};
use domain::sending::Phase;
use mail_parser::MessageParser;
use server::mail::catcher::Refusal;
use server::secrets::verify_password;

use super::world::{World, year};
use crate::support::camara;

#[tokio::test]
async fn the_first_n_pending_are_mailed_with_their_own_passwords_and_the_sealed_copies_are_gone() {
    let world = World::new().await;
    let passwords = world.merchants(5).await;
    let batch = world.send(3).await.unwrap();
    assert_eq!((batch.solicitados, batch.enviados, batch.estado), (3, 3, BatchState::Terminado));
    assert_eq!(world.states().await, [S::Enviado, S::Enviado, S::Enviado, S::Pendiente, S::Pendiente]);
    assert_eq!(world.store.count(), 3);
    let rows = world.rows().await;
    for mail in world.store.newest(10) {
        let index = rows.iter().position(|row| mail.to == [row.correo.clone()]).unwrap();
        let (row, password) = (&rows[index], &passwords[index]);
        assert!(world.letter(&mail).lines().any(|line| line.trim() == password), "the PDF holds the password");
        assert!(verify_password(row.hash.as_ref().unwrap(), password.as_bytes()));
        assert_eq!((row.sellada.as_ref(), row.sellada_llave.as_ref()), (None, None));
        assert_eq!(row.factor.as_deref(), Some("doble"));
        assert_eq!(row.respuesta.as_deref(), Some("250 2.0.0 kept"));
        // The letter is dated a moment before the mark.
        let life = row.vence_en.unwrap() - row.transmitida_en.unwrap();
        assert!((15 * 86_400_000 - 60_000..=15 * 86_400_000).contains(&life), "{life}");
        let parsed = MessageParser::default().parse(&*mail.raw).unwrap();
        let id = row.message_id.as_deref().unwrap().trim_matches(['<', '>']);
        assert_eq!(parsed.message_id(), Some(id));
        let text = parsed.body_text(0).unwrap();
        for expected in [
            "Cámara de Comercio de Prueba",
            row.nombre.as_str(),
            "300 *** **67",
            "https://claves.camara.org.co/activacion/55",
            "(604) 000 00 00",
            "no lo responda",
        ] {
            assert!(text.contains(expected), "{expected} is missing in {text}");
        }
        assert!(!text.contains(password.as_str()), "the password stands in the PDF only");
        assert!(mail.raw.is_ascii());
    }
    assert_eq!(world.send(500).await.unwrap().enviados, 2);
    assert_eq!(world.send(1).await.unwrap_err(), ServiceError::NothingPending);
    assert_eq!((world.audited("lote_creado").await, world.audited("correo_enviado").await), (2, 5));
    assert_eq!(world.audited("lote_terminado").await, 2);
}

#[tokio::test]
async fn a_double_click_gives_the_same_batch_and_sends_once() {
    let world = World::new().await;
    world.merchants(4).await;
    let desk = world.desk();
    let (one, two) = tokio::join!(
        desk.start(year(), SendTarget::Count(2), "clic".to_owned()),
        desk.start(year(), SendTarget::Count(2), "clic".to_owned())
    );
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!(one.id, two.id);
    world.drain(one.id).await.unwrap();
    let again = desk.start(year(), SendTarget::Count(2), "clic".to_owned()).await.unwrap();
    assert_eq!((again.id, again.enviados), (one.id, 2));
    assert_eq!(world.store.count(), 2);
}

#[tokio::test]
async fn two_workers_at_once_send_each_mail_once() {
    let world = World::new().await;
    world.merchants(12).await;
    let batch = world.desk().start(year(), SendTarget::Count(12), "uno".to_owned()).await.unwrap();
    let (one, two) = (world.worker(), world.worker());
    let (a, b) = tokio::join!(one.drain(camara(), Some(batch.id)), two.drain(camara(), Some(batch.id)));
    a.unwrap();
    b.unwrap();
    assert_eq!(world.store.count(), 12);
    assert!(world.states().await.iter().all(|state| *state == S::Enviado));
}

#[tokio::test]
async fn an_email_sends_exactly_two_tests_with_invented_merchants_that_count_nowhere() {
    let world = World::new().await;
    world.merchants(1).await;
    let batch = world.send_tests("funcionario@camara.org.co").await.unwrap();
    assert_eq!((batch.prueba, batch.solicitados, batch.enviados), (true, 2, 2));
    let mails = world.store.newest(10);
    assert_eq!(mails.len(), 2);
    for mail in &mails {
        assert_eq!(mail.to, ["funcionario@camara.org.co"]);
        let letter = world.letter(mail);
        assert!(letter.contains("PRUEBA2247@") && letter.contains("DOCUMENTO DE PRUEBA"), "{letter}");
    }
    let tests: Vec<_> = world.rows().await.into_iter().filter(|row| row.es_prueba).collect();
    assert_eq!(tests.len(), 2);
    assert_ne!(tests[0].hash, tests[1].hash);
    for row in &tests {
        assert_eq!((row.identificacion.as_str(), row.sellada.as_ref()), ("PRUEBA2247@", None));
        assert!(row.vence_en.unwrap() - row.transmitida_en.unwrap() <= 86_400_000);
    }
    assert_eq!(world.desk().outlook(year()).await.unwrap().pendientes, 1);
    assert_eq!(world.send_tests("funcionario@camara.org.co").await.unwrap().enviados, 2);
}

#[tokio::test]
async fn a_batch_can_be_paused_resumed_and_cancelled() {
    let world = World::new().await;
    world.merchants(3).await;
    let desk = world.desk();
    let batch = desk.start(year(), SendTarget::Count(3), "a".to_owned()).await.unwrap();
    assert_eq!(desk.pause(batch.id).await.unwrap().estado, BatchState::EnPausa);
    assert_eq!(world.drain(batch.id).await.unwrap().pendientes, 3);
    assert_eq!(world.store.count(), 0);
    assert_eq!(desk.pause(batch.id).await.unwrap_err(), ServiceError::StateChanged);
    assert_eq!(desk.resume(batch.id).await.unwrap().estado, BatchState::EnCurso);
    assert_eq!(desk.cancel(batch.id).await.unwrap().estado, BatchState::Cancelado);
    assert_eq!(world.states().await, [S::Pendiente; 3]);
    assert_eq!(desk.resume(batch.id).await.unwrap_err(), ServiceError::StateChanged);
    assert_eq!(world.send(3).await.unwrap().enviados, 3);
    assert_eq!(desk.batch(batch.id).await.unwrap().estado, BatchState::Cancelado);
    assert_eq!(world.audited("lote_cancelado").await, 1);
}

#[tokio::test]
async fn the_rows_of_a_batch_in_pause_are_pending_for_the_next_one() {
    let world = World::new().await;
    world.merchants(2).await;
    let desk = world.desk();
    let paused = desk.start(year(), SendTarget::Count(2), "a".to_owned()).await.unwrap();
    assert_eq!(
        desk.start(year(), SendTarget::Count(2), "b".to_owned()).await.unwrap_err(),
        ServiceError::NothingPending
    );
    desk.pause(paused.id).await.unwrap();
    assert_eq!(world.send(2).await.unwrap().enviados, 2);
    assert_eq!(desk.batch(paused.id).await.unwrap().estado, BatchState::Terminado);
}

#[tokio::test]
async fn a_recipient_refused_for_good_does_not_stop_the_others_and_a_deferred_one_is_tried_again() {
    let world = World::new().await;
    world.merchants(4).await;
    let refusal = |phase, reply: &str, index: u8, times| Refusal {
        phase,
        reply: reply.to_owned(),
        recipient: Some(format!("comerciante{index}@")),
        times,
    };
    world.script.change(|b| {
        b.refusals = vec![
            refusal(Phase::RcptTo, "550 5.1.1 <comerciante0@correo.com.co> no existe", 0, None),
            refusal(Phase::Body, "554 5.6.0 contenido", 1, None),
            refusal(Phase::RcptTo, "451 4.3.0 luego", 2, Some(1)),
        ];
    });
    let batch = world.send(4).await.unwrap();
    assert_eq!((batch.enviados, batch.rechazados, batch.reintento), (1, 2, 1));
    assert_eq!(batch.estado, BatchState::EnCurso);
    let rows = world.rows().await;
    assert_eq!(rows[0].respuesta.as_deref(), Some("550 5.1.1 ‹dirección› no existe"));
    assert_eq!((rows[1].hash.as_ref(), rows[2].hash.as_ref()), (None, None));
    assert_eq!(world.desk().troubled(year()).await.unwrap().len(), 2);
    world.clock.advance_seconds(240);
    assert_eq!(world.drain(batch.id).await.unwrap().reintento, 1, "five minutes less a fifth is the earliest");
    world.clock.advance_seconds(121);
    let batch = world.drain(batch.id).await.unwrap();
    assert_eq!((batch.enviados, batch.reintento, batch.estado), (2, 0, BatchState::Terminado));
}

#[tokio::test]
async fn a_row_deferred_six_times_is_refused() {
    let world = World::new().await;
    world.merchants(1).await;
    world.script.change(|b| {
        b.refusals =
            vec![Refusal { phase: Phase::RcptTo, reply: "450 4.2.0 luego".into(), recipient: None, times: None }];
    });
    let batch = world.send(1).await.unwrap();
    for _ in 0..4 {
        world.clock.advance_seconds(4 * 3600);
        assert_eq!(world.drain(batch.id).await.unwrap().reintento, 1);
    }
    world.clock.advance_seconds(4 * 3600);
    let batch = world.drain(batch.id).await.unwrap();
    assert_eq!((batch.rechazados, batch.estado), (1, BatchState::Terminado));
}

#[tokio::test]
async fn names_that_no_form_foresaw_break_no_header() {
    let world = World::new().await;
    let long = "Ñandú ".repeat(834);
    let names = ["Ana\r\nBcc: robo@malo.co\r\n\r\nhola", "\"Pepe\" <x@y.co>, otro", "José 🎉", &long, ""];
    for (index, name) in names.iter().enumerate() {
        world.merchant(index, name).await;
    }
    assert_eq!(world.send(5).await.unwrap().enviados, 5);
    for mail in world.store.newest(10) {
        let parsed = MessageParser::default().parse(&*mail.raw).unwrap();
        assert_eq!(parsed.bcc(), None);
        let to = parsed.to().unwrap();
        assert_eq!(to.iter().count(), 1);
        assert_eq!(to.first().unwrap().address(), mail.to.first().map(String::as_str));
        assert_eq!(mail.to.len(), 1);
        let headers = String::from_utf8_lossy(&mail.raw);
        let headers = headers.split("\r\n\r\n").next().unwrap();
        assert!(headers.lines().all(|line| line.len() < 998));
        assert_eq!(parsed.attachments().count(), 1);
    }
}

#[tokio::test]
async fn an_address_that_mail_cannot_carry_is_the_rows_fault_alone() {
    let world = World::new().await;
    world.merchants(2).await;
    let text = "UPDATE claves_preasignadas SET correo = 'roto @@ x' WHERE identificacion = '70000000'";
    sea_orm::ConnectionTrait::execute_unprepared(world.test_db.db.reader(), text).await.unwrap();
    let batch = world.send(2).await.unwrap();
    assert_eq!(world.states().await, [S::ErrorDatos, S::Enviado]);
    assert_eq!((batch.enviados, batch.rechazados, batch.estado), (1, 1, BatchState::Terminado));
    assert!(Email::parse("roto @@ x").is_none());
}

#[tokio::test]
async fn an_address_that_ends_in_a_dot_before_the_at_is_mailed_too() {
    let world = World::new().await;
    world.merchants(1).await;
    sea_orm::ConnectionTrait::execute_unprepared(
        world.test_db.db.reader(),
        "UPDATE claves_preasignadas SET correo = 'comerciante79.@negocio.example'",
    )
    .await
    .unwrap();
    assert_eq!(world.send(1).await.unwrap().enviados, 1);
}
