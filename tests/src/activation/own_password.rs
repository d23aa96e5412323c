//! A password of the merchant's own before he is verified (`EXIGIR_CAMBIO_CLAVE`).

use contract::activation::{ActivationService, Notice, PasswordFault, Step};
use contract::campaign::Factor;
use entity::claves_preasignadas::Column;
use server::secrets::verify_password;
use server::services::activation::ActivationDesk;

use super::office::{Office, PASSWORD, notice, right, step};

const OWN: &str = "tres gatos verdes";

async fn office(factor: Factor) -> Office {
    let mut office = Office::open().await;
    office.chamber.limits.own_password = true;
    office.chamber.factor = factor;
    office
}

/// A browser whose PIN was right.
async fn proven(office: &Office, cookie: &str) -> ActivationDesk {
    let desk = office.browser(cookie);
    desk.accept(right()).await.unwrap();
    desk.confirm(office.last_pin()).await.unwrap();
    assert_eq!((step(&desk).await, notice(&desk).await), (Step::OwnPassword, None));
    desk
}

async fn choose(desk: &ActivationDesk, typed: &str, repeated: &str) -> (Step, Option<Notice>) {
    desk.choose(typed.to_owned(), repeated.to_owned()).await.unwrap();
    (step(desk).await, notice(desk).await)
}

#[tokio::test]
async fn after_the_pin_a_password_of_ones_own_takes_the_mailed_ones_place() {
    let office = office(Factor::Doble).await;
    let row = office.mailed().await;
    let desk = proven(&office, "cookie").await;
    assert!(office.verified().await.is_empty(), "verified before the password was chosen");

    assert_eq!(choose(&desk, OWN, "tres gatos verdes ").await, (Step::Done, None));
    let user = &office.verified().await[0];
    assert!(verify_password(&user.claveacceso, OWN.as_bytes()));
    assert!(!verify_password(&user.claveacceso, PASSWORD.as_bytes()));
    assert_eq!(office.password(row.id).await.estado, "activado");
    assert_eq!((office.mails().len(), office.trail("activacion").await), (1, 1));
}

#[tokio::test]
async fn what_cannot_be_taken_is_said_and_may_be_typed_again() {
    let office = office(Factor::Doble).await;
    office.mailed().await;
    let desk = proven(&office, "cookie").await;
    for (typed, repeated, falla) in [
        ("corta", "corta", PasswordFault::Short),
        ("RuizGomez1", "RuizGomez1", PasswordFault::Guessable),
        ("71234567890", "71234567890", PasswordFault::Guessable),
        (PASSWORD, PASSWORD, PasswordFault::Mailed),
        (OWN, "tres gatos rojos", PasswordFault::Different),
    ] {
        let told = (Step::OwnPassword, Some(Notice::OwnPassword { falla }));
        assert_eq!(choose(&desk, typed, repeated).await, told, "{typed}");
    }
    assert!(office.verified().await.is_empty());
    assert_eq!(choose(&desk, OWN, OWN).await, (Step::Done, None));
}

#[tokio::test]
async fn without_a_pin_it_is_asked_for_as_well_and_only_after_the_right_fields() {
    let office = office(Factor::SoloClave).await;
    office.mail(|row| row.factor = sea_orm::Set(Some("solo_clave".to_owned()))).await;
    let stranger = office.browser("stranger");
    let (shown, _) = choose(&stranger, OWN, OWN).await;
    assert!(matches!(shown, Step::Form { .. }));
    let desk = office.browser("cookie");
    desk.accept(right()).await.unwrap();
    assert_eq!(step(&desk).await, Step::OwnPassword);
    assert_eq!(choose(&desk, OWN, OWN).await, (Step::Done, None));
    assert_eq!(office.sms_count(), 0);
}

#[tokio::test]
async fn a_password_deleted_meanwhile_or_a_time_that_is_over_verifies_nobody() {
    let office = office(Factor::Doble).await;
    let row = office.mailed().await;
    let desk = proven(&office, "one").await;
    office.change(row.id, Column::Estado, "cancelado").await;
    let (shown, told) = choose(&desk, OWN, OWN).await;
    assert!(matches!(shown, Step::Form { .. }));
    assert_eq!(told, Some(Notice::Gone));
    office.change(row.id, Column::Estado, "enviado").await;

    let late = proven(&office, "two").await;
    office.clock.advance_seconds(20 * 60);
    let (shown, told) = choose(&late, OWN, OWN).await;
    assert!(matches!(shown, Step::Form { .. }));
    assert_eq!(told, Some(Notice::TransactionExpired));
    assert!(office.verified().await.is_empty());
}

#[tokio::test]
async fn abandoning_here_leaves_the_mailed_password_as_it_was() {
    let office = office(Factor::Doble).await;
    let row = office.mailed().await;
    let desk = proven(&office, "cookie").await;
    desk.abandon().await.unwrap();
    assert_eq!(step(&desk).await, Step::Abandoned);
    assert_eq!(office.password(row.id).await.estado, "enviado");
    assert_eq!(office.trail("activacion_abandonada").await, 1);
}

#[tokio::test]
async fn of_two_telephones_that_choose_at_once_one_is_verified() {
    let office = office(Factor::Doble).await;
    office.mailed().await;
    let one = proven(&office, "one").await;
    office.clock.advance_seconds(61);
    let two = proven(&office, "two").await;
    let (a, b) = tokio::join!(choose(&one, OWN, OWN), choose(&two, "cuatro perros azules", "cuatro perros azules"));
    let done = [&a, &b].into_iter().filter(|(step, _)| *step == Step::Done).count();
    assert_eq!(done, 1, "{a:?} {b:?}");
    assert_eq!((office.verified().await.len(), office.mails().len()), (1, 1));
}
