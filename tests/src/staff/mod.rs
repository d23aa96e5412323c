//! Staff: log-in, sessions, second factor, their keeping.

mod factor;
mod keeping;
mod pages;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use contract::error::Field;
use contract::staff::{Permission, Role, SessionService};
use contract::{ChamberCode, ServiceError, ServiceResult};
use entity::{auditoria, funcionarios, sesiones};
use sea_orm::EntityTrait;
use server::clock::Clock;
use server::config::StaffRules;
use server::secrets::{MacKey, MasterKey, Vault};
use server::services::actor::Actor;
use server::services::staff::{
    Entry, Insider, SessionToken, StaffDoor, StaffSessionDesk, Stage, create_user, deactivate_user, list_users,
};

use crate::support::{TestDb, camara, database, other_camara};

pub const PASSWORD: &str = "una clave larga y buena";
pub const ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

pub struct Door {
    pub test_db: TestDb,
    pub clock: Clock,
    pub staff: StaffDoor,
}

impl Door {
    /// A chamber with one operator.
    pub async fn open() -> Self {
        Self::open_under(StaffRules::default()).await
    }

    /// The same under these rules; the other chamber keeps the usual ones.
    pub async fn open_under(rules: StaffRules) -> Self {
        let (test_db, clock) = (database().await, Clock::default());
        let staff = StaffDoor {
            db: test_db.db.clone(),
            clock: clock.clone(),
            mac: Arc::new(MacKey::generate()),
            vault: Vault::new(&MasterKey::generate()),
            rules: Arc::new(BTreeMap::from([(camara(), rules), (other_camara(), StaffRules::default())])),
        };
        let door = Self { test_db, clock, staff };
        door.create("marta", Role::Operador, PASSWORD).await.unwrap();
        door
    }

    async fn create(&self, usuario: &str, rol: Role, password: &str) -> ServiceResult<()> {
        let actor = Actor::command_line(camara());
        let password = password.to_owned().into();
        create_user(&self.test_db.db, &self.clock, &actor, usuario, "Marta Díaz", rol, password).await
    }

    pub async fn login(&self, usuario: &str, password: &str) -> ServiceResult<SessionToken> {
        self.login_at(camara(), usuario, password).await.map(|entry| entry.token)
    }

    pub async fn login_at(&self, chamber: ChamberCode, usuario: &str, password: &str) -> ServiceResult<Entry> {
        let password = password.to_owned().into();
        self.staff.login(chamber, usuario, password, ADDRESS, None).await
    }

    /// Whoever holds this token.
    pub async fn insider(&self, token: &SessionToken) -> Option<Insider> {
        self.staff.insider(&token.0).await.unwrap()
    }

    pub async fn desk(&self, token: &SessionToken) -> Option<StaffSessionDesk> {
        let (actor, session) = self.staff.resolve(&token.0).await.unwrap()?;
        Some(StaffSessionDesk {
            door: self.staff.clone(),
            actor,
            session,
            camara_nombre: "Cámara de Comercio de Prueba".to_owned(),
        })
    }
}

#[tokio::test]
async fn a_log_in_opens_a_session_of_that_person_chamber_and_role() {
    let door = Door::open().await;
    let token = door.login(" Marta ", PASSWORD).await.unwrap();
    let desk = door.desk(&token).await.unwrap();
    let me = desk.me().await.unwrap();
    assert_eq!((me.usuario.as_str(), me.nombre.as_str(), me.rol), ("marta", "Marta Díaz", Role::Operador));
    assert_eq!(me.camara, camara());
    assert!(me.confirmado_hasta.is_some());
    assert!(desk.actor.must_confirm);
    let stored = sesiones::Entity::find().all(door.test_db.db.reader()).await.unwrap();
    assert_ne!(stored[0].token_hash, token.0);
    assert_ne!(door.login("marta", PASSWORD).await.unwrap(), token);
    assert!(door.staff.resolve("made up").await.unwrap().is_none());
}

#[tokio::test]
async fn unknown_user_wrong_password_deactivated_and_another_chamber_get_the_same_answer() {
    let door = Door::open().await;
    door.create("jose", Role::Auditor, PASSWORD).await.unwrap();
    let supervisor = Actor::command_line(camara());
    deactivate_user(&door.test_db.db, &door.clock, &supervisor, "jose").await.unwrap();
    for (chamber, usuario, password) in [
        (camara(), "nadie", PASSWORD),
        (camara(), "marta", "otra clave larga"),
        (camara(), "jose", PASSWORD),
        (other_camara(), "marta", PASSWORD),
        (camara(), "", ""),
    ] {
        assert_eq!(door.login_at(chamber, usuario, password).await, Err(ServiceError::WrongLogin), "{usuario}");
    }
}

#[tokio::test]
async fn wrong_passwords_bring_growing_delays_alike_for_users_that_exist_and_that_do_not() {
    let door = Door::open().await;
    for usuario in ["marta", "nadie"] {
        for _ in 0..4 {
            assert_eq!(door.login(usuario, "wrong wrong wrong").await, Err(ServiceError::WrongLogin));
        }
        let refused = door.login(usuario, PASSWORD).await;
        assert!(matches!(refused, Err(ServiceError::TooManyTries { retry_at }) if retry_at > door.clock.now()));
    }
    door.clock.advance_seconds(5);
    door.login("marta", PASSWORD).await.unwrap();
    let failed = auditoria::Entity::find().all(door.test_db.db.reader()).await.unwrap();
    assert_eq!(failed.iter().filter(|entry| entry.accion == "ingreso_fallido").count(), 8);
    assert!(failed.iter().all(|entry| !entry.detalle.contains("nadie")));
}

#[tokio::test]
async fn a_session_ends_after_fifteen_minutes_without_use_and_eight_hours_with_it() {
    let door = Door::open().await;
    let token = door.login("marta", PASSWORD).await.unwrap();
    door.clock.advance_seconds(14 * 60);
    assert!(door.desk(&token).await.is_some());
    door.clock.advance_seconds(14 * 60);
    assert!(door.desk(&token).await.is_some());
    door.clock.advance_seconds(15 * 60);
    assert!(door.desk(&token).await.is_none());

    let token = door.login("marta", PASSWORD).await.unwrap();
    for _ in 0..47 {
        door.clock.advance_seconds(10 * 60);
        assert!(door.desk(&token).await.is_some());
    }
    door.clock.advance_seconds(10 * 60);
    assert!(door.desk(&token).await.is_none());
}

#[tokio::test]
async fn logging_out_ends_the_session() {
    let door = Door::open().await;
    let (token, other) = (door.login("marta", PASSWORD).await.unwrap(), door.login("marta", PASSWORD).await.unwrap());
    door.staff.logout(&token.0).await.unwrap();
    door.staff.logout(&token.0).await.unwrap();
    assert!(door.desk(&token).await.is_none());
    assert!(door.desk(&other).await.is_some());
}

#[tokio::test]
async fn dangerous_actions_ask_for_the_password_again_after_five_minutes() {
    let door = Door::open().await;
    let token = door.login("marta", PASSWORD).await.unwrap();
    let allowed = async || {
        let actor = door.desk(&token).await.unwrap().actor;
        actor.require_confirmed(Permission::Operate, door.clock.now())
    };
    assert_eq!(allowed().await, Ok(()));
    door.clock.advance_seconds(300);
    assert_eq!(allowed().await, Err(ServiceError::ConfirmPassword));
    let desk = door.desk(&token).await.unwrap();
    assert_eq!(desk.me().await.unwrap().confirmado_hasta, None);
    assert_eq!(desk.confirm_password("wrong wrong wrong".to_owned()).await, Err(ServiceError::WrongLogin));
    assert_eq!(allowed().await, Err(ServiceError::ConfirmPassword));
    desk.confirm_password(PASSWORD.to_owned()).await.unwrap();
    assert_eq!(allowed().await, Ok(()));
}

#[tokio::test]
async fn an_open_session_is_no_place_to_guess_the_password() {
    let door = Door::open().await;
    let token = door.login("marta", PASSWORD).await.unwrap();
    let desk = door.desk(&token).await.unwrap();
    for _ in 0..4 {
        assert_eq!(desk.confirm_password("wrong wrong wrong".to_owned()).await, Err(ServiceError::WrongLogin));
    }
    let refused = desk.confirm_password(PASSWORD.to_owned()).await;
    assert!(matches!(refused, Err(ServiceError::TooManyTries { .. })));
}

#[tokio::test]
async fn staff_are_made_with_a_unique_name_and_a_long_password() {
    let door = Door::open().await;
    let invalid = |field| Err(ServiceError::Invalid { field });
    for bad in ["", "ab", "con espacio", "ñandú", &"x".repeat(41)] {
        assert_eq!(door.create(bad, Role::Auditor, PASSWORD).await, invalid(Field::UserName), "{bad:?}");
    }
    assert_eq!(door.create("MARTA", Role::Auditor, PASSWORD).await, invalid(Field::UserName));
    for bad in ["", "once letras", &"x".repeat(12), "josejosejose1", &"buena clave ".repeat(30)] {
        assert_eq!(door.create("jose", Role::Auditor, bad).await, invalid(Field::NewPassword), "{bad:?}");
    }
    let operator = Actor { role: Role::Operador, ..Actor::command_line(camara()) };
    let made =
        create_user(&door.test_db.db, &door.clock, &operator, "jose", "", Role::Supervisor, PASSWORD.to_owned().into());
    assert_eq!(made.await, Err(ServiceError::Forbidden));

    door.create("jose", Role::Supervisor, PASSWORD).await.unwrap();
    let names = list_users(&door.test_db.db, &Actor::command_line(camara())).await.unwrap();
    assert_eq!(names.iter().map(|row| row.usuario.as_str()).collect::<Vec<_>>(), ["jose", "marta"]);
    assert!(list_users(&door.test_db.db, &Actor::command_line(other_camara())).await.unwrap().is_empty());
    let rows = funcionarios::Entity::find().all(door.test_db.db.reader()).await.unwrap();
    assert!(rows.iter().all(|row| row.clave_hash.starts_with("$argon2id$")));
}

#[tokio::test]
async fn deactivating_ends_every_session_of_that_person() {
    let door = Door::open().await;
    let token = door.login("marta", PASSWORD).await.unwrap();
    let elsewhere = Actor::command_line(other_camara());
    let refused = deactivate_user(&door.test_db.db, &door.clock, &elsewhere, "marta").await;
    assert_eq!(refused, Err(ServiceError::NotFound));
    let supervisor = Actor::command_line(camara());
    deactivate_user(&door.test_db.db, &door.clock, &supervisor, "Marta").await.unwrap();
    assert!(door.desk(&token).await.is_none());
    assert_eq!(sesiones::Entity::find().all(door.test_db.db.reader()).await.unwrap().len(), 0);
    assert_eq!(door.login("marta", PASSWORD).await, Err(ServiceError::WrongLogin));
}

#[tokio::test]
async fn the_chambers_own_figures_hold_for_its_sessions() {
    let rules =
        StaffRules { idle_seconds: 300, absolute_seconds: 3600, confirmation_seconds: 60, ..StaffRules::default() };
    let door = Door::open_under(rules).await;
    let token = door.login("marta", PASSWORD).await.unwrap();
    assert!(door.desk(&token).await.unwrap().me().await.unwrap().confirmado_hasta.is_some());
    door.clock.advance_seconds(60);
    let desk = door.desk(&token).await.unwrap();
    assert_eq!(desk.me().await.unwrap().confirmado_hasta, None);
    assert_eq!(desk.actor.require_confirmed(Permission::Operate, door.clock.now()), Err(ServiceError::ConfirmPassword));
    for _ in 0..14 {
        door.clock.advance_seconds(250);
        assert!(door.desk(&token).await.is_some());
    }
    door.clock.advance_seconds(250);
    assert!(door.desk(&token).await.is_none(), "an hour old");
    let token = door.login("marta", PASSWORD).await.unwrap();
    door.clock.advance_seconds(300);
    assert!(door.desk(&token).await.is_none(), "five minutes idle");
}

#[tokio::test]
async fn logging_in_again_ends_the_session_that_the_browser_had() {
    let door = Door::open().await;
    let (former, other) = (door.login("marta", PASSWORD).await.unwrap(), door.login("marta", PASSWORD).await.unwrap());
    let entry =
        door.staff.login(camara(), "marta", PASSWORD.to_owned().into(), ADDRESS, Some(&former.0)).await.unwrap();
    assert!(entry.stage == Stage::Plena && entry.token != former);
    assert!(door.desk(&former).await.is_none());
    assert!(door.desk(&other).await.is_some() && door.desk(&entry.token).await.is_some());
}
