//! What follows an activation, or its absence: «no fui yo», and reminders.

mod disown;
mod killed;
mod mails;
mod pages;
mod reminder;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use contract::disown::{DisownService, DisownState};
use contract::{ChamberCode, Email};
use entity::usuarios_verificados::{ActiveModel, Entity, Model};
use sea_orm::{ActiveModelTrait, EntityTrait, Set};
use server::clock::Clock;
use server::config::{Chamber, PublicUrl};
use server::db::Db;
use server::secrets::MacKey;
use server::services::disown::DisownDesk;

pub const NAME: &str = "RUIZ GOMEZ ANA";
pub const IDENTIFICATION: &str = "71234567";
pub const EMAIL: &str = "ana.ruiz@correo.com.co";
pub const MOBILE: &str = "3001234567";
pub const PUBLIC_URL: &str = "https://claves.camara.org.co";

pub fn email() -> Email {
    Email::parse(EMAIL).unwrap()
}

pub fn public_url() -> PublicUrl {
    PublicUrl::parse(PUBLIC_URL).unwrap()
}

/// A verified user in force since now, as an activation makes it.
pub async fn verified(db: &Db, clock: &Clock, camara: ChamberCode) -> Model {
    let now = clock.now();
    ActiveModel {
        camara: Set(camara.to_string()),
        email: Set(EMAIL.to_owned()),
        celular: Set(MOBILE.to_owned()),
        tipoidentificacion: Set("1".to_owned()),
        identificacion: Set(IDENTIFICATION.to_owned()),
        nombre: Set(NAME.to_owned()),
        estado: Set("VE".to_owned()),
        fecha_hora_creacion: Set(now.0),
        fecha_hora_verificacion: Set(Some(now.0)),
        claveacceso: Set("hash".to_owned()),
        ano: Set(2026),
        ..Default::default()
    }
    .insert(db.reader())
    .await
    .unwrap()
}

pub async fn user(db: &Db, id: i64) -> Model {
    Entity::find_by_id(id).one(db.reader()).await.unwrap().unwrap()
}

/// The links of a chamber, from the network 190.0.0.`host`.
pub fn links(db: &Db, clock: &Clock, mac: &Arc<MacKey>, chamber: &Chamber, host: u8) -> DisownDesk {
    DisownDesk {
        db: db.clone(),
        clock: clock.clone(),
        mac: Arc::clone(mac),
        chamber: Arc::new(chamber.clone()),
        public_url: public_url(),
        network: IpAddr::V4(Ipv4Addr::new(190, 0, 0, host)),
    }
}

pub async fn state(desk: &DisownDesk, code: &str) -> DisownState {
    desk.view(code).await.unwrap().enlace
}
