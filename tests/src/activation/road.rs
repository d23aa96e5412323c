//! The road as it should go, and the two ways of leaving it.

use std::sync::atomic::Ordering;

use contract::activation::{ActivationService, Draft, Notice, Step};
use contract::campaign::Factor;
use sea_orm::Set;
use server::secrets::verify_password;

use super::office::{EMAIL, ID, MOBILE, Office, PASSWORD, notice, right, step, typed};

#[tokio::test]
async fn four_right_fields_and_the_pin_make_a_verified_user_and_a_confirmation() {
    let office = Office::open().await;
    let row = office.mailed().await;
    let desk = office.browser("cookie");
    assert_eq!(step(&desk).await, Step::Form { borrador: Draft::default() });

    desk.accept(typed("71.234.567", " ANA.RUIZ@correo.com.co ", "+57 300 123-4567", " Qw3rT yUp9k ")).await.unwrap();
    let view = desk.view().await.unwrap();
    let Step::Pin { celular, vence_en, reenvio_desde } = view.paso else { panic!("no PIN asked for") };
    assert_eq!(celular, "300 *** **67");
    assert_eq!(vence_en.seconds_since(view.ahora.plus_seconds(-1)), 600);
    assert!(reenvio_desde.unwrap() > view.ahora);
    let (to, text) = office.telephone.received.lock().unwrap()[0].clone();
    assert_eq!(to, MOBILE);
    let pin = office.last_pin();
    assert_eq!(
        text,
        format!(
            "Utilice el PIN {pin} para activar su clave segura en Camara de Comercio Aburra Sur. \
             Vence en 10 minutos.\n\n@claves.example.co #{pin}"
        )
    );

    desk.confirm(format!(" {} {} ", &pin[..3], &pin[3..])).await.unwrap();
    assert_eq!((step(&desk).await, notice(&desk).await), (Step::Done, None));
    assert_eq!(office.mails(), [(EMAIL.to_owned(), "RUIZ GOMEZ ANA".to_owned())]);
    let users = office.verified().await;
    assert_eq!(users.len(), 1);
    let user = &users[0];
    assert_eq!((user.estado.as_str(), user.identificacion.as_str(), user.es_prueba), ("VE", ID, false));
    assert_eq!((user.email.as_str(), user.celular.as_str(), user.ano), (EMAIL, MOBILE, 2026));
    assert_eq!((user.clave_preasignada_id, user.fecha_hora_verificacion.is_some()), (Some(row.id), true));
    assert!(verify_password(&user.claveacceso, PASSWORD.as_bytes()));
    let row = office.password(row.id).await;
    assert_eq!((row.estado.as_str(), row.sellada, row.sellada_llave), ("activado", None, None));
    assert!(row.activada_en.is_some());
    assert_eq!((office.trail("pin_enviado").await, office.trail("activacion").await), (1, 1));
}

#[tokio::test]
async fn a_page_loaded_again_shows_the_same_and_the_password_is_never_kept() {
    let office = Office::open().await;
    office.mailed().await;
    let desk = office.browser("cookie");
    desk.accept(typed(ID, EMAIL, MOBILE, "Wrong23456")).await.unwrap();
    let first = desk.view().await.unwrap();
    assert_eq!(first.aviso, Some(Notice::NoMatch));
    let borrador = Draft { identificacion: ID.to_owned(), correo: EMAIL.to_owned(), celular: MOBILE.to_owned() };
    assert_eq!(first.paso, Step::Form { borrador });
    let again = desk.view().await.unwrap();
    assert_eq!((again.paso, again.aviso), (first.paso, first.aviso));
    assert_eq!(step(&office.browser("other cookie")).await, Step::Form { borrador: Draft::default() });
}

#[tokio::test]
async fn empty_or_formless_fields_are_named_and_cost_nothing() {
    let office = Office::open().await;
    office.mailed().await;
    let desk = office.browser("cookie");
    for _ in 0..10 {
        desk.accept(typed("", "ana@", "6044442344", "")).await.unwrap();
    }
    let campos = serde_json::to_value(notice(&desk).await).unwrap();
    assert_eq!(campos["campos"], serde_json::json!(["identificacion", "correo", "celular", "clave"]));
    desk.accept(right()).await.unwrap();
    assert!(matches!(step(&desk).await, Step::Pin { .. }));
}

#[tokio::test]
async fn solo_clave_activates_at_once_and_a_factor_can_only_be_tightened() {
    let mut office = Office::open().await;
    let solo = |row: &mut entity::claves_preasignadas::ActiveModel| row.factor = Set(Some("solo_clave".to_owned()));
    office.mail(solo).await;

    // Mailed as SOLO CLAVE, but the chamber asks for both now.
    let desk = office.browser("strict");
    desk.accept(right()).await.unwrap();
    assert!(matches!(step(&desk).await, Step::Pin { .. }));

    office.chamber.factor = Factor::SoloClave;
    let desk = office.browser("lenient");
    assert!(!desk.view().await.unwrap().con_pin);
    desk.accept(right()).await.unwrap();
    assert_eq!(step(&desk).await, Step::Done);
    assert_eq!((office.sms_count(), office.verified().await.len(), office.mails().len()), (1, 1, 1));

    // Mailed as DOBLE: the chamber's SOLO CLAVE does not loosen it.
    let other = |row: &mut entity::claves_preasignadas::ActiveModel| row.identificacion = Set("8899".to_owned());
    office.mail(other).await;
    let desk = office.browser("mailed with both");
    desk.accept(typed("8899", EMAIL, MOBILE, PASSWORD)).await.unwrap();
    assert!(matches!(step(&desk).await, Step::Pin { .. }));
}

#[tokio::test]
async fn a_confirmation_that_cannot_be_mailed_does_not_undo_the_activation() {
    let office = Office::open().await;
    office.mailed().await;
    office.post.closed.store(true, Ordering::SeqCst);
    let desk = office.browser("cookie");
    desk.accept(right()).await.unwrap();
    desk.confirm(office.last_pin()).await.unwrap();
    assert_eq!(step(&desk).await, Step::Done);
    assert_eq!((office.verified().await.len(), office.trail("confirmacion_no_enviada").await), (1, 1));
}

#[tokio::test]
async fn refusing_with_the_four_right_fields_cancels_the_password_and_looks_like_just_leaving() {
    let office = Office::open().await;
    let row = office.mailed().await;
    let mut endings = Vec::new();
    for (cookie, fields) in [
        ("empty", typed("", "", "", "")),
        ("wrong", typed(ID, EMAIL, MOBILE, "Wrong23456")),
        ("unknown", typed("99999999", EMAIL, MOBILE, PASSWORD)),
    ] {
        let desk = office.browser(cookie);
        desk.refuse(fields).await.unwrap();
        endings.push((step(&desk).await, notice(&desk).await));
    }
    assert_eq!(office.password(row.id).await.estado, "enviado");
    let desk = office.browser("right");
    desk.refuse(right()).await.unwrap();
    endings.push((step(&desk).await, notice(&desk).await));
    assert_eq!(endings, vec![(Step::Left, None); 4]);
    let row = office.password(row.id).await;
    assert_eq!((row.estado.as_str(), row.sellada), ("cancelado", None));
    assert_eq!(office.trail("clave_rehusada").await, 1);

    let desk = office.browser("too late");
    desk.accept(right()).await.unwrap();
    assert_eq!(notice(&desk).await, Some(Notice::NoMatch));
}

#[tokio::test]
async fn refusing_counts_like_accepting() {
    let office = Office::open().await;
    let row = office.mailed().await;
    let desk = office.browser("cookie");
    for _ in 0..4 {
        desk.refuse(typed(ID, EMAIL, MOBILE, "Wrong23456")).await.unwrap();
    }
    desk.refuse(right()).await.unwrap();
    assert!(matches!(notice(&desk).await, Some(Notice::Wait { .. })));
    assert_eq!(office.password(row.id).await.estado, "enviado");
}

#[tokio::test]
async fn abandoning_on_the_pin_cancels_the_request_only() {
    let office = Office::open().await;
    let row = office.mailed().await;
    let desk = office.browser("cookie");
    desk.accept(right()).await.unwrap();
    let pin = office.last_pin();
    desk.abandon().await.unwrap();
    assert_eq!(step(&desk).await, Step::Abandoned);
    desk.confirm(pin).await.unwrap();
    assert_eq!((step(&desk).await, office.verified().await.len()), (Step::Abandoned, 0));
    assert_eq!(office.password(row.id).await.estado, "enviado");

    desk.restart().await.unwrap();
    assert_eq!(step(&desk).await, Step::Form { borrador: Draft::default() });
    desk.accept(right()).await.unwrap();
    desk.confirm(office.last_pin()).await.unwrap();
    assert_eq!(step(&desk).await, Step::Done);
}

#[tokio::test]
async fn a_transaction_ends_after_twenty_minutes_on_an_empty_form() {
    let office = Office::open().await;
    office.mailed().await;
    let desk = office.browser("cookie");
    desk.accept(right()).await.unwrap();
    let pin = office.last_pin();
    office.clock.advance_seconds(20 * 60);
    let expired = (Step::Form { borrador: Draft::default() }, Some(Notice::TransactionExpired));
    assert_eq!((step(&desk).await, notice(&desk).await), expired);
    desk.confirm(pin).await.unwrap();
    assert_eq!((step(&desk).await, notice(&desk).await), expired);
    assert!(office.verified().await.is_empty());
}

#[tokio::test]
async fn transactions_are_erased_a_day_after_their_end() {
    let office = Office::open().await;
    office.mailed().await;
    let count = async || {
        use sea_orm::{EntityTrait, PaginatorTrait};
        entity::activaciones::Entity::find().count(office.test_db.db.reader()).await.unwrap()
    };
    office.browser("old").accept(right()).await.unwrap();
    office.clock.advance_seconds(24 * 3600 + 19 * 60);
    office.browser("same day").accept(right()).await.unwrap();
    assert_eq!(count().await, 2);
    office.clock.advance_seconds(60);
    office.browser("next day").accept(right()).await.unwrap();
    assert_eq!(count().await, 2);
}
