//! A chamber that can send: certificate, mail server, worker, and merchants with sealed passwords.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use contract::campaign::PasswordState;
use contract::sending::{BatchView, SendTarget, SendingService};
use contract::{ChamberCode, Email, ServiceResult, Year};
use domain::document_code::DocumentCode;
use domain::password::ClearPassword;
use entity::{auditoria, claves_preasignadas as claves};
use mail_parser::{MessageParser, MimeHeaders};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use server::clock::Clock;
use server::config::{Chamber, PublicUrl, Smtp};
use server::jobs::send_worker::{SendContext, SendWorker};
use server::mail::catcher::{Behaviour, Caught, Script, Store, serve};
use server::mail::smtp::TimeOuts;
use server::pdf::Conditions;
use server::secrets::{MasterKey, Vault};
use server::services::actor::Actor;
use server::services::campaign::seal_binding;
use server::services::sending::queue::{self, Claim, Dispatch, Entry, Outcome, Written};
use server::services::sending::{SendingDesk, WorkerState};
use tokio::net::TcpListener;

use crate::support::{TestDb, camara, database, tls};

pub const YEAR: i32 = 2026;

pub fn year() -> Year {
    Year::new(YEAR).unwrap()
}

pub struct World {
    pub test_db: TestDb,
    pub clock: Clock,
    pub vault: Vault,
    pub chamber: Chamber,
    pub store: Store,
    pub script: Script,
    pub dir: tempfile::TempDir,
    state: WorkerState,
    server: tokio::task::JoinHandle<()>,
}

impl Drop for World {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl World {
    /// A chamber with a mail server that takes everything.
    pub async fn new() -> Self {
        Self::with(Behaviour::default(), &[]).await
    }

    /// One whose server behaves so, with these variables over the usual ones.
    pub async fn with(behaviour: Behaviour, variables: &[(&str, &str)]) -> Self {
        let (clock, dir) = (Clock::default(), tempfile::tempdir().unwrap());
        let p12 = tls::self_signed(&tls::p256(), "Cámara de Prueba", "firma secreta");
        std::fs::write(dir.path().join("firma.p12"), p12).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (store, script) = (Store::default(), Script::new(behaviour));
        let server = tokio::spawn(serve(listener, store.clone(), clock.clone(), script.clone()));
        let chamber = chamber(dir.path(), port, variables);
        let key = MasterKey::generate();
        std::fs::write(dir.path().join("clave-maestra"), key.to_base64()).unwrap();
        let vault = Vault::new(&key);
        Self {
            test_db: database().await,
            clock,
            vault,
            chamber,
            store,
            script,
            dir,
            state: WorkerState::default(),
            server,
        }
    }

    /// The file that holds the master key, for processes of their own.
    pub fn key_file(&self) -> std::path::PathBuf {
        self.dir.path().join("clave-maestra")
    }

    pub fn smtp(&mut self) -> &mut Smtp {
        self.chamber.smtp.as_mut().unwrap()
    }

    pub fn desk(&self) -> SendingDesk {
        SendingDesk {
            db: self.test_db.db.clone(),
            clock: self.clock.clone(),
            actor: Actor::command_line(camara()),
            chamber: Arc::new(self.chamber.clone()),
            vault: self.vault.clone(),
            worker: self.state.clone(),
        }
    }

    pub fn worker(&self) -> SendWorker {
        let chambers: BTreeMap<ChamberCode, Arc<Chamber>> = [(camara(), Arc::new(self.chamber.clone()))].into();
        let context = SendContext::new(
            self.test_db.db.clone(),
            self.clock.clone(),
            self.vault.clone(),
            Arc::new(chambers),
            PublicUrl::parse("https://claves.camara.org.co").unwrap(),
        );
        let time_outs =
            TimeOuts { connect: Duration::from_secs(5), command: Duration::from_secs(5), body: Duration::from_secs(2) };
        SendWorker::new(SendContext { time_outs, state: self.state.clone(), ..context })
    }

    /// Takes the next row as a worker does.
    pub async fn claim(&self) -> claves::Model {
        queue::claim(&self.test_db.db, camara(), 1, self.clock.now()).await.unwrap().remove(0)
    }

    /// The durable mark, as a worker makes it at 354.
    pub async fn mark(&self, row: &claves::Model) -> Written {
        let dispatch = Dispatch {
            hash: "h".into(),
            message_id: "<m@x>".into(),
            factor: contract::campaign::Factor::Doble,
            pdf_sha256: "p".into(),
            code: DocumentCode::generate(&mut rand::rng()),
            conditions: Arc::new(Conditions::of(&self.chamber, self.chamber.factor).unwrap()),
            valid_until: self.clock.now().plus_seconds(15 * 86_400),
        };
        self.write(Entry::Mark(Claim::of(row), dispatch)).await
    }

    /// An outcome, as a worker writes it down.
    pub async fn settle(&self, row: &claves::Model, outcome: Outcome) {
        self.write(Entry::Settle(Claim::of(row), outcome)).await;
    }

    async fn write(&self, entry: Entry) -> Written {
        let rules = &self.chamber.pace.rules;
        queue::write(&self.test_db.db, camara(), rules, &[entry], self.clock.now()).await.unwrap()[0]
    }

    /// So many merchants selected, their passwords sealed; gives the passwords in order.
    pub async fn merchants(&self, count: usize) -> Vec<String> {
        let mut passwords = Vec::new();
        for index in 0..count {
            passwords.push(self.merchant(index, &format!("COMERCIANTE {index}")).await);
        }
        passwords
    }

    pub async fn merchant(&self, index: usize, name: &str) -> String {
        let password = ClearPassword::generate(&mut rand::rng());
        let identificacion = format!("7000{index:04}");
        let binding = seal_binding(camara().as_str(), &identificacion, YEAR, 1);
        let sealed = self.vault.seal(password.expose().as_bytes(), &binding).unwrap();
        claves::ActiveModel {
            camara: Set(camara().to_string()),
            ano: Set(YEAR),
            es_prueba: Set(false),
            matricula: Set(format!("9{index:04}")),
            idclase: Set("1".into()),
            identificacion: Set(identificacion),
            nombre: Set(name.into()),
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
            seleccionada_en: Set(self.clock.now().0),
            ..Default::default()
        }
        .insert(self.test_db.db.reader())
        .await
        .unwrap();
        password.expose().to_owned()
    }

    /// Orders the first so many and sends until nothing moves.
    pub async fn send(&self, count: u16) -> ServiceResult<BatchView> {
        let key = server::secrets::random_token();
        let batch = self.desk().start(year(), SendTarget::Count(count), key).await?;
        self.drain(batch.id).await
    }

    pub async fn send_tests(&self, email: &str) -> ServiceResult<BatchView> {
        let target = SendTarget::Test(Email::parse(email).unwrap());
        let batch = self.desk().start(year(), target, server::secrets::random_token()).await?;
        self.drain(batch.id).await
    }

    pub async fn drain(&self, id: i64) -> ServiceResult<BatchView> {
        self.worker().drain(camara(), Some(id)).await.unwrap();
        self.desk().batch(id).await
    }

    pub async fn rows(&self) -> Vec<claves::Model> {
        claves::Entity::find().order_by_asc(claves::Column::Id).all(self.test_db.db.reader()).await.unwrap()
    }

    pub async fn states(&self) -> Vec<PasswordState> {
        self.rows().await.iter().map(|row| PasswordState::parse(&row.estado).unwrap()).collect()
    }

    pub async fn audited(&self, action: &str) -> usize {
        let found = auditoria::Entity::find().filter(auditoria::Column::Accion.eq(action));
        found.all(self.test_db.db.reader()).await.unwrap().len()
    }

    /// What a PDF attached to a caught mail says.
    pub fn letter(&self, mail: &Caught) -> String {
        let parsed = MessageParser::default().parse(&*mail.raw).unwrap();
        let part = parsed.attachment(0).unwrap();
        assert_eq!(part.attachment_name(), Some("clave-segura.pdf"));
        let path = self.dir.path().join(format!("{}.pdf", mail.id));
        std::fs::write(&path, part.contents()).unwrap();
        let run = |tool: &str, more: &[&str]| {
            let output = std::process::Command::new(tool).arg(&path).args(more).output().unwrap();
            String::from_utf8_lossy(&output.stdout).into_owned()
        };
        let verdict = run("pdfsig", &[]);
        assert!(verdict.contains("Signature is Valid") && verdict.contains("Total document signed"), "{verdict}");
        run("pdftotext", &["-"])
    }
}

fn chamber(dir: &Path, port: u16, variables: &[(&str, &str)]) -> Chamber {
    let port = port.to_string();
    let p12 = dir.join("firma.p12").display().to_string();
    let usual = [
        ("CAMARA_NOMBRE", "Cámara de Comercio de Prueba"),
        ("CAMARA_CIUDAD", "Villa Ejemplo"),
        ("CAMARA_TELEFONO", "(604) 000 00 00"),
        ("CAMARA_DIRECCION", "Calle 1 # 2-3"),
        ("ENLACE_RENOVAR", "https://camara.example/renovar"),
        ("ENLACE_MENU", "https://camara.example/menu"),
        ("FACTOR_AUTENTICACION_FIRMADO_CONTRASENAS_EMAIL", "DOBLE"),
        ("MASIVOS_SMTP_SERVER", "localhost"),
        ("MASIVOS_SMTP_PORT", port.as_str()),
        ("MASIVOS_SMTP_AUTHENTICATION", "NO"),
        ("MASIVOS_SMTP_ENCRIPTION", ""),
        ("MASIVOS_SMTP_CORREO_ADMIN", "registro@camara.org.co"),
        ("MASIVOS_SMTP_NOMBRE_ADMIN", "Cámara de Comercio de Prueba"),
        ("SMS_PROVEEDOR", "buzon"),
        ("FIRMA_P12", p12.as_str()),
        ("FIRMA_P12_CLAVE", "firma secreta"),
    ];
    let mut text = String::new();
    for (name, value) in usual {
        let value = variables.iter().find(|(other, _)| *other == name).map_or(value, |(_, value)| value);
        text.push_str(&format!("{name}={value}\n"));
    }
    for (name, value) in variables.iter().filter(|(name, _)| !usual.iter().any(|(other, _)| other == name)) {
        text.push_str(&format!("{name}={value}\n"));
    }
    let path = dir.join("common55.env");
    std::fs::write(&path, text).unwrap();
    Chamber::read(camara(), &path, dir).0
}
