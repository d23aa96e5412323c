//! The server under measurement, in a process of its own: a chamber with so many merchants whose
//! passwords were mailed, over real SQLite and a real socket.

use std::process::Stdio;

use contract::ChamberCode;
use entity::claves_preasignadas as claves;
use sea_orm::{EntityTrait, Set};
use server::clock::Clock;
use server::config::{Settings, Variables};
use server::db::Db;
use server::secrets::{MacKey, MasterKey, Vault, hash_password};
use server::startup::App;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// The password of every merchant: what it is plays no part.
pub const PASSWORD: &str = "Qw3rTyUp9k";

/// A running server; it ends with this.
pub struct Office {
    pub url: String,
    pub address: String,
    _process: Child,
}

impl Office {
    /// Starts one with so many merchants, who get their PINs from this gateway and their mails through
    /// this port.
    pub async fn open(merchants: usize, gateway: &str, smtp_port: &str) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["oficina", &merchants.to_string(), gateway, smtp_port])
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let address = lines.next_line().await.unwrap().unwrap();
        Self { url: format!("http://{address}"), address, _process: process }
    }
}

/// What the fields of the merchant with this number are.
pub fn fields(index: usize) -> [String; 3] {
    [format!("7{index:07}"), format!("comerciante{index}@correo.com.co"), format!("30{index:08}")]
}

/// Serves until killed; says its address first.
pub async fn serve(merchants: usize, gateway: &str, smtp_port: &str) {
    let (dir, clock) = (tempfile::tempdir().unwrap(), Clock::default());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let common = format!(
        "CAMARA_NOMBRE=Cámara de Comercio de Prueba\nCAMARA_CIUDAD=Villa Ejemplo\nCAMARA_TELEFONO=604 000 00 00\n\
         CAMARA_DIRECCION=Calle 1\nENLACE_RENOVAR=https://camara.example/r\nENLACE_MENU=https://camara.example/m\n\
         FACTOR_AUTENTICACION_FIRMADO_CONTRASENAS_EMAIL=DOBLE\nMASIVOS_SMTP_SERVER=127.0.0.1\n\
         MASIVOS_SMTP_PORT={smtp_port}\nMASIVOS_SMTP_AUTHENTICATION=NO\nMASIVOS_SMTP_ENCRIPTION=\n\
         MASIVOS_SMTP_CORREO_ADMIN=registro@camara.example\nMASIVOS_SMTP_NOMBRE_ADMIN=Cámara de Prueba\n\
         SMS_PROVEEDOR=http\nSMS_HTTP_URL={gateway}/{{{{ celular }}}}\nSMS_HTTP_CUERPO={{{{ texto }}}}\n\
         SMS_POR_DIA=1000000\n"
    );
    std::fs::write(dir.path().join("common55.env"), common).unwrap();
    let variables = Variables::from_pairs(&[
        ("CONFIG_DIR", dir.path().to_str().unwrap()),
        ("PUBLIC_URL", &format!("http://{address}")),
        ("LEPTOS_SITE_ROOT", "target/site"),
        ("PROXIES_CONFIABLES", "127.0.0.1"),
    ]);
    let (settings, _) = Settings::load(&variables);
    let url = format!("sqlite://{}?mode=rwc", dir.path().join("bench.db").display());
    let db = Db::connect(&url).await.unwrap();
    db.migrate().await.unwrap();
    mailed(&db, &clock, merchants).await;
    let vault = Vault::new(&MasterKey::generate());
    let mac = MacKey::of_installation(&db, &vault, clock.now()).await.unwrap();
    let app = App::assemble(settings, clock, vault, mac, db);
    println!("{address}");
    let limits = app.settings.globals.web;
    server::web::serve(listener, app, limits, std::future::pending()).await;
}

/// Everybody's password was mailed a moment ago; of some the time is over, as [`super::answers`] wants it.
async fn mailed(db: &Db, clock: &Clock, merchants: usize) {
    let hash = hash_password(PASSWORD.as_bytes()).0;
    let camara = ChamberCode::parse("55").unwrap();
    let now = clock.now();
    let rows: Vec<claves::ActiveModel> = (0..merchants)
        .map(|index| {
            let [identificacion, correo, celular] = fields(index);
            claves::ActiveModel {
                camara: Set(camara.to_string()),
                ano: Set(2026),
                es_prueba: Set(false),
                matricula: Set(format!("9{index:06}")),
                idclase: Set("1".into()),
                identificacion: Set(identificacion),
                nombre: Set(format!("COMERCIANTE NÚMERO {index}")),
                correo: Set(correo),
                correo_origen: Set("notificacion".into()),
                celular: Set(celular),
                celular_origen: Set("notificacion".into()),
                estado: Set("enviado".into()),
                factor: Set(Some("doble".into())),
                generacion: Set(1),
                hash: Set(Some(hash.clone())),
                fence: Set(0),
                intentos: Set(1),
                seleccionada_en: Set(0),
                transmitida_en: Set(Some(now.0)),
                enviada_en: Set(Some(now.0)),
                vence_en: Set(Some(now.plus_seconds(if super::answers::is_expired(index) { -1 } else { 86_400 }).0)),
                ..Default::default()
            }
        })
        .collect();
    for chunk in rows.chunks(500) {
        let txn = db.write().await.unwrap();
        claves::Entity::insert_many(chunk.to_vec()).exec_without_returning(&txn).await.unwrap();
        txn.commit().await.unwrap();
    }
}
