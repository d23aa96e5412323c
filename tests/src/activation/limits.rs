//! How often one may guess.

use std::net::{IpAddr, Ipv6Addr};

use contract::ServiceError;
use contract::activation::{ActivationService, Notice, Step};
use contract::staff::Role;
use entity::limites;
use futures_join::join_all;
use sea_orm::EntityTrait;
use server::services::activation::unlock;
use server::services::actor::Actor;

use super::office::{EMAIL, ID, MOBILE, Office, PASSWORD, notice, right, step, typed};

mod futures_join {
    /// Runs all of them at once, each on its own task.
    pub async fn join_all<T: Send + 'static>(
        tasks: impl Iterator<Item = impl Future<Output = T> + Send + 'static>,
    ) -> Vec<T> {
        let handles: Vec<_> = tasks.map(tokio::spawn).collect();
        let mut results = Vec::new();
        for handle in handles {
            results.push(handle.await.unwrap());
        }
        results
    }
}

fn wrong(id: &str) -> contract::activation::Credentials {
    typed(id, EMAIL, MOBILE, "Wrong23456")
}

#[tokio::test]
async fn after_three_free_failures_a_page_says_when_to_try_again_whether_right_or_wrong() {
    let office = Office::open().await;
    office.mailed().await;
    let desk = office.browser("cookie");
    for _ in 0..4 {
        desk.accept(wrong(ID)).await.unwrap();
        assert_eq!(notice(&desk).await, Some(Notice::NoMatch));
    }
    desk.accept(wrong(ID)).await.unwrap();
    let refused = notice(&desk).await;
    assert!(matches!(refused, Some(Notice::Wait { hasta }) if hasta > office.clock.now()));
    desk.accept(right()).await.unwrap();
    assert_eq!((notice(&desk).await, office.sms_count()), (refused, 0));

    office.clock.advance_seconds(5);
    assert_eq!(notice(&desk).await, None);
    desk.accept(right()).await.unwrap();
    assert!(matches!(step(&desk).await, Step::Pin { .. }));
    // Success forgets the failures.
    let desk = office.browser("again");
    for _ in 0..4 {
        desk.accept(wrong(ID)).await.unwrap();
        assert_eq!(notice(&desk).await, Some(Notice::NoMatch));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_parallel_guesses_never_pass_the_limit_by_one() {
    let mut office = Office::open().await;
    // However slow the machine, the delay after the fourth is not over before the last guess.
    office.chamber.limits.identity.first_delay = 14_400;
    office.chamber.limits.identity.longest_delay = 14_400;
    office.mailed().await;
    let guesses = (0..200).map(|index| {
        let desk =
            office.browser_at(&format!("cookie {index}"), IpAddr::V6(Ipv6Addr::new(0x2800, 0, index, 0, 0, 0, 0, 1)));
        async move {
            desk.accept(wrong(ID)).await.unwrap();
            notice(&desk).await
        }
    });
    let notices = join_all(guesses).await;
    let looked_at = notices.iter().filter(|notice| **notice == Some(Notice::NoMatch)).count();
    assert_eq!(looked_at, 4);
    assert_eq!(office.trail("credenciales_erradas").await, 4);
}

#[tokio::test]
async fn a_chamber_may_be_stricter_than_the_defaults() {
    let mut office = Office::open().await;
    office.chamber.limits.identity.free = 0;
    office.mailed().await;
    let desk = office.browser("cookie");
    desk.accept(wrong(ID)).await.unwrap();
    assert_eq!(notice(&desk).await, Some(Notice::NoMatch));
    desk.accept(right()).await.unwrap();
    assert!(matches!(notice(&desk).await, Some(Notice::Wait { .. })), "the first failure was free");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_right_guess_among_many_wrong_ones_is_looked_at_only_within_the_limit() {
    let office = Office::open().await;
    office.mailed().await;
    let desk = office.browser("cookie");
    for _ in 0..4 {
        desk.accept(wrong(ID)).await.unwrap();
    }
    let guesses = (0..20).map(|index| {
        let desk = office.browser(&format!("cookie {index}"));
        async move { desk.accept(right()).await.unwrap() }
    });
    join_all(guesses).await;
    assert_eq!(office.sms_count(), 0);
}

#[tokio::test]
async fn a_network_of_any_address_in_a_64_shares_its_count_and_others_do_not() {
    let office = Office::open().await;
    office.mailed().await;
    let at = |subnet: u16, host: u16| IpAddr::V6(Ipv6Addr::new(0x2800, 1, 2, subnet, 0, 0, 0, host));
    office.browser_at("first", at(1, 1)).accept(wrong("4000")).await.unwrap();
    spend_network(&office, 200).await;

    let desk = office.browser_at("same", at(1, 99));
    desk.accept(right()).await.unwrap();
    assert!(matches!(notice(&desk).await, Some(Notice::Wait { .. })));
    let desk = office.browser_at("other", at(2, 1));
    desk.accept(right()).await.unwrap();
    assert!(matches!(step(&desk).await, Step::Pin { .. }));
    office.clock.advance_seconds(3600);
    let desk = office.browser_at("same later", at(1, 99));
    desk.accept(right()).await.unwrap();
    assert!(matches!(step(&desk).await, Step::Pin { .. }));
}

/// As if the only network counted so far had failed so often.
async fn spend_network(office: &Office, failures: i64) {
    use sea_orm::sea_query::Expr;
    use sea_orm::{ColumnTrait, QueryFilter};
    let until = office.clock.now().plus_seconds(3500);
    let changed = limites::Entity::update_many()
        .col_expr(limites::Column::FallosHora, Expr::value(failures))
        .col_expr(limites::Column::EsperaHasta, Expr::value(until.0))
        .filter(limites::Column::Clase.eq("red"))
        .exec(office.test_db.db.reader())
        .await
        .unwrap();
    assert_eq!(changed.rows_affected, 1);
}

#[tokio::test]
async fn right_answers_do_not_use_up_a_network() {
    let office = Office::open().await;
    office.mailed().await;
    for index in 0..4 {
        office.browser(&format!("cookie {index}")).accept(right()).await.unwrap();
    }
    let rows = limites::Entity::find().all(office.test_db.db.reader()).await.unwrap();
    assert!(rows.iter().filter(|row| row.clase == "red").all(|row| row.fallos_hora == 0));
    assert!(rows.iter().all(|row| !row.sujeto.contains(ID) && !row.sujeto.contains("190.0.0")));
}

#[tokio::test]
async fn after_a_hundred_failures_only_staff_can_help() {
    let office = Office::open().await;
    office.mailed().await;
    let desk = office.browser("cookie");
    for failure in 0..100 {
        desk.accept(wrong(ID)).await.unwrap();
        assert_eq!(notice(&desk).await, Some(Notice::NoMatch), "failure {failure}");
        office.clock.advance_seconds(900);
    }
    for (cookie, credentials) in [("wrong", wrong(ID)), ("right", right())] {
        let desk = office.browser(cookie);
        desk.accept(credentials).await.unwrap();
        assert_eq!(notice(&desk).await, Some(Notice::Locked));
    }
    assert_eq!((office.sms_count(), office.trail("identidad_bloqueada").await), (0, 1));

    let staff = |role| Actor { role, ..Actor::command_line(office.chamber.code) };
    let try_unlock =
        async |role, id: &str| unlock(&office.test_db.db, &office.clock, &office.tools.mac, &staff(role), id).await;
    assert_eq!(try_unlock(Role::Auditor, ID).await, Err(ServiceError::Forbidden));
    assert_eq!(try_unlock(Role::Operador, "5555").await, Err(ServiceError::NotFound));
    assert_eq!(try_unlock(Role::Operador, "71.234.567").await, Ok(()));
    assert_eq!(office.trail("identidad_desbloqueada").await, 1);
    let desk = office.browser("unlocked");
    desk.accept(typed(ID, EMAIL, MOBILE, PASSWORD)).await.unwrap();
    assert!(matches!(step(&desk).await, Step::Pin { .. }));
}
