//! A campaign of so many mails through the whole pipeline, over real SQLite (or the databases that
//! `BENCH_DATABASE_URL` and `BENCH_DATABASE_URL_SIN` name) and a real socket, measured from the order to the last outcome.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use contract::sending::{MAX_BATCH, SendTarget};
use contract::{ChamberCode, Year};
use domain::password::ClearPassword;
use entity::claves_preasignadas as claves;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use server::clock::Clock;
use server::config::{Chamber, PublicUrl};
use server::db::Db;
use server::jobs::send_worker::{SendContext, SendWorker};
use server::secrets::{MasterKey, PasswordHash, Vault, hash_password, random_token};
use server::services::actor::Actor;
use server::services::campaign::seal_binding;
use server::services::sending::{SendingDesk, WorkerState};
use server::signing::dev;

use crate::children::Measured;

const YEAR: i32 = 2026;

/// Sends and tells.
pub async fn send(mails: usize, with_argon2: bool, port: &str) {
    let (dir, clock) = (tempfile::tempdir().unwrap(), Clock::default());
    let p12 = dev::make_p12("Cámara de Prueba", "secreta", clock.now()).unwrap();
    std::fs::write(dir.path().join("firma.p12"), p12).unwrap();
    let camara = ChamberCode::parse("55").unwrap();
    let chamber = Arc::new(chamber(camara, dir.path(), port));
    let vault = Vault::new(&MasterKey::generate());
    let variable = if with_argon2 { "BENCH_DATABASE_URL" } else { "BENCH_DATABASE_URL_SIN" };
    let url = std::env::var(variable)
        .unwrap_or_else(|_| format!("sqlite://{}?mode=rwc", dir.path().join("bench.db").display()));
    let db = Db::connect(&url).await.unwrap();
    db.migrate().await.unwrap();
    pending(&db, camara, &vault, mails).await;

    let desk = SendingDesk {
        db: db.clone(),
        clock: clock.clone(),
        actor: Actor::command_line(camara),
        chamber: chamber.clone(),
        vault: vault.clone(),
        worker: WorkerState::default(),
    };
    let began = Instant::now();
    let year = Year::new(YEAR).unwrap();
    for _ in 0..mails.div_ceil(usize::from(MAX_BATCH)) {
        desk.order(year, SendTarget::Count(MAX_BATCH), &random_token()).await.unwrap();
    }
    let hasher = if with_argon2 { hash_password } else { no_hash };
    let chambers: BTreeMap<_, _> = [(camara, chamber)].into();
    let public_url = PublicUrl::parse("https://claves.camara.org.co").unwrap();
    let context = SendContext::new(db.clone(), clock, vault, Arc::new(chambers), public_url);
    SendWorker::new(SendContext { hasher, ..context }).drain(camara, None).await.unwrap();
    let seconds = began.elapsed().as_secs_f64();

    let sent = claves::Entity::find().filter(claves::Column::Estado.eq("enviado")).count(db.reader()).await.unwrap();
    assert_eq!(sent, mails as u64, "not every mail was sent");
    Measured::tell(sent, seconds);
}

/// In place of argon2id: only here, to see what everything else costs.
fn no_hash(_password: &[u8]) -> PasswordHash {
    PasswordHash("$sin-hash$".to_owned())
}

async fn pending(db: &Db, camara: ChamberCode, vault: &Vault, count: usize) {
    let rows: Vec<claves::ActiveModel> = (0..count).map(|index| row(camara, vault, index)).collect();
    for chunk in rows.chunks(500) {
        let txn = db.write().await.unwrap();
        claves::Entity::insert_many(chunk.to_vec()).exec_without_returning(&txn).await.unwrap();
        txn.commit().await.unwrap();
    }
}

fn row(camara: ChamberCode, vault: &Vault, index: usize) -> claves::ActiveModel {
    let password = ClearPassword::generate(&mut rand::rng());
    let identificacion = format!("7{index:07}");
    let binding = seal_binding(camara.as_str(), &identificacion, YEAR, 1);
    let sealed = vault.seal(password.expose().as_bytes(), &binding).unwrap();
    claves::ActiveModel {
        camara: Set(camara.to_string()),
        ano: Set(YEAR),
        es_prueba: Set(false),
        matricula: Set(format!("9{index:06}")),
        idclase: Set("1".into()),
        identificacion: Set(identificacion),
        nombre: Set(format!("COMERCIANTE NÚMERO {index}")),
        correo: Set(format!("comerciante{index}@correo.com.co")),
        correo_origen: Set("notificacion".into()),
        celular: Set("3001234567".into()),
        celular_origen: Set("notificacion".into()),
        estado: Set("pendiente".into()),
        generacion: Set(1),
        sellada: Set(Some(sealed.bytes)),
        sellada_llave: Set(Some(sealed.key_id)),
        fence: Set(0),
        intentos: Set(0),
        seleccionada_en: Set(0),
        ..Default::default()
    }
}

fn chamber(camara: ChamberCode, dir: &Path, port: &str) -> Chamber {
    let text = format!(
        "CAMARA_NOMBRE=Cámara de Comercio de Prueba\nCAMARA_CIUDAD=Villa Ejemplo\nCAMARA_TELEFONO=604 000 00 00\n\
         CAMARA_DIRECCION=Calle 1\nENLACE_RENOVAR=https://camara.example/r\nENLACE_MENU=https://camara.example/m\n\
         FACTOR_AUTENTICACION_FIRMADO_CONTRASENAS_EMAIL=DOBLE\nMASIVOS_SMTP_SERVER=127.0.0.1\n\
         MASIVOS_SMTP_PORT={port}\nMASIVOS_SMTP_AUTHENTICATION=NO\nMASIVOS_SMTP_ENCRIPTION=\n\
         MASIVOS_SMTP_CORREO_ADMIN=registro@camara.example\nMASIVOS_SMTP_NOMBRE_ADMIN=Cámara de Prueba\n\
         MASIVOS_CONEXIONES=8\nMASIVOS_CORREOS_POR_CONEXION=1000\nFIRMA_P12=firma.p12\nFIRMA_P12_CLAVE=secreta\n"
    );
    let path = dir.join("common55.env");
    std::fs::write(&path, text).unwrap();
    Chamber::read(camara, &path, dir).0
}
