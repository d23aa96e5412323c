//! What is kept for how long, and one person's data: taken out whole, taken away as far as the law goes.

use std::process::Output;

use contract::campaign::PasswordState;
use entity::{
    auditoria, claves_preasignadas as claves, correos_suprimidos, evidencias, firmas, sms_enviados, sms_intentos,
    tareas, usuarios_verificados as usuarios,
};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, Set};
use server::config::Retention;
use server::services::actor::Actor;
use server::services::person::{ErasureRefusal, Kept, PersonDesk};
use server::services::retention::portion;
use tokio::sync::watch;

use super::acta::{activated, mailed};
use super::report;
use crate::activation::office::{EMAIL, ID, MOBILE, PASSWORD};
use crate::support::camara;
use crate::support::site::TestSite;

const DAY: i64 = 86_400;

/// A password of this state that began and ended so many days ago.
async fn password(site: &TestSite, number: i64, state: PasswordState, ano: i32, days: i64) {
    let row = claves::Entity::find().one(site.app.db.reader()).await.unwrap().unwrap();
    let then = site.app.clock.now().plus_seconds(-days * DAY).0;
    let mut copy = row.into_active_model().reset_all();
    copy.id = Set(1000 + number);
    copy.identificacion = Set(format!("9000{number}"));
    copy.estado = Set(state.as_str().to_owned());
    copy.ano = Set(ano);
    copy.seleccionada_en = Set(then);
    copy.transmitida_en = Set(Some(then));
    copy.enviada_en = Set(Some(then));
    copy.vence_en = Set(Some(then));
    copy.insert(site.app.db.reader()).await.unwrap();
}

async fn numbers(site: &TestSite) -> Vec<i64> {
    let rows = claves::Entity::find().filter(claves::Column::Id.gt(1000)).all(site.app.db.reader()).await.unwrap();
    rows.into_iter().map(|row| row.id - 1000).collect()
}

fn desk(site: &TestSite) -> PersonDesk {
    let (db, clock) = (site.app.db.clone(), site.app.clock.clone());
    PersonDesk { db, clock, mac: site.app.mac.clone(), actor: Actor::command_line(camara()) }
}

async fn set_state(site: &TestSite, state: &str) {
    usuarios::Entity::update_many()
        .col_expr(usuarios::Column::Estado, Expr::value(state))
        .col_expr(usuarios::Column::FechaHoraInactivacion, Expr::value(site.app.clock.now().0))
        .exec(site.app.db.reader())
        .await
        .unwrap();
}

#[tokio::test]
async fn passwords_that_came_to_nothing_go_after_their_period_and_no_others() {
    let site = TestSite::start("").await;
    mailed(&site).await;
    let this_year = site.app.clock.now().in_bogota().year();
    use PasswordState as S;
    for (number, state, ano, days) in [
        (1, S::Vencido, this_year, 400),
        (2, S::Cancelado, this_year - 1, 366),
        (3, S::Vencido, this_year, 300),
        (4, S::Activado, this_year - 2, 900),
        (5, S::Incierto, this_year, 900),
        (6, S::Pendiente, this_year, 900),
        (7, S::Pendiente, this_year - 1, 900),
        (8, S::Reservado, this_year - 1, 900),
    ] {
        password(&site, number, state, ano, days).await;
    }
    let (_stop, running) = watch::channel(false);
    let job = site.app.retention_job();
    job.look(&running).await;
    assert_eq!(numbers(&site).await, [3, 4, 5, 6, 8]);
    let told = auditoria::Entity::find().filter(auditoria::Column::Accion.eq("retencion_aplicada"));
    let told = told.all(site.app.db.reader()).await.unwrap();
    assert_eq!(told.iter().map(|entry| entry.detalle.as_str()).collect::<Vec<_>>(), ["claves=3 sms=0 usuarios=0"]);
    let task = tareas::Entity::find().filter(tareas::Column::Nombre.eq("retencion"));
    let task = task.filter(tareas::Column::Camara.eq("55")).one(site.app.db.reader()).await.unwrap().unwrap();
    assert!(task.proxima_en > site.app.clock.now().plus_seconds(DAY - 60).0);
    // Nothing is due a second time, and nothing is written of it.
    job.look(&running).await;
    assert_eq!(auditoria::Entity::find().count(site.app.db.reader()).await.unwrap(), told.len() as u64 + 1);
}

#[tokio::test]
async fn a_portion_is_bounded_and_the_next_one_goes_on() {
    let site = TestSite::start("").await;
    let now = site.app.clock.now();
    let rows = (0..1_201).map(|number| sms_enviados::ActiveModel {
        camara: Set("55".into()),
        sujeto: Set(format!("{number}")),
        celular_enmascarado: Set("300 *** **67".into()),
        proveedor: Set("buzon".into()),
        estado: Set("entregado".into()),
        enviado_en: Set(now.plus_seconds(if number == 0 { -DAY } else { -400 * DAY }).0),
        ..Default::default()
    });
    for rows in rows.collect::<Vec<_>>().chunks(400) {
        sms_enviados::Entity::insert_many(rows.to_vec()).exec(site.app.db.reader()).await.unwrap();
    }
    let mut gone = Vec::new();
    loop {
        let purged = portion(&site.app.db, camara(), Retention::default(), now).await.unwrap();
        if purged.is_empty() {
            break;
        }
        gone.push(purged.sms);
    }
    assert_eq!(gone, [500, 500, 200]);
    assert_eq!(sms_enviados::Entity::find().count(site.app.db.reader()).await.unwrap(), 1);
}

#[tokio::test]
async fn a_user_out_of_force_loses_its_data_after_ten_years_and_keeps_its_number() {
    let site = TestSite::start("").await;
    let id = activated(&site).await;
    let later = |years: i64| site.app.clock.now().plus_seconds(years * 366 * DAY + DAY);
    let purge = async |at| portion(&site.app.db, camara(), Retention::default(), at).await.unwrap().usuarios;
    assert_eq!(purge(later(30)).await, 0, "in force");
    set_state(&site, "AN").await;
    assert_eq!((purge(later(9)).await, purge(later(10)).await, purge(later(11)).await), (0, 1, 0));
    let user = usuarios::Entity::find_by_id(id).one(site.app.db.reader()).await.unwrap().unwrap();
    assert_eq!((user.identificacion.as_str(), user.nombre.as_str()), ("borrada-1", "(datos borrados)"));
    assert!([&user.email, &user.celular, &user.matricula, &user.claveacceso].iter().all(|datum| datum.is_empty()));
    let kept = evidencias::Entity::find().one(site.app.db.reader()).await.unwrap().unwrap();
    assert!(kept.hechos.is_empty() && kept.borrada_en.is_some() && kept.huella.len() == 64);
    assert_eq!(claves::Entity::find().count(site.app.db.reader()).await.unwrap(), 0);
    // What was erased is told from what somebody took away.
    assert!(report(&site).await.holds());
    let actor = Actor::command_line(camara());
    let acta = site.app.acta_desk(&actor).unwrap().acta(id, site.app.clock.now()).await;
    assert_eq!(acta.unwrap_err(), contract::ServiceError::NotFound);
}

#[tokio::test]
async fn one_person_s_data_come_out_whole_and_without_secrets() {
    let site = TestSite::start("").await;
    activated(&site).await;
    let data = desk(&site).export(&format!(" {ID} ")).await.unwrap();
    assert_eq!(data["contrasenas_preasignadas"][0]["correo"], EMAIL);
    assert_eq!(data["usuarios_verificados"][0]["celular"], MOBILE);
    assert_eq!(data["activaciones"][0]["activacion"]["verificacion"]["direccion_red"], "190.0.0.7");
    assert_eq!(data["sms"].as_array().unwrap().len(), 1);
    let actions: Vec<_> = data["auditoria"].as_array().unwrap().iter().map(|e| e["accion"].as_str().unwrap()).collect();
    assert_eq!(actions, ["pin_enviado", "pin_errado", "activacion", "confirmacion_no_enviada"]);
    let text = data.to_string();
    for secret in [PASSWORD, "argon2", "hmac"] {
        assert!(!text.contains(secret), "{secret}");
    }
    assert_eq!(desk(&site).export("12345678").await.unwrap_err(), contract::ServiceError::NotFound);
    let trail = auditoria::Entity::find().all(site.app.db.reader()).await.unwrap();
    assert!(trail.iter().any(|entry| entry.accion == "datos_exportados"));
    for entry in trail {
        for datum in [ID, EMAIL, MOBILE, "ÑÚÑEZ"] {
            assert!(!entry.detalle.contains(datum), "{}", entry.detalle);
        }
    }
}

#[tokio::test]
async fn erasure_waits_for_the_annulment_and_takes_everything_that_may_go() {
    let site = TestSite::start("").await;
    let id = activated(&site).await;
    let db = site.app.db.reader();
    for state in ["VE", "IN"] {
        set_state(&site, state).await;
        assert_eq!(desk(&site).erase(ID).await.unwrap_err(), ErasureRefusal::InForce);
    }
    correos_suprimidos::ActiveModel {
        camara: Set("55".into()),
        correo: Set(EMAIL.into()),
        causa: Set("rebote".into()),
        detalle: Set("550".into()),
        suprimido_en: Set(0),
        ..Default::default()
    }
    .insert(db)
    .await
    .unwrap();
    set_state(&site, "AN").await;
    let erased = desk(&site).erase(ID).await.unwrap();
    assert_eq!((erased.claves, erased.sms, erased.usuarios, erased.correos_suprimidos), (1, 1, 1, 1));
    assert!(erased.conservado.is_empty(), "{:?}", erased.conservado);
    for left in [
        claves::Entity::find().count(db).await.unwrap(),
        sms_enviados::Entity::find().count(db).await.unwrap(),
        sms_intentos::Entity::find().count(db).await.unwrap(),
        correos_suprimidos::Entity::find().count(db).await.unwrap(),
    ] {
        assert_eq!(left, 0);
    }
    let user = usuarios::Entity::find_by_id(id).one(db).await.unwrap().unwrap();
    assert_eq!(user.identificacion, format!("borrada-{id}"));
    assert!(report(&site).await.holds());
    assert!(matches!(desk(&site).erase(ID).await, Err(ErasureRefusal::Service(contract::ServiceError::NotFound))));
}

#[tokio::test]
async fn whoever_signed_stays_with_the_proof_of_it() {
    let site = TestSite::start("").await;
    let id = activated(&site).await;
    let db = site.app.db.reader();
    for (number, record) in [(1, Some("ey".to_owned())), (2, None)] {
        firmas::ActiveModel {
            camara: Set("55".into()),
            codigo: Set(format!("f{number}")),
            sistema_id: Set(1),
            usuario_id: Set(id),
            huella: Set("h".into()),
            documento_sha256: Set("d".into()),
            documento_nombre: Set("Solicitud".into()),
            estado: Set(if record.is_some() { "firmada" } else { "pendiente" }.into()),
            pin_vence_en: Set(0),
            eventos: Set("[]".into()),
            creada_en: Set(0),
            vence_en: Set(0),
            registro: Set(record),
            ..Default::default()
        }
        .insert(db)
        .await
        .unwrap();
    }
    set_state(&site, "AN").await;
    let erased = desk(&site).erase(ID).await.unwrap();
    assert_eq!((erased.claves, erased.usuarios, erased.solicitudes_de_firma), (0, 0, 1));
    let kept: Vec<_> = erased.conservado.iter().map(|kept| (kept.que, kept.cuantos)).collect();
    assert_eq!(kept, [(Kept::UsuariosQueFirmaron, 1), (Kept::RegistrosDeFirma, 1)]);
    assert_eq!(usuarios::Entity::find_by_id(id).one(db).await.unwrap().unwrap().identificacion, ID);
    assert!(!evidencias::Entity::find().one(db).await.unwrap().unwrap().hechos.is_empty());
}

#[tokio::test]
async fn the_commands_say_what_they_did_and_end_with_the_right_code() {
    let site = TestSite::start("").await;
    activated(&site).await;
    let folder = tempfile::tempdir().unwrap();
    let run = async |arguments: &[&str]| {
        let Output { status, stdout, stderr } = site.command(arguments).await;
        (status.success(), format!("{}{}", String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap()))
    };
    let (well, said) = run(&["auditoria", "verificar", "--camara", "55"]).await;
    assert!(well && said.contains("cadena íntegra") && said.contains("1 activaciones con evidencia"), "{said}");
    let file = folder.path().join("auditoria.jsonl");
    let (well, said) = run(&["auditoria", "exportar", "--camara", "55", "--salida", file.to_str().unwrap()]).await;
    assert!(well && std::fs::read_to_string(&file).unwrap().contains("\"accion\":\"activacion\""), "{said}");
    let file = folder.path().join("ana.json");
    let export = ["datos", "exportar", "--camara", "55", "--identificacion", ID, "--salida", file.to_str().unwrap()];
    let (well, said) = run(&export).await;
    assert!(well && std::fs::read_to_string(&file).unwrap().contains(EMAIL), "{said}");
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    let erase = |confirm| ["datos", "borrar", "--camara", "55", "--identificacion", ID, "--confirmar", confirm];
    let (well, said) = run(&erase("1")).await;
    assert!(!well && said.contains("--confirmar"), "{said}");
    let (well, said) = run(&erase(ID)).await;
    assert!(!well && said.contains("anúlelo primero"), "{said}");
    set_state(&site, "AN").await;
    let (well, said) = run(&erase(ID)).await;
    assert!(
        well && said.contains("Borrado: 1 contraseñas preasignadas") && said.contains("Conservada: la auditoría"),
        "{said}"
    );
    super::unguard(&site.app.db, "auditoria").await;
    super::run(&site.app.db, "UPDATE auditoria SET detalle = 'x' WHERE secuencia = 2").await.unwrap();
    let (well, said) = run(&["auditoria", "verificar"]).await;
    assert!(!well && said.contains("CADENA ROTA") && said.contains("la anotación 2"), "{said}");
}
