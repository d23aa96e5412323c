//! A desk to work at, and rows to work on.

use std::path::Path;
use std::sync::Arc;

use contract::campaign::{ExclusionReason, SelectionReport};
use contract::verified::VerifiedState;
use contract::{ChamberCode, Year};
use entity::{claves_preasignadas as claves, lotes, usuarios_verificados as verificados};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use server::clock::Clock;
use server::config::Chamber;
use server::secrets::{MasterKey, Vault};
use server::services::actor::Actor;
use server::services::campaign::CampaignDesk;

use crate::support::{TestDb, camara};

pub fn year() -> Year {
    Year::new(2026).unwrap()
}

pub fn desk(test_db: &TestDb) -> CampaignDesk {
    desk_of(test_db, camara())
}

pub fn desk_of(test_db: &TestDb, code: ChamberCode) -> CampaignDesk {
    CampaignDesk {
        db: test_db.db.clone(),
        clock: Clock::default(),
        actor: Actor::command_line(code),
        vault: Vault::new(&MasterKey::generate()),
        chamber: Arc::new(Chamber::read(code, Path::new("/nowhere/common.env"), Path::new("/nowhere")).0),
        stale_needs_reason: true,
    }
}

/// `(evaluados, seleccionados, excluidos)`.
pub fn figures(report: &SelectionReport) -> (u64, u64, Vec<(ExclusionReason, u64)>) {
    (report.evaluados, report.seleccionados, report.excluidos.iter().map(|(reason, count)| (*reason, *count)).collect())
}

/// Every pre-assigned password of every chamber, oldest selection first.
pub async fn passwords(test_db: &TestDb) -> Vec<claves::Model> {
    claves::Entity::find().order_by_asc(claves::Column::Id).all(test_db.db.reader()).await.unwrap()
}

/// Puts the rows of these identifications into a state.
pub async fn set_state(test_db: &TestDb, identificacion: &str, state: &str) {
    let row = claves::Entity::find()
        .filter(claves::Column::Identificacion.eq(identificacion))
        .one(test_db.db.reader())
        .await
        .unwrap()
        .unwrap();
    let sent = matches!(state, "enviado" | "activado" | "cancelado").then_some(1_700_000_000_000);
    let mut changed: claves::ActiveModel = row.into();
    changed.estado = Set(state.to_owned());
    changed.enviada_en = Set(sent);
    changed.update(test_db.db.reader()).await.unwrap();
}

/// A pre-assigned password written straight into the table.
pub async fn preassigned(test_db: &TestDb, code: ChamberCode, ano: i32, id: &str, es_prueba: bool, estado: &str) {
    claves::ActiveModel {
        camara: Set(code.to_string()),
        ano: Set(ano),
        es_prueba: Set(es_prueba),
        matricula: Set("1".to_owned()),
        idclase: Set("1".to_owned()),
        identificacion: Set(id.to_owned()),
        nombre: Set("PRUEBA".to_owned()),
        nombres: Set(String::new()),
        apellido1: Set(String::new()),
        apellido2: Set(String::new()),
        municipio: Set(String::new()),
        correo: Set("a@example.com".to_owned()),
        correo_origen: Set("notificacion".to_owned()),
        celular: Set("3900000000".to_owned()),
        celular_origen: Set("comercial".to_owned()),
        estado: Set(estado.to_owned()),
        generacion: Set(1),
        fence: Set(0),
        intentos: Set(0),
        seleccionada_en: Set(0),
        ..Default::default()
    }
    .insert(test_db.db.reader())
    .await
    .unwrap();
}

/// A verified user of our chamber.
pub async fn verified(test_db: &TestDb, code: ChamberCode, id: &str, state: VerifiedState, es_prueba: bool) {
    verificados::ActiveModel {
        camara: Set(code.to_string()),
        es_prueba: Set(es_prueba),
        email: Set("a@example.com".to_owned()),
        celular: Set("3900000000".to_owned()),
        tipoidentificacion: Set("1".to_owned()),
        identificacion: Set(id.to_owned()),
        nombre: Set("ANA".to_owned()),
        nombres: Set(String::new()),
        apellido1: Set(String::new()),
        apellido2: Set(String::new()),
        direccion: Set(String::new()),
        municipio: Set(String::new()),
        nitempresa: Set(String::new()),
        nombreempresa: Set(String::new()),
        matricula: Set(String::new()),
        estado: Set(state.as_str().to_owned()),
        fecha_hora_creacion: Set(0),
        claveacceso: Set("hash".to_owned()),
        ano: Set(2025),
        ..Default::default()
    }
    .insert(test_db.db.reader())
    .await
    .unwrap();
}

/// A batch of the year.
pub async fn batch(test_db: &TestDb, code: ChamberCode, ano: i32, key: &str, estado: &str) {
    lotes::ActiveModel {
        camara: Set(code.to_string()),
        ano: Set(ano),
        clave_idempotencia: Set(key.to_owned()),
        es_prueba: Set(false),
        solicitados: Set(3),
        estado: Set(estado.to_owned()),
        fallos_seguidos: Set(0),
        actor: Set("ana".to_owned()),
        creado_en: Set(0),
        ..Default::default()
    }
    .insert(test_db.db.reader())
    .await
    .unwrap();
}
