//! The second factor: set up, asked for, used once, lost.

use contract::staff::SessionService;
use contract::{ServiceError, Timestamp};
use entity::{auditoria, codigos_recuperacion, segundos_factores, sesiones};
use sea_orm::EntityTrait;
use server::config::StaffRules;
use server::secrets::{KeyRing, MasterKey, Vault};
use server::services::actor::Actor;
use server::services::keys::KeyKeeper;
use server::services::staff::{Insider, RECOVERY_CODES, SessionToken, Stage, reset_second_factor};
use totp_rs::{Algorithm, Builder, Secret, Totp};

use super::{ADDRESS, Door, PASSWORD};
use crate::support::{camara, other_camara};

/// The telephone of a staff member.
pub struct Telephone(Totp);

impl Telephone {
    /// Set up with the secret that the page shows to be typed.
    pub fn typed(secret: &str) -> Self {
        let bytes = Secret::try_from_base32(secret.replace(' ', "")).unwrap();
        let totp = Builder::new().with_algorithm(Algorithm::SHA1).with_secret(bytes).with_account_name("x");
        Self(totp.with_digits(6).with_step_duration(30).build().unwrap())
    }

    pub fn shows(&self, at: Timestamp) -> String {
        self.0.generate(u64::try_from(at.0 / 1000).unwrap()).to_string()
    }
}

fn password<T: From<String>>() -> T {
    PASSWORD.to_owned().into()
}

/// Marta with a second factor in force; her session and her codes.
async fn enrolled(door: &Door) -> (Telephone, SessionToken, Vec<String>) {
    let token = door.login("marta", PASSWORD).await.unwrap();
    let who = door.insider(&token).await.unwrap();
    door.staff.begin_factor(&who, password()).await.unwrap();
    let enrolment = door.staff.enrolment(&who).await.unwrap().unwrap();
    let telephone = Telephone::typed(&enrolment.secret);
    let (token, codes) = door.staff.confirm_factor(&who, &telephone.shows(door.clock.now()), ADDRESS).await.unwrap();
    (telephone, token, codes.iter().map(|code| code.to_string()).collect())
}

/// A half session that waits for the code.
async fn halfway(door: &Door) -> Insider {
    let entry = door.login_at(camara(), "marta", PASSWORD).await.unwrap();
    assert_eq!(entry.stage, Stage::Codigo);
    assert!(door.desk(&entry.token).await.is_none(), "half a session is none");
    door.insider(&entry.token).await.unwrap()
}

async fn trail(door: &Door) -> Vec<String> {
    let entries = auditoria::Entity::find().all(door.test_db.db.reader()).await.unwrap();
    entries.into_iter().map(|entry| entry.accion).collect()
}

#[tokio::test]
async fn a_factor_is_in_force_after_its_first_code_and_ends_every_other_session() {
    let door = Door::open().await;
    let other = door.login("marta", PASSWORD).await.unwrap();
    let token = door.login("marta", PASSWORD).await.unwrap();
    let who = door.insider(&token).await.unwrap();
    assert_eq!(door.staff.enrolment(&who).await.unwrap(), None);
    assert_eq!(
        door.staff.begin_factor(&who, "wrong wrong wrong".to_owned().into()).await,
        Err(ServiceError::WrongLogin)
    );
    door.staff.begin_factor(&who, password()).await.unwrap();
    let enrolment = door.staff.enrolment(&who).await.unwrap().unwrap();
    assert!(enrolment.secret.split(' ').all(|group| group.len() == 4) && enrolment.secret.len() == 39);
    assert!(enrolment.qr.side > 21 && enrolment.qr.path.starts_with('M'));
    assert_eq!(door.login_at(camara(), "marta", PASSWORD).await.unwrap().stage, Stage::Plena, "not confirmed yet");

    let telephone = Telephone::typed(&enrolment.secret);
    let now = door.clock.now();
    for wrong in ["", "000000x", "12345", &telephone.shows(now.plus_seconds(90))] {
        let refused = door.staff.confirm_factor(&who, wrong, ADDRESS).await;
        assert!(matches!(refused, Err(ServiceError::WrongLogin | ServiceError::TooManyTries { .. })), "{wrong}");
    }
    door.clock.advance_seconds(600);
    let (fresh, codes) = door.staff.confirm_factor(&who, &telephone.shows(door.clock.now()), ADDRESS).await.unwrap();
    assert_eq!(codes.len(), RECOVERY_CODES);
    assert!(door.desk(&token).await.is_none() && door.desk(&other).await.is_none());
    let account = door.desk(&fresh).await.unwrap().account().await.unwrap();
    let since = account.segundo_factor_desde.unwrap();
    assert!((0..60).contains(&door.clock.now().seconds_since(since)));
    assert_eq!((account.codigos_de_recuperacion, account.sesiones.len()), (10, 1));
    let who = door.insider(&fresh).await.unwrap();
    assert_eq!(door.staff.enrolment(&who).await.unwrap(), None, "shown once");
    assert_eq!(door.staff.begin_factor(&who, password()).await, Err(ServiceError::StateChanged));
    assert!(trail(&door).await.contains(&"segundo_factor_activado".to_owned()));

    let stored = segundos_factores::Entity::find().one(door.test_db.db.reader()).await.unwrap().unwrap();
    let secret = Secret::try_from_base32(enrolment.secret.replace(' ', "")).unwrap();
    assert!(!stored.sellado.windows(20).any(|window| window == secret.as_bytes()));
    let digests = codigos_recuperacion::Entity::find().all(door.test_db.db.reader()).await.unwrap();
    assert!(digests.iter().all(|row| row.huella.len() == 64));
}

#[tokio::test]
async fn the_log_in_asks_for_a_code_and_takes_each_once() {
    let door = Door::open().await;
    let (telephone, _, _) = enrolled(&door).await;
    let who = halfway(&door).await;
    let used = door.staff.second_step(&who, &telephone.shows(door.clock.now()), ADDRESS).await;
    assert_eq!(used, Err(ServiceError::WrongLogin), "the code that set it up");

    door.clock.advance_seconds(60);
    let who = halfway(&door).await;
    let code = telephone.shows(door.clock.now());
    let (one, two) =
        tokio::join!(door.staff.second_step(&who, &code, ADDRESS), door.staff.second_step(&who, &code, ADDRESS));
    assert_eq!([&one, &two].iter().filter(|answer| answer.is_ok()).count(), 1, "{one:?} {two:?}");
    let token = one.or(two).unwrap();
    assert!(door.desk(&token).await.is_some());
    let again = halfway(&door).await;
    assert_eq!(door.staff.second_step(&again, &code, ADDRESS).await, Err(ServiceError::WrongLogin));
    // A step before or after is the telephone's clock; two are not.
    for (drift, fits) in [(-60, false), (60, false), (30, true), (-30, true)] {
        door.clock.advance_seconds(600);
        let who = halfway(&door).await;
        let code = telephone.shows(door.clock.now().plus_seconds(drift));
        assert_eq!(door.staff.second_step(&who, &code, ADDRESS).await.is_ok(), fits, "{drift}");
    }
}

#[tokio::test]
async fn half_a_session_lasts_five_minutes_and_is_renewed_by_nothing() {
    let door = Door::open().await;
    let (telephone, _, _) = enrolled(&door).await;
    let entry = door.login_at(camara(), "marta", PASSWORD).await.unwrap();
    door.clock.advance_seconds(299);
    let who = door.insider(&entry.token).await.unwrap();
    door.clock.advance_seconds(1);
    assert_eq!(door.insider(&entry.token).await, None);
    // Whoever asked in the last second is let in; the whole session has a token of its own.
    let token = door.staff.second_step(&who, &telephone.shows(door.clock.now()), ADDRESS).await.unwrap();
    assert_ne!(token, entry.token);
    assert_eq!(door.staff.second_step(&who, "000000", ADDRESS).await, Err(ServiceError::WrongLogin));
}

#[tokio::test]
async fn wrong_codes_count_with_wrong_passwords_and_a_right_password_forgets_none_of_them() {
    let door = Door::open().await;
    let (telephone, _, _) = enrolled(&door).await;
    let mut tries = 0;
    for _ in 0..3_000 {
        let Ok(entry) = door.login_at(camara(), "marta", PASSWORD).await else {
            door.clock.advance_seconds(5);
            continue;
        };
        let who = door.insider(&entry.token).await.unwrap();
        tries += usize::from(door.staff.second_step(&who, "000000", ADDRESS).await == Err(ServiceError::WrongLogin));
        if door.clock.now().seconds_since(Timestamp(0)) > 0 && tries >= 14 {
            break;
        }
    }
    // Fourteen guesses took the delays that fourteen wrong passwords take: 5 s, 10 s … 300 s.
    let entry = door.login_at(camara(), "marta", PASSWORD).await;
    let Err(ServiceError::TooManyTries { retry_at }) = entry else { panic!("{entry:?}") };
    assert!((240..=300).contains(&retry_at.seconds_since(door.clock.now())));
    door.clock.advance_seconds(300);
    let who = halfway(&door).await;
    door.staff.second_step(&who, &telephone.shows(door.clock.now()), ADDRESS).await.unwrap();
    // A whole log-in forgets them.
    door.clock.advance_seconds(60);
    halfway(&door).await;
}

#[tokio::test]
async fn a_recovery_code_opens_once() {
    let door = Door::open().await;
    let (_, token, codes) = enrolled(&door).await;
    let who = halfway(&door).await;
    let typed = codes[0].to_lowercase().replace('-', " ");
    door.staff.second_step(&who, &typed, ADDRESS).await.unwrap();
    let who = halfway(&door).await;
    assert_eq!(door.staff.second_step(&who, &codes[0], ADDRESS).await, Err(ServiceError::WrongLogin));
    door.staff.second_step(&who, &codes[1], ADDRESS).await.unwrap();
    let left = door.desk(&token).await.unwrap().account().await.unwrap().codigos_de_recuperacion;
    assert_eq!(left, 8);
    assert!(trail(&door).await.contains(&"codigo_recuperacion_usado".to_owned()));
}

#[tokio::test]
async fn taking_it_away_needs_password_and_code_and_a_chamber_that_allows_it() {
    let door = Door::open().await;
    let (telephone, token, codes) = enrolled(&door).await;
    let who = door.insider(&token).await.unwrap();
    door.clock.advance_seconds(60);
    let code = telephone.shows(door.clock.now());
    let wrong = "wrong wrong wrong".to_owned().into();
    assert_eq!(door.staff.remove_factor(&who, wrong, &code).await, Err(ServiceError::WrongLogin));
    assert_eq!(door.staff.remove_factor(&who, password(), "000000").await, Err(ServiceError::WrongLogin));
    assert_eq!(door.login_at(camara(), "marta", PASSWORD).await.unwrap().stage, Stage::Codigo);
    let fresh = door.staff.remove_factor(&who, password(), &code).await.unwrap();
    assert!(door.desk(&token).await.is_none() && door.desk(&fresh).await.is_some());
    assert_eq!(door.login_at(camara(), "marta", PASSWORD).await.unwrap().stage, Stage::Plena);
    assert!(codigos_recuperacion::Entity::find().all(door.test_db.db.reader()).await.unwrap().is_empty());
    assert_eq!(codes.len(), 10);
}

#[tokio::test]
async fn a_chamber_that_requires_it_lets_nobody_in_without_one() {
    let rules = StaffRules { second_factor: true, ..StaffRules::default() };
    let door = Door::open_under(rules).await;
    let entry = door.login_at(camara(), "marta", PASSWORD).await.unwrap();
    assert_eq!(entry.stage, Stage::Inscripcion);
    assert!(door.desk(&entry.token).await.is_none());
    let who = door.insider(&entry.token).await.unwrap();
    assert_eq!(door.staff.second_step(&who, "000000", ADDRESS).await, Err(ServiceError::NoSession));
    let new = "tres gatos azules".to_owned().into();
    assert_eq!(door.staff.change_password(&who, password(), new).await, Err(ServiceError::NoSession));
    let secret = door.staff.enrolment(&who).await.unwrap().unwrap().secret;
    let telephone = Telephone::typed(&secret);
    let (token, _) = door.staff.confirm_factor(&who, &telephone.shows(door.clock.now()), ADDRESS).await.unwrap();
    assert!(door.desk(&token).await.unwrap().account().await.unwrap().segundo_factor_exigido);
    let who = door.insider(&token).await.unwrap();
    door.clock.advance_seconds(60);
    let code = telephone.shows(door.clock.now());
    assert_eq!(door.staff.remove_factor(&who, password(), &code).await, Err(ServiceError::Forbidden));
}

#[tokio::test]
async fn an_administrator_takes_a_lost_one_away_in_his_own_chamber_only() {
    let door = Door::open().await;
    let (_, token, _) = enrolled(&door).await;
    let reset = async |actor: Actor| reset_second_factor(&door.test_db.db, &door.clock, &actor, "Marta").await;
    assert_eq!(reset(Actor::command_line(other_camara())).await, Err(ServiceError::NotFound));
    let operator = Actor { role: contract::staff::Role::Operador, ..Actor::command_line(camara()) };
    assert_eq!(reset(operator).await, Err(ServiceError::Forbidden));
    assert!(door.desk(&token).await.is_some());
    reset(Actor::command_line(camara())).await.unwrap();
    assert!(door.desk(&token).await.is_none());
    assert_eq!(reset(Actor::command_line(camara())).await, Err(ServiceError::NotFound), "there is none any more");
    assert_eq!(door.login_at(camara(), "marta", PASSWORD).await.unwrap().stage, Stage::Plena);
    assert!(trail(&door).await.contains(&"segundo_factor_restablecido".to_owned()));
    assert_eq!(sesiones::Entity::find().all(door.test_db.db.reader()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_secret_is_sealed_again_when_the_master_key_changes() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("clave-maestra");
    std::fs::write(&path, KeyRing::of(MasterKey::generate()).to_text().as_bytes()).unwrap();
    let mut door = Door::open().await;
    door.staff.vault = Vault::over(&path).unwrap();
    let (telephone, _, _) = enrolled(&door).await;
    let former = door.staff.vault.key_id();
    let keeper = KeyKeeper {
        db: door.test_db.db.clone(),
        clock: door.clock.clone(),
        path: path.clone(),
        chambers: vec![camara()],
    };
    let used = keeper.state().await.unwrap().into_iter().find(|key| key.llave == former).unwrap();
    assert_eq!(used.uso.secretos, 1);
    let report = keeper.rotate().await.unwrap();
    assert_eq!(report.secretos, 1);
    let stored = segundos_factores::Entity::find().one(door.test_db.db.reader()).await.unwrap().unwrap();
    assert_eq!(stored.llave, report.llave);
    assert_ne!(stored.llave, former);
    std::fs::write(&path, KeyRing::read(&path).unwrap().without_older().to_text().as_bytes()).unwrap();
    door.staff.vault = Vault::over(&path).unwrap();
    door.clock.advance_seconds(60);
    let who = halfway(&door).await;
    door.staff.second_step(&who, &telephone.shows(door.clock.now()), ADDRESS).await.unwrap();
}
