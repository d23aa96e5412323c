//! The trail cannot be changed, and where it was changed all the same it is found.

use contract::audit::ChainFlaw;
use contract::staff::Role;
use domain::chain::{Entry, GENESIS, Walk};
use serde_json::Value;

use super::{entries, flaw, report, run, unguard};
use crate::support::site::TestSite;
use crate::support::{camara, other_camara};

#[tokio::test]
async fn the_database_itself_refuses_to_change_the_trail() {
    let site = TestSite::start("").await;
    entries(&site, 3).await;
    for statement in [
        "UPDATE auditoria SET detalle = 'otra' WHERE secuencia = 2",
        "DELETE FROM auditoria WHERE secuencia = 3",
        "DELETE FROM auditoria",
    ] {
        let refused = run(&site.app.db, statement).await.unwrap_err().to_string();
        assert!(refused.contains("the audit trail is append-only"), "{refused}");
    }
    let whole = report(&site).await;
    assert!(whole.holds() && whole.entradas == 3);
}

#[tokio::test]
async fn whatever_the_owner_of_the_database_changes_is_found_with_its_place() {
    for (statement, expected) in [
        ("UPDATE auditoria SET detalle = 'clave=9' WHERE secuencia = 7", ChainFlaw::Altered { secuencia: 7 }),
        ("UPDATE auditoria SET ocurrida_en = ocurrida_en - 1 WHERE secuencia = 1", ChainFlaw::Altered { secuencia: 1 }),
        ("UPDATE auditoria SET hash_previo = hash WHERE secuencia = 5", ChainFlaw::Unlinked { secuencia: 5 }),
        ("DELETE FROM auditoria WHERE secuencia = 4", ChainFlaw::Missing { secuencia: 4, found: 5 }),
        ("DELETE FROM auditoria WHERE secuencia > 8", ChainFlaw::Head { last: 8, head: 10 }),
        ("UPDATE auditoria_cabezas SET secuencia = 11", ChainFlaw::Head { last: 10, head: 11 }),
        ("UPDATE auditoria_cabezas SET hash = 'x'", ChainFlaw::Head { last: 10, head: 10 }),
        ("DELETE FROM auditoria_cabezas", ChainFlaw::Head { last: 10, head: 0 }),
    ] {
        let site = TestSite::start("").await;
        entries(&site, 10).await;
        assert_eq!(flaw(&site).await, None);
        unguard(&site.app.db, "auditoria").await;
        assert!(run(&site.app.db, statement).await.unwrap() > 0, "{statement}");
        assert_eq!(flaw(&site).await, Some(expected), "{statement}");
    }
}

#[tokio::test]
async fn each_chamber_has_a_chain_of_its_own() {
    let site = TestSite::start("").await;
    entries(&site, 2).await;
    let other = server::services::audit::verify(&site.app.db, other_camara()).await.unwrap();
    assert!(other.holds() && other.entradas == 0 && other.hash == GENESIS);
}

#[tokio::test]
async fn an_export_holds_everything_that_verifying_needs() {
    let site = TestSite::start("").await;
    entries(&site, 5).await;
    site.app.seal_job().look().await;
    let client = site.log_in(Role::Auditor).await;
    let answer = client.post(site.url("/consola/auditoria/exportar")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-disposition"], "attachment; filename=\"auditoria-55.jsonl\"");
    let text = answer.text().await.unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |kind: &str| lines.iter().filter(|line| line["tipo"] == kind).cloned().collect::<Vec<_>>();

    let mut walk = Walk::default();
    for line in of("entrada") {
        let word = |name: &str| line[name].as_str().unwrap().to_owned();
        let (chamber, actor, action, detail) = (word("camara"), word("actor"), word("accion"), word("detalle"));
        let entry = Entry {
            camara: &chamber,
            secuencia: line["secuencia"].as_i64().unwrap(),
            ocurrida_en: contract::Timestamp(line["ocurrida_en"].as_i64().unwrap()),
            actor: &actor,
            accion: &action,
            detalle: &detail,
        };
        walk.step(&entry, &word("hash_previo"), &word("hash")).unwrap();
    }
    let [first] = &of("cadena")[..] else { panic!("{text}") };
    assert_eq!((&first["camara"], &first["genesis"]), (&camara().as_str().into(), &GENESIS.into()));
    assert_eq!(first["cabeza"]["hash"], walk.at().hash);
    assert_eq!(first["cabeza"]["secuencia"], walk.at().secuencia);
    assert_eq!(of("sello").len(), 1);
    // That it was exported is the last entry: five, the seal, the log-in's, this one.
    assert_eq!(of("entrada").last().unwrap()["accion"], "auditoria_exportada");
}

#[tokio::test]
async fn the_consoles_page_shows_the_chain_and_verifies_it() {
    let site = TestSite::start("").await;
    entries(&site, 4).await;
    let client = site.log_in(Role::Auditor).await;
    let page = client.get(site.url("/consola/auditoria")).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Integridad") && page.contains("Falta el sello de ayer"), "{page}");
    site.app.seal_job().look().await;
    let page = client.get(site.url("/consola/auditoria")).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Último sello firmado") && !page.contains("Falta el sello de ayer"), "{page}");
    let ask = || async {
        let answer = client.post(site.url("/api/consola/comprobar-auditoria")).send().await.unwrap();
        serde_json::from_str::<Value>(&answer.text().await.unwrap()).unwrap()
    };
    assert_eq!(ask().await["falla"], Value::Null);
    unguard(&site.app.db, "auditoria").await;
    run(&site.app.db, "UPDATE auditoria SET actor = 'otra' WHERE secuencia = 2").await.unwrap();
    assert_eq!(ask().await["falla"]["secuencia"], 2);
}
