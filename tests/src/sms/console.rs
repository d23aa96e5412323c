//! «Probar SMS» in the console.

use contract::ServiceError;
use contract::sms::SmsTrialService;
use contract::staff::Role;
use entity::{buzon_sms, sms_enviados, sms_intentos};
use sea_orm::{EntityTrait, PaginatorTrait};
use server::services::actor::Actor;

use crate::support::camara;
use crate::support::site::TestSite;

#[tokio::test]
async fn staff_try_the_providers_within_the_budget_of_that_telephone() {
    let site = TestSite::start("SMS_POR_COMERCIANTE=1\n").await;
    let client = site.log_in(Role::Operador).await;
    let send = async |mobile: &str| {
        let form = [("celular", mobile)];
        let answer = client.post(site.url("/api/consola/probar-sms")).form(&form).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    assert_eq!(send("6041234567").await.0, 422);
    let (status, said) = send("300 123 4567").await;
    let reports: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((status, &reports[0]["proveedor"], &reports[0]["falla"]), (200, &"buzon".into(), &().into()));
    assert_eq!(send("3001234567").await.0, 409, "that telephone has had its SMS");

    let db = site.app.db.reader();
    let (sms, sent) = (buzon_sms::Entity::find().all(db).await.unwrap(), sms_enviados::Entity::find());
    assert_eq!((sms.len(), sms[0].celular.as_str()), (1, "3001234567"));
    assert!(sms[0].texto.contains("no requiere respuesta"));
    assert_eq!((sent.count(db).await.unwrap(), sms_intentos::Entity::find().count(db).await.unwrap()), (1, 1));

    let auditor = site.log_in(Role::Auditor).await;
    let form = [("celular", "3109876543")];
    let refused = auditor.post(site.url("/api/consola/probar-sms")).form(&form).send().await.unwrap();
    assert_eq!(refused.status(), 403);
    assert_eq!(sms_enviados::Entity::find().count(db).await.unwrap(), 1);
}

#[tokio::test]
async fn without_providers_the_missing_variables_are_named() {
    let site = TestSite::start("").await;
    let actor = Actor::command_line(camara());
    let mut trial = site.app.sms_trial(&actor).unwrap();
    let mut chamber = (*trial.chamber).clone();
    chamber.sms = Err(vec!["SMS_SMPP_CLAVE".to_owned()]);
    (trial.chamber, trial.gateway) = (chamber.into(), None);
    let refused = trial.try_sms("3001234567").await;
    assert_eq!(refused, Err(ServiceError::Configuration { missing: vec!["SMS_SMPP_CLAVE".to_owned()] }));
}
