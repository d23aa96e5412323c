//! Exactly one wins, and what changed meanwhile is told.

use contract::activation::{ActivationService, Notice, Step};
use contract::campaign::Factor;
use entity::claves_preasignadas::{Column, Entity};
use sea_orm::{EntityTrait, Set};

use super::office::{Office, notice, right, step};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_simultaneous_activations_exactly_one_wins() {
    let office = Office::open().await;
    office.mailed().await;
    let mut ready = Vec::new();
    for index in 0..4 {
        let desk = office.browser(&format!("cookie {index}"));
        desk.accept(right()).await.unwrap();
        ready.push((desk, office.last_pin()));
    }
    let racing: Vec<_> = ready
        .into_iter()
        .map(|(desk, pin)| {
            tokio::spawn(async move {
                desk.confirm(pin).await.unwrap();
                (step(&desk).await, notice(&desk).await)
            })
        })
        .collect();
    let mut winners = 0;
    for racer in racing {
        match racer.await.unwrap() {
            (Step::Done, None) => winners += 1,
            (Step::Form { .. }, Some(Notice::Gone)) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((winners, office.verified().await.len(), office.mails().len()), (1, 1, 1));
    assert_eq!(office.trail("activacion").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn with_solo_clave_too_exactly_one_wins() {
    let mut office = Office::open().await;
    office.chamber.factor = Factor::SoloClave;
    office.mail(|row| row.factor = Set(Some("solo_clave".to_owned()))).await;
    let racing: Vec<_> = (0..4)
        .map(|index| {
            let desk = office.browser(&format!("cookie {index}"));
            tokio::spawn(async move {
                desk.accept(right()).await.unwrap();
                step(&desk).await == Step::Done
            })
        })
        .collect();
    let mut winners = 0;
    for racer in racing {
        winners += i32::from(racer.await.unwrap());
    }
    assert_eq!((winners, office.verified().await.len()), (1, 1));
}

#[tokio::test]
async fn blanquear_between_the_form_and_the_pin_ends_the_transaction_with_a_clear_text() {
    let office = Office::open().await;
    let row = office.mailed().await;
    let desk = office.browser("cookie");
    desk.accept(right()).await.unwrap();
    Entity::delete_by_id(row.id).exec(office.test_db.db.reader()).await.unwrap();
    desk.confirm(office.last_pin()).await.unwrap();
    assert!(matches!(step(&desk).await, Step::Form { .. }));
    assert_eq!((notice(&desk).await, office.verified().await.len()), (Some(Notice::Gone), 0));
}

#[tokio::test]
async fn a_password_cancelled_or_made_anew_between_the_form_and_the_pin_activates_nothing() {
    let office = Office::open().await;
    let row = office.mailed().await;
    let desk = office.browser("made anew");
    desk.accept(right()).await.unwrap();
    office.change(row.id, Column::Generacion, 2_i64).await;
    desk.confirm(office.last_pin()).await.unwrap();
    assert_eq!(notice(&desk).await, Some(Notice::Gone));

    let desk = office.browser("cancelled");
    desk.accept(right()).await.unwrap();
    office.browser("another").refuse(right()).await.unwrap();
    desk.confirm(office.last_pin()).await.unwrap();
    assert_eq!((notice(&desk).await, office.verified().await.len()), (Some(Notice::Gone), 0));
}

#[tokio::test]
async fn no_pin_is_sent_again_for_a_password_that_is_gone() {
    let office = Office::open().await;
    let row = office.mailed().await;
    let desk = office.browser("cookie");
    desk.accept(right()).await.unwrap();
    Entity::delete_by_id(row.id).exec(office.test_db.db.reader()).await.unwrap();
    office.clock.advance_seconds(60);
    desk.resend().await.unwrap();
    assert_eq!((notice(&desk).await, office.sms_count()), (Some(Notice::Gone), 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn right_and_wrong_answers_at_once_never_break_anything() {
    let office = Office::open().await;
    office.mailed().await;
    let crowd: Vec<_> = (0..24)
        .map(|index| {
            // Six browsers, so that transactions too are begun, ended and begun again at once.
            let desk = office.browser(&format!("cookie {}", index % 6));
            tokio::spawn(async move {
                let mut credentials = right();
                if index % 2 == 0 {
                    credentials.clave = "Wrong23456".to_owned();
                }
                match index % 3 {
                    0 => desk.accept(credentials).await.and(desk.restart().await),
                    1 => desk.accept(credentials).await,
                    _ => desk.accept(credentials).await.and(desk.abandon().await),
                }
            })
        })
        .collect();
    for one in crowd {
        assert_eq!(one.await.unwrap(), Ok(()));
    }
    // How many right ones came before the wrong ones made them wait is chance; the budget is not.
    assert!(office.sms_count() <= 5);
    office.clock.advance_seconds(25 * 3600);
    let later = office.browser("later");
    later.accept(right()).await.unwrap();
    assert!(matches!(step(&later).await, Step::Pin { .. }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_double_click_with_solo_clave_ends_on_the_final_page() {
    let mut office = Office::open().await;
    office.chamber.factor = Factor::SoloClave;
    office.mail(|row| row.factor = Set(Some("solo_clave".to_owned()))).await;
    let (first, second) = (office.browser("cookie"), office.browser("cookie"));
    let clicks = [first, second].map(|desk| tokio::spawn(async move { desk.accept(right()).await }));
    for click in clicks {
        click.await.unwrap().unwrap();
    }
    assert_eq!(step(&office.browser("cookie")).await, Step::Done);
    assert_eq!((office.verified().await.len(), office.mails().len()), (1, 1));
}
