//! Daily seals: made once, told when they cannot be made, and found when they do not hold.

use contract::Timestamp;
use contract::audit::{BrokenSeal, SealFlaw};
use entity::{auditoria, auditoria_sellos, tareas};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use server::services::audit::{Action, record, yesterday};
use server::signing::{JwsKind, Signer, dev, verify_jws};

use super::{entries, report, run, unguard};
use crate::support::camara;
use crate::support::site::TestSite;

async fn seals(site: &TestSite) -> Vec<auditoria_sellos::Model> {
    auditoria_sellos::Entity::find().all(site.app.db.reader()).await.unwrap()
}

async fn broken(site: &TestSite) -> Vec<SealFlaw> {
    report(site).await.sellos_rotos.into_iter().map(|BrokenSeal { falla, .. }| falla).collect()
}

/// A site whose trail has one seal.
async fn sealed() -> TestSite {
    let site = TestSite::start("").await;
    entries(&site, 3).await;
    assert_eq!(site.app.seal_job().look().await, 1);
    site
}

#[tokio::test]
async fn a_day_is_sealed_once_and_the_next_one_the_day_after() {
    let site = sealed().await;
    let job = site.app.seal_job();
    assert_eq!(job.look().await, 0);
    let [first] = &seals(&site).await[..] else { panic!("one seal") };
    assert_eq!((first.dia.as_str(), first.secuencia), (yesterday(site.app.clock.now()).as_str(), 3));
    let signed = verify_jws(JwsKind::Sello, &first.jws).unwrap().payload;
    assert_eq!(signed["auditoria"], serde_json::json!({ "secuencia": 3, "hash": first.hash }));
    assert_eq!(signed["iat"], first.sellado_en / 1000);
    assert!(verify_jws(JwsKind::Firma, &first.jws).is_err(), "a seal is no record of a signature");
    // Three days without the server: one seal, of the day that ended last, with its true time.
    site.app.clock.advance_seconds(3 * 86_400);
    assert_eq!(job.look().await, 1);
    let all = seals(&site).await;
    assert_eq!(all.len(), 2);
    assert!(Timestamp(all[1].sellado_en).seconds_since(Timestamp(first.sellado_en)) >= 3 * 86_400);
    assert_eq!(all[1].dia, yesterday(site.app.clock.now()));
    let found = report(&site).await;
    assert!(found.holds() && found.sellos == 2, "{found:?}");
}

#[tokio::test]
async fn a_node_that_dies_after_sealing_seals_no_second_time() {
    let site = sealed().await;
    tareas::Entity::update_many()
        .col_expr(tareas::Column::ProximaEn, Expr::value(0))
        .exec(site.app.db.reader())
        .await
        .unwrap();
    assert_eq!(site.app.seal_job().look().await, 0);
    assert_eq!(seals(&site).await.len(), 1);
}

#[tokio::test]
async fn without_a_certificate_in_force_the_rest_goes_on_and_it_is_tried_again() {
    let site = TestSite::start("").await;
    entries(&site, 1).await;
    site.app.clock.advance_seconds(3 * 365 * 86_400);
    assert_eq!(site.app.seal_job().look().await, 0);
    let task = tareas::Entity::find().filter(tareas::Column::Camara.eq("55")).one(site.app.db.reader()).await;
    let task = task.unwrap().unwrap();
    assert_eq!((task.nombre.as_str(), task.resultado.as_str()), ("sello_auditoria", "sin_certificado"));
    assert!(task.proxima_en <= site.app.clock.now().plus_seconds(3700).0);
}

#[tokio::test]
async fn a_chain_begun_anew_behind_a_seal_is_found() {
    let site = sealed().await;
    let db = &site.app.db;
    unguard(db, "auditoria").await;
    // The whole chain is made again, whole and with its head, without the second entry.
    let kept = auditoria::Entity::find().filter(auditoria::Column::Secuencia.ne(2)).all(db.reader()).await.unwrap();
    run(db, "DELETE FROM auditoria").await.unwrap();
    run(db, "DELETE FROM auditoria_cabezas").await.unwrap();
    let txn = db.write().await.unwrap();
    for entry in &kept {
        let action = if entry.accion == "seleccion" { Action::Seleccion } else { Action::AuditoriaSellada };
        let at = Timestamp(entry.ocurrida_en);
        record(&txn, camara(), at, &entry.actor, action, entry.detalle.clone()).await.unwrap();
    }
    txn.commit().await.unwrap();
    let found = report(&site).await;
    assert_eq!(found.falla, None, "the chain alone says nothing");
    assert_eq!(broken(&site).await, [SealFlaw::OffChain]);
}

#[tokio::test]
async fn every_way_in_which_a_seal_does_not_hold_is_told() {
    let other = dev::make_p12("Otra", "x", server::clock::Clock::default().now()).unwrap();
    for (statement, expected) in [
        ("UPDATE auditoria_sellos SET hash = 'x'", SealFlaw::Content),
        ("UPDATE auditoria_sellos SET jws = substr(jws, 1, length(jws) - 4) || 'AAAA'", SealFlaw::Signature),
        ("UPDATE auditoria_sellos SET jws = 'x'", SealFlaw::Signature),
        ("UPDATE auditoria_sellos SET sellado_en = sellado_en + 400000000000", SealFlaw::Certificate),
        ("DELETE FROM llaves_firma", SealFlaw::ForeignKey),
        ("DELETE FROM auditoria_sellos", SealFlaw::Missing),
    ] {
        let site = sealed().await;
        let refused = run(&site.app.db, "DELETE FROM auditoria_sellos").await.unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{refused}");
        unguard(&site.app.db, "auditoria_sellos").await;
        assert!(run(&site.app.db, statement).await.unwrap() > 0);
        assert_eq!(broken(&site).await, [expected], "{statement}");
    }
    // Signed anew by somebody else, over the same content.
    let site = sealed().await;
    unguard(&site.app.db, "auditoria_sellos").await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("otra.p12"), other).unwrap();
    let at = site.app.clock.now();
    let stranger = Signer::from_p12(&folder.path().join("otra.p12"), "x", at).unwrap();
    let payload = verify_jws(JwsKind::Sello, &seals(&site).await[0].jws).unwrap().payload;
    let forged = stranger.jws(JwsKind::Sello, &payload, at).unwrap();
    run(&site.app.db, &format!("UPDATE auditoria_sellos SET jws = '{forged}'")).await.unwrap();
    assert_eq!(broken(&site).await, [SealFlaw::ForeignKey]);
}
