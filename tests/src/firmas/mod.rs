//! The signing service, over HTTP as the chamber's other systems use it.

mod answers;
mod canary;
mod docs;
mod limits;
mod pins;
mod races;
mod record;
mod road;
mod systems;

use contract::ChamberCode;
use entity::{auditoria, buzon_sms, firmas, usuarios_verificados};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Set};
use serde_json::{Value, json};
use server::secrets::hash_password;
use server::services::actor::Actor;
use server::services::firmas::create_system;

use crate::support::camara;
use crate::support::site::TestSite;

pub const PASSWORD: &str = "Qw3rTyUp9k";
pub const ID: &str = "71234567";
pub const EMAIL: &str = "ana.ruiz@correo.com.co";
pub const MOBILE: &str = "3001234567";
pub const SHA256: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/// A site with one system of chamber 55 and Ana, who is verified.
pub struct Notary {
    pub site: TestSite,
    pub key: String,
    client: reqwest::Client,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: u16,
    pub headers: http::HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {} {}", self.status, self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Status and code of a refusal.
    pub fn refusal(&self) -> (u16, String) {
        let json = self.json();
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(json["status"], self.status);
        let codigo = json["codigo"].as_str().unwrap().to_owned();
        assert_eq!(json["type"], format!("urn:clave-segura:{codigo}"));
        assert!(!json["title"].as_str().unwrap().is_empty() && !json["detail"].as_str().unwrap().is_empty());
        (self.status, codigo)
    }

    /// The request of a successful answer.
    pub fn id(&self) -> String {
        assert!(matches!(self.status, 200 | 201), "{} {}", self.status, self.text);
        self.json()["id"].as_str().unwrap().to_owned()
    }
}

impl Notary {
    pub async fn open() -> Self {
        Self::open_with("").await
    }

    /// The same with these lines in chamber 55's file.
    pub async fn open_with(extra: &str) -> Self {
        let site = TestSite::start(extra).await;
        let key = new_key(&site, camara(), "Ventanilla virtual").await;
        let notary = Self { client: site.browser(), site, key };
        notary.verified(camara(), ID, |_| {}).await;
        notary
    }

    /// A verified user with Ana's password, with something different.
    pub async fn verified(
        &self,
        camara: ChamberCode,
        id: &str,
        differ: impl FnOnce(&mut usuarios_verificados::ActiveModel),
    ) -> i64 {
        let mut row = usuarios_verificados::ActiveModel {
            camara: Set(camara.to_string()),
            es_prueba: Set(false),
            email: Set(EMAIL.to_owned()),
            celular: Set(MOBILE.to_owned()),
            tipoidentificacion: Set("1".to_owned()),
            identificacion: Set(id.to_owned()),
            nombre: Set("RUIZ ANA".to_owned()),
            matricula: Set("4567".to_owned()),
            nombres: Set(String::new()),
            apellido1: Set(String::new()),
            apellido2: Set(String::new()),
            direccion: Set(String::new()),
            municipio: Set(String::new()),
            nitempresa: Set(String::new()),
            nombreempresa: Set(String::new()),
            estado: Set("VE".to_owned()),
            fecha_hora_creacion: Set(1_767_238_200_000),
            fecha_hora_verificacion: Set(Some(1_767_238_200_000)),
            claveacceso: Set(hash_password(PASSWORD.as_bytes()).0),
            clave_preasignada_id: Set(Some(77)),
            ano: Set(2026),
            ..Default::default()
        };
        differ(&mut row);
        row.insert(self.site.app.db.reader()).await.unwrap().id
    }

    pub async fn call(&self, method: &str, path: &str, key: &str, body: Option<&Value>) -> Answer {
        let method = method.parse().unwrap();
        let mut request = self.client.request(method, self.site.url(&format!("/api/v1{path}")));
        if !key.is_empty() {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        read(request.send().await.unwrap()).await
    }

    pub async fn ask(&self, body: &Value) -> Answer {
        self.call("POST", "/firmas", &self.key, Some(body)).await
    }

    pub async fn confirm(&self, id: &str, pin: &str) -> Answer {
        self.call("POST", &format!("/firmas/{id}/confirmar"), &self.key, Some(&json!({ "pin": pin }))).await
    }

    pub async fn resend(&self, id: &str) -> Answer {
        self.call("POST", &format!("/firmas/{id}/reenviar"), &self.key, None).await
    }

    pub async fn look(&self, id: &str) -> Answer {
        self.call("GET", &format!("/firmas/{id}"), &self.key, None).await
    }

    pub async fn abandon(&self, id: &str) -> Answer {
        self.call("DELETE", &format!("/firmas/{id}"), &self.key, None).await
    }

    /// A request that waits for its PIN, and the PIN.
    pub async fn pending(&self) -> (String, String) {
        let id = self.ask(&right()).await.id();
        (id, self.last_pin().await)
    }

    /// A signed request: its name and its record.
    pub async fn signed(&self) -> (String, String) {
        let (id, pin) = self.pending().await;
        let answer = self.confirm(&id, &pin).await;
        (id, answer.json()["registro"].as_str().unwrap().to_owned())
    }

    /// The PIN of the last SMS.
    pub async fn last_pin(&self) -> String {
        let sms = buzon_sms::Entity::find().order_by_desc(buzon_sms::Column::Id).one(self.site.app.db.reader()).await;
        let sms = sms.unwrap().unwrap();
        assert!(sms.texto.contains("para firmar un documento"), "{}", sms.texto);
        sms.texto.split_whitespace().nth(3).unwrap().to_owned()
    }

    pub async fn sms_count(&self) -> u64 {
        buzon_sms::Entity::find().count(self.site.app.db.reader()).await.unwrap()
    }

    pub async fn rows(&self) -> Vec<firmas::Model> {
        firmas::Entity::find().order_by_asc(firmas::Column::Id).all(self.site.app.db.reader()).await.unwrap()
    }

    /// The entries of one action, the oldest first.
    pub async fn trail(&self, action: &str) -> Vec<auditoria::Model> {
        auditoria::Entity::find()
            .filter(auditoria::Column::Accion.eq(action))
            .order_by_asc(auditoria::Column::Secuencia)
            .all(self.site.app.db.reader())
            .await
            .unwrap()
    }

    /// Every user of this identification gets another state.
    pub async fn set_state(&self, id: &str, state: &str) {
        usuarios_verificados::Entity::update_many()
            .col_expr(usuarios_verificados::Column::Estado, Expr::value(state))
            .filter(usuarios_verificados::Column::Identificacion.eq(id))
            .exec(self.site.app.db.reader())
            .await
            .unwrap();
    }

    pub fn later(&self, seconds: i64) {
        self.site.app.clock.advance_seconds(seconds);
    }
}

pub async fn read(response: reqwest::Response) -> Answer {
    Answer {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        text: response.text().await.unwrap(),
    }
}

pub async fn new_key(site: &TestSite, camara: ChamberCode, name: &str) -> String {
    let actor = Actor::command_line(camara);
    create_system(&site.app.db, &site.app.clock, &actor, name).await.unwrap().1.to_string()
}

/// What Ana's right credentials ask.
pub fn right() -> Value {
    json!({
        "documento_sha256": SHA256,
        "documento_nombre": "Solicitud de inscripción 123",
        "identificacion": ID,
        "correo": EMAIL,
        "clave": PASSWORD,
    })
}

/// The same with one field different.
pub fn with(field: &str, value: impl Into<Value>) -> Value {
    let mut body = right();
    body[field] = value.into();
    body
}

/// A PIN that is not this one.
pub fn other_pin(pin: &str) -> String {
    let number: u32 = pin.parse().unwrap();
    format!("{:06}", (number + 1) % 1_000_000)
}
