//! The manual's test procedure (section 11), guarded.

use contract::activation::{ActivationService, Notice, Step};
use entity::claves_preasignadas::Model;
use sea_orm::Set;
use server::secrets::hash_password;

use super::office::{EMAIL, MOBILE, Office, PASSWORD, notice, right, step, typed};

const TESTER: &str = "prueba@camara.example";
const TEST_ID: &str = "PRUEBA2247@";
const SECOND: &str = "Zx7cVbNm4q";

/// The two test mails of one send, with invented merchants.
async fn test_send(office: &Office) -> Vec<Model> {
    let mut rows = Vec::new();
    for (id, password) in [("900001", PASSWORD), ("900002", SECOND)] {
        let row = office.mail(|row| {
            row.es_prueba = Set(true);
            row.identificacion = Set(id.to_owned());
            row.correo = Set(TESTER.to_owned());
            row.celular = Set("3000000000".to_owned());
            row.hash = Set(Some(hash_password(password.as_bytes()).0));
        });
        rows.push(row.await);
    }
    rows
}

#[tokio::test]
async fn each_of_the_two_test_passwords_activates_a_user_marked_as_a_test() {
    let office = Office::open().await;
    let rows = test_send(&office).await;
    for (index, password) in [PASSWORD, SECOND].into_iter().enumerate() {
        let mobile = format!("311000000{index}");
        let desk = office.browser(password);
        desk.accept(typed("prueba2247@", "Prueba@Camara.example", &mobile, password)).await.unwrap();
        assert_eq!(office.telephone.received.lock().unwrap().last().unwrap().0, mobile);
        desk.confirm(office.last_pin()).await.unwrap();
        assert_eq!(step(&desk).await, Step::Done);
        assert_eq!(office.password(rows[index].id).await.estado, "activado");
    }
    let users = office.verified().await;
    assert_eq!(users.len(), 2);
    for (index, user) in users.iter().enumerate() {
        assert_eq!((user.identificacion.as_str(), user.es_prueba, user.estado.as_str()), (TEST_ID, true, "VE"));
        assert_eq!((user.email.as_str(), &user.celular), (TESTER, &format!("311000000{index}")));
    }
    assert_eq!(office.mails().len(), 2);
    // Used up.
    let desk = office.browser("again");
    desk.accept(typed(TEST_ID, TESTER, MOBILE, PASSWORD)).await.unwrap();
    assert_eq!(notice(&desk).await, Some(Notice::NoMatch));
}

#[tokio::test]
async fn the_test_identity_works_only_with_the_very_e_mail_within_a_day_and_while_switched_on() {
    let mut office = Office::open().await;
    test_send(&office).await;
    office.mailed().await;
    let refused = async |office: &Office, cookie: &str, fields| {
        let desk = office.browser(cookie);
        desk.accept(fields).await.unwrap();
        assert_eq!(notice(&desk).await, Some(Notice::NoMatch), "{cookie}");
    };
    refused(&office, "other e-mail", typed(TEST_ID, "otra@camara.example", MOBILE, PASSWORD)).await;
    refused(&office, "a merchant's e-mail", typed(TEST_ID, EMAIL, MOBILE, PASSWORD)).await;
    refused(&office, "the invented merchant's id", typed("900001", TESTER, "3000000000", PASSWORD)).await;

    office.chamber.limits.test_identity = false;
    refused(&office, "switched off", typed(TEST_ID, TESTER, MOBILE, PASSWORD)).await;
    office.chamber.limits.test_identity = true;
    office.clock.advance_seconds(24 * 3600);
    refused(&office, "after a day", typed(TEST_ID, TESTER, MOBILE, PASSWORD)).await;
    assert_eq!(office.sms_count(), 0);
}

#[tokio::test]
async fn a_test_takes_nobodys_budget_but_the_telephones() {
    let office = Office::open().await;
    test_send(&office).await;
    for index in 0..6 {
        let desk = office.browser(&format!("cookie {index}"));
        desk.accept(typed(TEST_ID, TESTER, MOBILE, PASSWORD)).await.unwrap();
    }
    assert_eq!(office.sms_count(), 5);
    office.mailed().await;
    office.browser("merchant").accept(right()).await.unwrap();
    assert_eq!(office.sms_count(), 6);
}
