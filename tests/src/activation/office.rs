//! A chamber with passwords mailed, a telephone that receives SMS, and browsers that come in.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use contract::activation::{ActivationService, Credentials, Notice, Step};
use contract::campaign::Factor;
use contract::{ChamberCode, ColombianMobile, Email, Timestamp};
use entity::{auditoria, claves_preasignadas, mreg_est_matriculados, usuarios_verificados};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set};
use server::clock::Clock;
use server::config::{ActivationLimits, Chamber};
use server::secrets::{MacKey, MasterKey, Vault, hash_password};
use server::services::activation::{ActivationDesk, ActivationTools, Notifier, NotifyError};
use server::sms::{Attempt, Receipt, SmsError, SmsGateway, SmsText};

use crate::support::{TestDb, camara, database};

pub const PASSWORD: &str = "Qw3rTyUp9k";
pub const ID: &str = "71234567";
pub const EMAIL: &str = "ana.ruiz@correo.com.co";
pub const MOBILE: &str = "3001234567";

/// A telephone network that can be down.
#[derive(Default)]
pub struct Telephone {
    pub down: AtomicBool,
    pub received: Mutex<Vec<(String, String)>>,
}

#[async_trait]
impl SmsGateway for Telephone {
    async fn send(&self, _: ChamberCode, to: &ColombianMobile, text: &SmsText) -> Vec<Attempt> {
        let result = if self.down.load(Ordering::SeqCst) {
            Err(SmsError::Unreachable)
        } else {
            self.received.lock().unwrap().push((to.as_str().to_owned(), text.as_str().to_owned()));
            Ok(Receipt::default())
        };
        vec![Attempt { provider: "prueba", took: Duration::ZERO, result }]
    }
}

/// A post office that can be closed.
#[derive(Default)]
pub struct PostOffice {
    pub closed: AtomicBool,
    pub mailed: Mutex<Vec<(String, String)>>,
    /// The verified users of whom it was told.
    pub users: Mutex<Vec<i64>>,
}

#[async_trait]
impl Notifier for PostOffice {
    async fn activated(
        &self,
        _: &Chamber,
        to: &Email,
        name: &str,
        _: Timestamp,
        user_id: i64,
    ) -> Result<(), NotifyError> {
        self.users.lock().unwrap().push(user_id);
        if self.closed.load(Ordering::SeqCst) {
            return Err(NotifyError("closed".to_owned()));
        }
        self.mailed.lock().unwrap().push((to.as_str().to_owned(), name.to_owned()));
        Ok(())
    }
}

pub struct Office {
    pub test_db: TestDb,
    pub clock: Clock,
    pub tools: Arc<ActivationTools>,
    pub chamber: Chamber,
    pub telephone: Arc<Telephone>,
    pub post: Arc<PostOffice>,
}

pub fn chamber(code: ChamberCode) -> Chamber {
    Chamber {
        code,
        nombre: "Cámara de Comercio de Prueba".to_owned(),
        ciudad: "Villa Ejemplo".to_owned(),
        telefono: "604 000 00 00".to_owned(),
        direccion: "Calle 1 # 2-3".to_owned(),
        enlace_renovar: "https://camara.example/renovar".to_owned(),
        enlace_menu: "https://camara.example/".to_owned(),
        factor: Factor::Doble,
        smtp: Err(Vec::new()),
        pace: server::config::Pace::default(),
        bounces: None,
        mail_catcher: false,
        sms: Err(Vec::new()),
        signing: Err(Vec::new()),
        templates: None,
        brand: server::pdf::Brand::default(),
        limits: ActivationLimits::default(),
        staff: server::config::StaffRules::default(),
        aftermath: server::config::Aftermath::default(),
        retention: server::config::Retention::default(),
    }
}

impl Office {
    pub async fn open() -> Self {
        let test_db = database().await;
        let clock = Clock::default();
        let mac = Arc::new(MacKey::generate());
        let post = Arc::new(PostOffice::default());
        let tools = Arc::new(ActivationTools {
            db: test_db.db.clone(),
            clock: clock.clone(),
            vault: Vault::new(&MasterKey::generate()),
            mac,
            notifier: Arc::clone(&post) as Arc<dyn Notifier>,
            public_host: "claves.example.co".to_owned(),
        });
        let telephone = Arc::new(Telephone::default());
        Self { test_db, clock, tools, chamber: chamber(camara()), telephone, post }
    }

    /// Ana's password, mailed by the factor in force.
    pub async fn mailed(&self) -> claves_preasignadas::Model {
        self.mail(|_| {}).await
    }

    /// A password mailed, with something different about it.
    pub async fn mail(&self, differ: impl FnOnce(&mut claves_preasignadas::ActiveModel)) -> claves_preasignadas::Model {
        let now = self.clock.now();
        let mut row = claves_preasignadas::ActiveModel {
            camara: Set(self.chamber.code.to_string()),
            ano: Set(2026),
            es_prueba: Set(false),
            matricula: Set("1001".to_owned()),
            idclase: Set("1".to_owned()),
            identificacion: Set(ID.to_owned()),
            nombre: Set("RUIZ GOMEZ ANA".to_owned()),
            nombres: Set("ANA".to_owned()),
            apellido1: Set("RUIZ".to_owned()),
            apellido2: Set("GOMEZ".to_owned()),
            municipio: Set("05360".to_owned()),
            correo: Set(EMAIL.to_owned()),
            correo_origen: Set("notificacion".to_owned()),
            celular: Set(MOBILE.to_owned()),
            celular_origen: Set("comercial".to_owned()),
            estado: Set("enviado".to_owned()),
            factor: Set(Some("doble".to_owned())),
            generacion: Set(1),
            sellada: Set(Some(vec![1, 2, 3])),
            sellada_llave: Set(Some("llave".to_owned())),
            hash: Set(Some(hash_password(PASSWORD.as_bytes()).0)),
            fence: Set(1),
            intentos: Set(1),
            seleccionada_en: Set(now.0),
            transmitida_en: Set(Some(now.0)),
            enviada_en: Set(Some(now.0)),
            vence_en: Set(Some(now.plus_seconds(15 * 86_400).0)),
            ..Default::default()
        };
        differ(&mut row);
        row.insert(self.test_db.db.reader()).await.unwrap()
    }

    /// What the registry says of Ana.
    pub async fn registered(&self, emailnot: &str, emailcom: &str, celnot: &str, telcom1: &str) {
        let empty = mreg_est_matriculados::Model {
            camara: self.chamber.code.to_string(),
            matricula: "1001".to_owned(),
            matricula_orden: "000000000001001".to_owned(),
            emailnot: emailnot.to_owned(),
            emailcom: emailcom.to_owned(),
            celnot: celnot.to_owned(),
            telcom1: telcom1.to_owned(),
            telcom2: "3119999999".to_owned(),
            organizacion: String::new(),
            categoria: String::new(),
            estmatricula: String::new(),
            razonsocial: String::new(),
            apellido1: String::new(),
            apellido2: String::new(),
            nombre1: String::new(),
            nombre2: String::new(),
            idclase: String::new(),
            numid: String::new(),
            nit: String::new(),
            fecmatricula: String::new(),
            fecrenovacion: String::new(),
            ultanoren: String::new(),
            feccancelacion: String::new(),
            muncom: String::new(),
            celcom: String::new(),
            munnot: String::new(),
            telnot: String::new(),
            telnot2: String::new(),
            fecsincronizacion: String::new(),
            horsincronizacion: String::new(),
            sincronizacion_id: 1,
        };
        let all_set = empty.into_active_model().reset_all();
        all_set.insert(self.test_db.db.reader()).await.unwrap();
    }

    pub fn browser(&self, token: &str) -> ActivationDesk {
        self.browser_at(token, IpAddr::V4(Ipv4Addr::new(190, 0, 0, 1)))
    }

    pub fn browser_at(&self, token: &str, address: IpAddr) -> ActivationDesk {
        let gateway = Arc::clone(&self.telephone) as Arc<dyn SmsGateway>;
        let chamber = Arc::new(self.chamber.clone());
        ActivationDesk::new(Arc::clone(&self.tools), chamber, Some(gateway), token, address)
    }

    /// The PIN of the last SMS.
    pub fn last_pin(&self) -> String {
        let received = self.telephone.received.lock().unwrap();
        received.last().unwrap().1.split_whitespace().nth(3).unwrap().to_owned()
    }

    pub fn sms_count(&self) -> usize {
        self.telephone.received.lock().unwrap().len()
    }

    pub fn mails(&self) -> Vec<(String, String)> {
        self.post.mailed.lock().unwrap().clone()
    }

    pub async fn password(&self, id: i64) -> claves_preasignadas::Model {
        claves_preasignadas::Entity::find_by_id(id).one(self.test_db.db.reader()).await.unwrap().unwrap()
    }

    pub async fn verified(&self) -> Vec<usuarios_verificados::Model> {
        usuarios_verificados::Entity::find()
            .order_by_asc(usuarios_verificados::Column::Id)
            .all(self.test_db.db.reader())
            .await
            .unwrap()
    }

    pub async fn trail(&self, action: &str) -> usize {
        auditoria::Entity::find()
            .filter(auditoria::Column::Accion.eq(action))
            .all(self.test_db.db.reader())
            .await
            .unwrap()
            .len()
    }

    /// A password's state changed behind the merchant's back.
    pub async fn change(&self, id: i64, column: claves_preasignadas::Column, value: impl Into<sea_orm::Value>) {
        claves_preasignadas::Entity::update_many()
            .col_expr(column, Expr::value(value))
            .filter(claves_preasignadas::Column::Id.eq(id))
            .exec(self.test_db.db.reader())
            .await
            .unwrap();
    }
}

pub fn right() -> Credentials {
    typed(ID, EMAIL, MOBILE, PASSWORD)
}

pub fn typed(id: &str, email: &str, mobile: &str, password: &str) -> Credentials {
    Credentials {
        identificacion: id.to_owned(),
        correo: email.to_owned(),
        celular: mobile.to_owned(),
        clave: password.to_owned(),
    }
}

pub async fn step(desk: &ActivationDesk) -> Step {
    desk.view().await.unwrap().paso
}

pub async fn notice(desk: &ActivationDesk) -> Option<Notice> {
    desk.view().await.unwrap().aviso
}
