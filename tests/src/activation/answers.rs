//! One neutral answer.

use contract::ChamberCode;
use contract::activation::{ActivationService, Notice, Step};
use entity::claves_preasignadas::ActiveModel;
use sea_orm::Set;

use super::office::{EMAIL, ID, MOBILE, Office, PASSWORD, notice, right, step, typed};
use crate::support::other_camara;

#[tokio::test]
async fn every_kind_of_mismatch_gives_the_same_answer() {
    let office = Office::open().await;
    office.mailed().await;
    let now = office.clock.now();
    type Differ = Box<dyn FnOnce(&mut ActiveModel)>;
    let others: [(&str, Differ); 7] = [
        ("2001", Box::new(move |row| row.vence_en = Set(Some(now.0)))),
        ("2002", Box::new(|row| row.estado = Set("activado".to_owned()))),
        ("2003", Box::new(|row| row.estado = Set("cancelado".to_owned()))),
        ("2004", Box::new(|row| row.estado = Set("vencido".to_owned()))),
        ("2005", Box::new(|row| (row.estado, row.hash) = (Set("pendiente".to_owned()), Set(None)))),
        ("2006", Box::new(|row| row.hash = Set(None))),
        ("2007", Box::new(|row| row.camara = Set(other_camara().to_string()))),
    ];
    let mut tries = vec![
        typed("99999999", EMAIL, MOBILE, PASSWORD),
        typed(ID, "otra@correo.com.co", MOBILE, PASSWORD),
        typed(ID, EMAIL, "3009999999", PASSWORD),
        typed(ID, EMAIL, MOBILE, "Wrong23456"),
    ];
    for (id, differ) in others {
        office
            .mail(|row| {
                row.identificacion = Set(id.to_owned());
                differ(row);
            })
            .await;
        tries.push(typed(id, EMAIL, MOBILE, PASSWORD));
    }
    for (index, credentials) in tries.into_iter().enumerate() {
        let desk = office.browser(&format!("cookie {index}"));
        desk.accept(credentials).await.unwrap();
        let view = desk.view().await.unwrap();
        assert_eq!(view.aviso, Some(Notice::NoMatch), "try {index}");
        assert!(matches!(view.paso, Step::Form { .. }), "try {index}");
    }
    assert_eq!((office.sms_count(), office.trail("credenciales_erradas").await), (0, 11));
}

#[tokio::test]
async fn a_mail_that_may_have_arrived_can_be_activated() {
    let office = Office::open().await;
    for (id, state) in [("3001", "transmitiendo"), ("3002", "incierto"), ("3003", "enviado")] {
        office.mail(|row| (row.identificacion, row.estado) = (Set(id.to_owned()), Set(state.to_owned()))).await;
        let desk = office.browser(id);
        desk.accept(typed(id, EMAIL, MOBILE, PASSWORD)).await.unwrap();
        desk.confirm(office.last_pin()).await.unwrap();
        assert_eq!(step(&desk).await, Step::Done, "{state}");
    }
}

#[tokio::test]
async fn one_who_is_already_verified_gets_the_neutral_answer_and_one_annulled_may_activate() {
    let office = Office::open().await;
    office.mailed().await;
    let desk = office.browser("first");
    desk.accept(right()).await.unwrap();
    desk.confirm(office.last_pin()).await.unwrap();
    // The next year's password of one who is verified already.
    let next = office.mail(|row| row.ano = Set(2027)).await;
    let desk = office.browser("second");
    desk.accept(right()).await.unwrap();
    assert_eq!(notice(&desk).await, Some(Notice::NoMatch));

    use contract::verified::VerifiedUserService;
    let verified = server::services::verified::VerifiedDesk {
        db: office.test_db.db.clone(),
        clock: office.clock.clone(),
        actor: server::services::actor::Actor::command_line(office.chamber.code),
    };
    verified.annul(office.verified().await[0].id, "a petición".to_owned()).await.unwrap();
    desk.accept(right()).await.unwrap();
    desk.confirm(office.last_pin()).await.unwrap();
    assert_eq!(step(&desk).await, Step::Done);
    assert_eq!(office.password(next.id).await.estado, "activado");
}

#[tokio::test]
async fn a_change_in_the_registry_is_told_only_when_all_four_fields_match_what_was_mailed() {
    for (emailnot, emailcom, celnot, telcom1, changed) in [
        (EMAIL, "otra@correo.co", MOBILE, "", false),
        (" Ana.Ruiz@Correo.com.co", "", "6044442344", "300 123 4567", false),
        ("nueva@correo.co", EMAIL, MOBILE, "", true),
        ("no es correo", EMAIL, MOBILE, "", false),
        (EMAIL, "", "3101112233", MOBILE, true),
        ("", "", MOBILE, "", true),
    ] {
        let office = Office::open().await;
        office.mailed().await;
        office.registered(emailnot, emailcom, celnot, telcom1).await;
        let desk = office.browser("cookie");
        desk.accept(typed(ID, EMAIL, MOBILE, "Wrong23456")).await.unwrap();
        assert_eq!(notice(&desk).await, Some(Notice::NoMatch));
        desk.accept(right()).await.unwrap();
        let expected = changed.then_some(Notice::RegistryChanged);
        assert_eq!(notice(&desk).await, expected, "{emailnot} {emailcom} {celnot} {telcom1}");
        assert_eq!(office.sms_count(), usize::from(!changed));
    }
}

#[tokio::test]
async fn another_chamber_knows_nothing_of_this_ones_passwords_or_transactions() {
    let mut office = Office::open().await;
    office.mailed().await;
    let desk = office.browser("cookie");
    desk.accept(right()).await.unwrap();
    let pin = office.last_pin();
    office.chamber.code = ChamberCode::parse("20").unwrap();
    let elsewhere = office.browser("cookie");
    elsewhere.confirm(pin).await.unwrap();
    elsewhere.accept(right()).await.unwrap();
    assert_eq!(notice(&elsewhere).await, Some(Notice::NoMatch));
    assert!(office.verified().await.is_empty());
}

#[tokio::test]
async fn a_password_without_a_date_of_expiry_lives_as_long_as_its_dispatch_gives_it() {
    let office = Office::open().await;
    office.mail(|row| row.vence_en = Set(None)).await;
    office.clock.advance_seconds(15 * 86_400 - 60);
    let desk = office.browser("in time");
    desk.accept(right()).await.unwrap();
    assert!(matches!(step(&desk).await, Step::Pin { .. }));
    office.clock.advance_seconds(61);
    let desk = office.browser("late");
    desk.accept(right()).await.unwrap();
    assert_eq!(notice(&desk).await, Some(Notice::NoMatch));
}
