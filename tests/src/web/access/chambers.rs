//! With another chamber's session: its rows neither change nor show.

use contract::campaign::PasswordState;
use contract::staff::Role;
use entity::{claves_preasignadas as claves, correos_suprimidos, lotes, sincronizaciones, usuarios_verificados};
use http::Method;
use sea_orm::{ActiveModelTrait, EntityTrait, Set};
use server::services::actor::Actor;
use server::services::audit::{Action, record};
use server::web::Access;

use super::{ask, routes_for};
use crate::support::registry::{extract, merchant, sync};
use crate::support::site::TestSite;
use crate::support::{camara, other_camara};

/// Stands in everything of chamber 55 and in nothing else.
const MARK: &str = "MARCA55";

/// One row of everything in chamber 55, numbered 1 and on.
async fn furnish(site: &TestSite) {
    let (db, now) = (&site.app.db, site.app.clock.now().0);
    let row = merchant(1).with("razonsocial", MARK).with("nombre1", MARK).with("emailnot", "marca55@example.com");
    sync(db, extract(&[row, merchant(2).with("matricula", "")])).await;
    for (estado, lote) in [
        (PasswordState::Pendiente, None),
        (PasswordState::Incierto, Some(1)),
        (PasswordState::Rechazado, Some(1)),
        (PasswordState::Enviado, Some(1)),
    ] {
        claves::ActiveModel {
            camara: Set("55".into()),
            ano: Set(2026),
            es_prueba: Set(false),
            matricula: Set("1".into()),
            idclase: Set("1".into()),
            identificacion: Set(format!("{MARK}{}", estado.as_str())),
            nombre: Set(MARK.into()),
            correo: Set(format!("{MARK}@example.com")),
            correo_origen: Set("notificacion".into()),
            celular: Set("3001234567".into()),
            celular_origen: Set("notificacion".into()),
            estado: Set(estado.as_str().into()),
            lote_id: Set(lote),
            seleccionada_en: Set(now),
            ..Default::default()
        }
        .insert(db.reader())
        .await
        .unwrap();
    }
    lotes::ActiveModel {
        camara: Set("55".into()),
        ano: Set(2026),
        clave_idempotencia: Set("k".into()),
        solicitados: Set(4),
        estado: Set("en_pausa".into()),
        pausa: Set(Some("staff".into())),
        fallos_seguidos: Set(0),
        ultima_respuesta: Set(Some(MARK.into())),
        actor: Set(MARK.into()),
        creado_en: Set(now),
        vivo_hasta: Set(0),
        ..Default::default()
    }
    .insert(db.reader())
    .await
    .unwrap();
    usuarios_verificados::ActiveModel {
        camara: Set("55".into()),
        email: Set(format!("{MARK}@example.com")),
        celular: Set("3001234567".into()),
        tipoidentificacion: Set("1".into()),
        identificacion: Set(MARK.into()),
        nombre: Set(MARK.into()),
        estado: Set("VE".into()),
        fecha_hora_creacion: Set(now),
        claveacceso: Set("$argon2id$".into()),
        ano: Set(2026),
        ..Default::default()
    }
    .insert(db.reader())
    .await
    .unwrap();
    correos_suprimidos::ActiveModel {
        camara: Set("55".into()),
        correo: Set(format!("{MARK}@example.com")),
        causa: Set("rebote".into()),
        detalle: Set(MARK.into()),
        suprimido_en: Set(now),
        ..Default::default()
    }
    .insert(db.reader())
    .await
    .unwrap();
    let txn = db.write().await.unwrap();
    record(&txn, camara(), site.app.clock.now(), MARK, Action::Seleccion, MARK.to_owned()).await.unwrap();
    txn.commit().await.unwrap();
}

/// Chamber 55's rows, wherever a chamber is named.
async fn rows_of_55(site: &TestSite) -> super::Tables {
    let mut all = super::tables(site).await;
    macro_rules! only_55 {
        ($($table:ident),+) => { $(all.$table.retain(|row| row.camara == "55");)+ };
    }
    only_55!(
        auditoria,
        activaciones,
        campanas,
        claves_preasignadas,
        codigos_recuperacion,
        correos_suprimidos,
        firmas,
        funcionarios,
        limites,
        lotes,
        mreg_est_matriculados,
        segundos_factores,
        sesiones,
        sistemas,
        sincronizacion_rechazos,
        sincronizaciones,
        sms_enviados,
        usuarios_verificados
    );
    all
}

#[tokio::test]
async fn ids_of_another_chamber_open_nothing_change_nothing_and_show_nothing() {
    let site = TestSite::start("").await;
    furnish(&site).await;
    let run = sincronizaciones::Entity::find().one(site.app.db.reader()).await.unwrap().unwrap();
    assert_eq!((run.id, run.camara.as_str()), (1, "55"));
    let before = rows_of_55(&site).await;
    let theirs = site.log_in_at(other_camara(), Role::Supervisor).await;
    for route in routes_for(Access::Staff).into_iter().filter(|route| route.path != "/consola/eventos") {
        for id in ["1", "2", "3", "4"] {
            let url = site.url(&super::filled(&route.path));
            let form = super::ARGUMENTS.iter().map(|(name, value)| match *name {
                "id" | "lote" | "rechazos" => (*name, id),
                _ => (*name, *value),
            });
            let request = match route.method {
                Method::GET => theirs.get(format!("{url}?rechazos={id}&lote={id}")),
                _ => theirs.post(url).form(&form.collect::<Vec<_>>()),
            };
            let answer = request.send().await.unwrap();
            let status = answer.status().as_u16();
            let text = String::from_utf8_lossy(&answer.bytes().await.unwrap()).into_owned();
            assert!(!text.to_uppercase().contains(MARK), "{} shows {MARK}: {text}", route.path);
            assert!(!text.contains("Protocol"), "{} did not understand its arguments", route.path);
            assert!(status < 500, "{}: {status} {text}", route.path);
            let names_a_row = [
                "reintentar",
                "reintentar-rechazados",
                "pausar",
                "reanudar",
                "cancelar",
                "resolver-incierto",
                "correos-del-envio",
                "anular-usuario",
                "eliminar-usuario",
                "habilitar-correo",
            ];
            if names_a_row.iter().any(|name| route.path == format!("/api/consola/{name}")) {
                assert_eq!(status, 404, "{} {id}: {text}", route.path);
            }
        }
    }
    assert!(rows_of_55(&site).await == before);

    // The same ids are there for those to whom they belong: else all of this would prove nothing.
    let own = site.log_in(Role::Supervisor).await;
    for (name, marked) in [
        ("usuarios-verificados", true),
        ("contrasenas", true),
        ("auditoria", true),
        ("correos-devueltos", true),
        ("correos-del-envio", true),
        ("anular-usuario", false),
        ("cancelar", false),
        ("habilitar-correo", false),
    ] {
        let answer = own.post(site.url(&format!("/api/consola/{name}"))).form(super::ARGUMENTS).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{name}");
        assert!(!marked || answer.text().await.unwrap().to_uppercase().contains(MARK), "{name}");
    }
    assert!(rows_of_55(&site).await != before);
}

#[tokio::test]
async fn a_session_does_not_follow_its_user_s_name_into_another_chamber() {
    let site = TestSite::start("").await;
    // The same user name in both chambers, one session each.
    let (here, there) = (site.log_in(Role::Supervisor).await, site.log_in_at(other_camara(), Role::Supervisor).await);
    server::services::staff::deactivate_user(
        &site.app.db,
        &site.app.clock,
        &Actor::command_line(other_camara()),
        "supervisor-1",
    )
    .await
    .unwrap();
    let page = routes_for(Access::Staff).into_iter().find(|route| route.path == "/consola/mi-cuenta").unwrap();
    assert_eq!(ask(&site, &there, &page).await.status(), 303);
    assert_eq!(ask(&site, &here, &page).await.status(), 200);
}
