//! The register of what was issued: written with the mark, true to the PDF that left.

use contract::sending::{SendTarget, SendingService, UncertainChoice};
use domain::document_code::DocumentCode;
use domain::sending::Phase;
use entity::{condiciones, documentos};
use mail_parser::MessageParser;
use sea_orm::{EntityTrait, QueryOrder};
use server::mail::catcher::{Behaviour, Refusal};
use server::secrets::sha256_hex;
use server::services::sending::queue::{Outcome, Written};

use super::world::{World, year};

async fn documents(world: &World) -> Vec<documentos::Model> {
    documentos::Entity::find().order_by_asc(documentos::Column::Id).all(world.test_db.db.reader()).await.unwrap()
}

async fn conditions(world: &World) -> Vec<condiciones::Model> {
    condiciones::Entity::find().order_by_asc(condiciones::Column::Desde).all(world.test_db.db.reader()).await.unwrap()
}

#[tokio::test]
async fn every_pdf_that_left_can_be_found_by_its_code_and_its_digest() {
    let world = World::new().await;
    world.merchants(20).await;
    assert_eq!(world.send(20).await.unwrap().enviados, 20);
    world.send_tests("prueba@camara.org.co").await.unwrap();
    let (documents, rows, conditions) = (documents(&world).await, world.rows().await, conditions(&world).await);
    assert_eq!(conditions.len(), 1, "one version");
    assert_eq!(conditions[0].version, sha256_hex(conditions[0].texto.as_bytes()));
    assert_eq!((conditions[0].factor.as_str(), conditions[0].camara.as_str()), ("doble", "55"));
    assert_eq!(documents.len(), rows.len());
    assert_eq!(documents.len() as u64, world.store.count());
    for mail in world.store.newest(30) {
        let pdf = MessageParser::default().parse(&*mail.raw).unwrap().attachment(0).unwrap().contents().to_vec();
        let document = documents.iter().find(|document| document.pdf_sha256 == sha256_hex(&pdf)).unwrap();
        let code = DocumentCode::parse(&document.codigo).unwrap();
        let text = world.letter(&mail);
        assert!(text.contains(&code.to_string()), "{code} is missing in {text}");
        assert!(text.contains("Verifique este documento") && text.contains("claves.camara.org.co/verificar"), "{text}");
        let row = rows.iter().find(|row| row.id == document.clave_id).unwrap();
        assert_eq!((document.generacion, document.ano, document.es_prueba), (row.generacion, row.ano, row.es_prueba));
        assert_eq!((document.camara.as_str(), Some(document.emitido_en)), ("55", row.transmitida_en));
        assert_eq!(document.condiciones, conditions[0].version);
        // The letter breaks lines where the register has none.
        let flat = |text: &str| text.split_whitespace().collect::<String>().replace('\u{AD}', "");
        let kept = flat(&conditions[0].texto);
        assert!(flat(&text).contains(&kept), "{kept} is not what stands in {text}");
    }
}

#[tokio::test]
async fn a_pdf_that_never_left_is_not_entered_and_a_second_one_is_entered_as_well() {
    let refusal = Refusal {
        phase: Phase::RcptTo,
        reply: "550 5.1.1 no such user".into(),
        recipient: Some("comerciante0@correo.com.co".into()),
        times: None,
    };
    let world = World::with(Behaviour { refusals: vec![refusal], ..Behaviour::default() }, &[]).await;
    world.merchants(2).await;
    world.send(2).await.unwrap();
    let first = documents(&world).await;
    assert_eq!(first.len(), 1, "only what got past 354");

    let world = World::new().await;
    world.merchants(1).await;
    world.desk().start(year(), SendTarget::Count(1), "uno".to_owned()).await.unwrap();
    let row = world.claim().await;
    assert_eq!(world.mark(&row).await, Written::Go);
    assert_eq!(world.mark(&row).await, Written::NotOurs);
    assert_eq!(documents(&world).await.len(), 1, "a mark that does not stand enters nothing");
    world.settle(&row, Outcome::Lost).await;
    world.desk().settle_uncertain(row.id, UncertainChoice::Reenviar).await.unwrap();
    let again = world.claim().await;
    assert_eq!(world.mark(&again).await, Written::Go);
    let documents = documents(&world).await;
    assert_eq!(documents.len(), 2);
    assert_eq!(documents[0].clave_id, documents[1].clave_id);
    assert_ne!(documents[0].codigo, documents[1].codigo);
}

#[tokio::test]
async fn each_version_of_a_chambers_own_conditions_is_kept() {
    let mut world = World::new().await;
    world.merchants(3).await;
    world.send(1).await.unwrap();
    let folder = world.dir.path().join("plantillas");
    std::fs::create_dir_all(folder.join("documento")).unwrap();
    std::fs::write(folder.join("documento/condiciones.txt"), "**Propia.** De {{ camara }}.").unwrap();
    world.chamber.templates = Some(folder);
    world.send(2).await.unwrap();
    let (documents, conditions) = (documents(&world).await, conditions(&world).await);
    let versions: Vec<_> = conditions.iter().map(|kept| kept.version.as_str()).collect();
    let carried: Vec<_> = documents.iter().map(|document| document.condiciones.as_str()).collect();
    assert_eq!(carried, [versions[0], versions[1], versions[1]]);
    assert_eq!(conditions[1].texto, "Propia. De Cámara de Comercio de Prueba.");
}
