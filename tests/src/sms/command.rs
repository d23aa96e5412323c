//! `probar-sms` and `revisar-config`, as an operator types them.

use std::os::unix::fs::PermissionsExt;
use std::process::Output;

use axum::http::StatusCode;
use entity::{auditoria, sms_enviados, sms_intentos};
use sea_orm::{EntityTrait, QueryOrder};
use server::secrets::{KeyRing, MasterKey};

use super::gateway::{HttpProvider, Mood, TAKEN};
use super::smsc::{PASSWORD, Smsc};
use crate::crash::node::binary;
use crate::support::{TestDb, database};

struct Desk {
    test_db: TestDb,
    dir: tempfile::TempDir,
}

impl Desk {
    async fn with(sms: &str) -> Self {
        let desk = Self { test_db: database().await, dir: tempfile::tempdir().unwrap() };
        let common = "CAMARA_NOMBRE=Cámara de Prueba\nCAMARA_CIUDAD=V\nCAMARA_TELEFONO=6\nCAMARA_DIRECCION=C\n\
                      ENLACE_RENOVAR=https://c.example/\nENLACE_MENU=https://c.example/\n\
                      FACTOR_AUTENTICACION_FIRMADO_CONTRASENAS_EMAIL=DOBLE\n";
        let write = |name: &str, text: &[u8]| {
            let path = desk.dir.path().join(name);
            std::fs::write(&path, text).unwrap();
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
        };
        write("common55.env", format!("{common}{sms}").as_bytes());
        write("clave-maestra", KeyRing::of(MasterKey::generate()).to_text().as_bytes());
        desk
    }

    async fn run(&self, arguments: &[&str]) -> (bool, String) {
        let Output { status, stdout, stderr } = tokio::process::Command::new(binary())
            .args(arguments)
            .env("CONFIG_DIR", self.dir.path())
            .env("CLAVE_MAESTRA_FILE", self.dir.path().join("clave-maestra"))
            .env("DATABASE_URL", &self.test_db.url)
            .env("PUBLIC_URL", "http://127.0.0.1:8080")
            .output()
            .await
            .unwrap();
        let said = format!("{}{}", String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
        assert!(!said.contains(PASSWORD) && !said.contains("otraclav") && !said.contains("3001234567"), "{said}");
        (status.success(), said)
    }
}

const TRY: [&str; 5] = ["probar-sms", "--camara", "55", "--celular", "300 123 4567"];

fn smpp(port: u16, password: &str) -> String {
    format!(
        "SMS_PROVEEDOR=smpp\nSMS_SMPP_SERVIDOR=127.0.0.1\nSMS_SMPP_PUERTO={port}\nSMS_SMPP_USUARIO=camara55\n\
         SMS_SMPP_CLAVE={password}\nSMS_SMPP_TLS=NO\nSMS_SMPP_ORIGEN=85432\n"
    )
}

fn contingency(url: &str) -> String {
    format!(
        "SMS_CONTINGENCIA_PROVEEDOR=http\nSMS_CONTINGENCIA_HTTP_URL={url}/\n\
         SMS_CONTINGENCIA_HTTP_CUERPO={{\"t\":\"{{{{ texto }}}}\"}}\nSMS_CONTINGENCIA_HTTP_ID=/id\n"
    )
}

#[tokio::test]
async fn each_provider_is_tried_and_a_wrong_password_is_named() {
    let (smsc, second) = (Smsc::open().await, HttpProvider::open(TAKEN).await);
    let desk = Desk::with(&format!("{}{}", smpp(smsc.address.port(), "otraclav"), contingency(&second.url))).await;
    let (done, said) = desk.run(&TRY).await;
    assert!(!done);
    assert!(said.contains("revise SMS_SMPP_CLAVE") && said.contains("0x0000000E"), "{said}");
    assert!(said.contains("bien   http-contingencia") && said.contains("un proveedor no recibió"), "{said}");
    assert!(second.asked.lock().unwrap()[0].body.contains("Este mensaje no requiere respuesta"));

    let db = desk.test_db.db.reader();
    let attempts = sms_intentos::Entity::find().order_by_asc(sms_intentos::Column::Id).all(db).await.unwrap();
    let results: Vec<_> = attempts.iter().map(|a| (a.proveedor.as_str(), a.resultado.as_str())).collect();
    assert_eq!(results, [("smpp", "enlace_rechazado_0000000e"), ("http-contingencia", "entregado")]);
    let sent = sms_enviados::Entity::find().order_by_asc(sms_enviados::Column::Id).all(db).await.unwrap();
    assert_eq!(sent.iter().map(|s| s.estado.as_str()).collect::<Vec<_>>(), ["fallido", "entregado"]);
    let trail = auditoria::Entity::find().all(db).await.unwrap();
    assert_eq!(trail[0].accion, "conexion_probada");
    assert_eq!(trail[0].detalle, "sms smpp=fallido http-contingencia=entregado");
}

#[tokio::test]
async fn a_good_trial_is_said_in_words_and_in_json_and_counts_in_the_budget() {
    let smsc = Smsc::open().await;
    let desk = Desk::with(&format!("{}SMS_POR_DIA=2\n", smpp(smsc.address.port(), PASSWORD))).await;
    let (done, said) = desk.run(&TRY).await;
    assert!(done && said.contains("bien   smpp"), "{said}");
    let (done, said) = desk.run(&[&TRY[..], &["--json"]].concat()).await;
    let report: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert!(done && report[0]["falla"].is_null() && report[0]["id"] == "id-ta.", "{said}");
    let (done, said) = desk.run(&TRY).await;
    assert!(!done && said.contains("SMS_POR_DIA"), "{said}");
    assert_eq!(smsc.submits().len(), 2);
}

#[tokio::test]
async fn a_gateway_that_refuses_the_credentials_is_named() {
    let gateway = HttpProvider::open(Mood::Say(StatusCode::UNAUTHORIZED, "no")).await;
    let desk = Desk::with(&format!("SMS_PROVEEDOR=http\nSMS_HTTP_URL={}/\nSMS_HTTP_CUERPO=x\n", gateway.url)).await;
    let (done, said) = desk.run(&TRY).await;
    assert!(!done && said.contains("SMS_HTTP_USUARIO y SMS_HTTP_CLAVE"), "{said}");
    assert!(!desk.run(&["probar-sms", "--camara", "55", "--celular", "6041234567"]).await.0);
}

#[tokio::test]
async fn the_configuration_is_checked_down_to_certificates_and_templates() {
    let sms = format!("{}SMS_SMPP_MODO=receptor\n{}", smpp(1, "demasiado-larga"), contingency("ftp://x"));
    let (done, said) = Desk::with(&sms).await.run(&["revisar-config"]).await;
    assert!(!done);
    for variable in ["SMS_SMPP_CLAVE", "SMS_SMPP_MODO", "SMS_CONTINGENCIA_HTTP_URL"] {
        assert!(said.contains(&format!("common55.env: {variable}: ")), "{variable}: {said}");
    }
    let tls = smpp(1, PASSWORD).replace("TLS=NO", "TLS=SI\nSMS_SMPP_CA=/no/existe.pem");
    let desk = Desk::with(&tls).await;
    let (done, said) = desk.run(&["revisar-config"]).await;
    assert!(!done && said.contains("SMS_SMPP_CA: no es un certificado legible"), "{said}");
    let (done, said) = desk.run(&TRY).await;
    assert!(!done && said.contains("SMS_SMPP_CA: no es un certificado legible"), "{said}");
    let broken = format!("{}{}", smpp(1, PASSWORD), contingency("http://x.example").replace("texto", "mensaje"));
    let (done, said) = Desk::with(&broken).await.run(&["revisar-config"]).await;
    assert!(!done && said.contains("SMS_CONTINGENCIA_HTTP_CUERPO: la plantilla está errada"), "{said}");
}
