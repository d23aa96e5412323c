//! The systems' keys.

use contract::error::Field;
use contract::staff::Role;
use contract::{ServiceError, Timestamp};
use entity::sistemas;
use sea_orm::EntityTrait;
use server::services::actor::Actor;
use server::services::firmas::{authenticate, create_system, deactivate_system, list_systems};

use super::Notary;
use crate::support::{camara, other_camara};

#[tokio::test]
async fn a_key_is_shown_once_kept_as_a_hash_and_out_of_force_at_once() {
    let notary = Notary::open().await;
    let (id, _) = notary.pending().await;
    let app = &notary.site.app;
    let row = sistemas::Entity::find().one(app.db.reader()).await.unwrap().unwrap();
    assert_eq!(row.clave_hash, server::secrets::sha256_hex(notary.key.as_bytes()));
    assert!(notary.key.starts_with(&row.prefijo) && notary.key.len() == 47 && row.prefijo.len() == 10);
    let other = super::new_key(&notary.site, camara(), "Registro").await;

    let supervisor = Actor::command_line(camara());
    deactivate_system(&app.db, &app.clock, &supervisor, row.id).await.unwrap();
    assert_eq!(notary.look(&id).await.refusal(), (401, "no_autorizado".to_owned()));
    assert_eq!(notary.call("GET", "/firmas/x", &other, None).await.refusal().0, 404);
    let again = deactivate_system(&app.db, &app.clock, &supervisor, row.id).await;
    assert_eq!(again, Err(ServiceError::NotFound));
    let listed = list_systems(&app.db, &supervisor).await.unwrap();
    let shown: Vec<_> = listed.iter().map(|system| (system.nombre.as_str(), system.activo)).collect();
    assert_eq!(shown, [("Ventanilla virtual", false), ("Registro", true)]);
    assert!(listed[0].desactivado_en > Some(Timestamp(0)));
    assert_eq!(notary.trail("sistema_creado").await.len() + notary.trail("sistema_desactivado").await.len(), 3);
}

#[tokio::test]
async fn systems_belong_to_one_chamber_and_to_its_supervisors() {
    let notary = Notary::open().await;
    let app = &notary.site.app;
    let create = async |actor: &Actor, name: &str| create_system(&app.db, &app.clock, actor, name).await;
    for role in [Role::Operador, Role::Auditor] {
        let actor = Actor { role, ..Actor::command_line(camara()) };
        assert_eq!(create(&actor, "Otro").await.unwrap_err(), ServiceError::Forbidden);
        assert_eq!(list_systems(&app.db, &actor).await, Err(ServiceError::Forbidden));
        assert_eq!(deactivate_system(&app.db, &app.clock, &actor, 1).await, Err(ServiceError::Forbidden));
    }
    let supervisor = Actor::command_line(camara());
    for name in ["", "ab", "Ventanilla virtual", " Ventanilla virtual ", "a;b'c", "línea\notra", &"x".repeat(61)] {
        assert_eq!(
            create(&supervisor, name).await.unwrap_err(),
            ServiceError::Invalid { field: Field::UserName },
            "{name:?}"
        );
    }
    let theirs = Actor::command_line(other_camara());
    assert_eq!(list_systems(&app.db, &theirs).await, Ok(Vec::new()));
    assert_eq!(deactivate_system(&app.db, &app.clock, &theirs, 1).await, Err(ServiceError::NotFound));
    let (row, key) = create(&theirs, "Ventanilla virtual").await.unwrap();
    let system = authenticate(&app.db, &key).await.unwrap().unwrap();
    assert_eq!((system.id, system.camara), (row.id, other_camara()));
    for key in ["", "csf_", &key[1..], &key[..46]] {
        assert_eq!(authenticate(&app.db, key).await, Ok(None));
    }
}
