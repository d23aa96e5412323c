//! `/verificar`: what anybody is told of a letter, whole or tampered with, and what nobody is told.

use std::collections::BTreeMap;
use std::sync::Arc;

use contract::Timestamp;
use contract::campaign::PasswordState;
use contract::verification::{CodeAnswer, DocumentState, FileAnswer, IssuedDocument, MAX_FILE, VerificationService};
use domain::document_code::DocumentCode;
use entity::{claves_preasignadas as claves, documentos};
use mail_parser::MessageParser;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use server::services::certificates;
use server::services::verification::VerificationDesk;
use server::signing::{SignatureNote, Signer};

use crate::sending::world::World;
use crate::support::site::TestSite;
use crate::support::{camara, other_camara, tls};

/// Letters that were mailed, and the desk that is asked about them.
async fn mailed(count: usize) -> (World, VerificationDesk) {
    let world = World::new().await;
    world.merchants(count).await;
    world.send(u16::try_from(count).unwrap()).await.unwrap();
    let desk = desk(&world);
    (world, desk)
}

fn desk(world: &World) -> VerificationDesk {
    VerificationDesk {
        db: world.test_db.db.clone(),
        clock: world.clock.clone(),
        chambers: Arc::new(BTreeMap::from([(camara(), Arc::new(world.chamber.clone()))])),
    }
}

fn pdfs(world: &World) -> Vec<Vec<u8>> {
    let pdf = |raw: &[u8]| MessageParser::default().parse(raw).unwrap().attachment(0).unwrap().contents().to_vec();
    world.store.newest(600).iter().map(|mail| pdf(&mail.raw)).collect()
}

async fn issued(world: &World) -> documentos::Model {
    documentos::Entity::find().one(world.test_db.db.reader()).await.unwrap().unwrap()
}

async fn known(desk: &VerificationDesk, code: &str) -> IssuedDocument {
    match desk.by_code(code).await.unwrap() {
        CodeAnswer::Known(document) => document,
        other => panic!("{code}: {other:?}"),
    }
}

#[tokio::test]
async fn a_code_tells_chamber_day_and_state_and_nothing_of_whose_it_is() {
    let (world, desk) = mailed(1).await;
    let row = issued(&world).await;
    let code = row.codigo;
    let told = known(&desk, &code).await;
    let expected = IssuedDocument {
        camara_nombre: world.chamber.nombre.clone(),
        telefono: world.chamber.telefono.clone(),
        direccion: world.chamber.direccion.clone(),
        codigo: DocumentCode::parse(&code).unwrap().to_string(),
        emitido_en: Timestamp(row.emitido_en),
        es_prueba: false,
        estado: DocumentState::Vigente,
    };
    assert_eq!(told, expected);
    let grouped = format!(" {} ", told.codigo.to_lowercase().replace('-', " - "));
    assert_eq!(known(&desk, &grouped).await, told, "as people type it");
    for (typed, answer) in [
        ("", CodeAnswer::Nothing),
        ("  ", CodeAnswer::Nothing),
        ("1234", CodeAnswer::Malformed),
        ("ÑÑÑÑ-ÑÑÑÑ-ÑÑÑÑ-ÑÑÑÑ", CodeAnswer::Malformed),
        ("0000-0000-0000-0000", CodeAnswer::Unknown),
    ] {
        assert_eq!(desk.by_code(typed).await.unwrap(), answer, "{typed}");
    }
    let elsewhere = VerificationDesk { chambers: Arc::default(), ..desk };
    assert_eq!(elsewhere.by_code(&code).await.unwrap(), CodeAnswer::Unknown, "a chamber that is served no longer");
}

#[tokio::test]
async fn a_document_s_state_is_that_of_its_password() {
    let (world, desk) = mailed(1).await;
    let code = issued(&world).await.codigo;
    let row = world.rows().await.remove(0);
    let ends = row.vence_en.unwrap();
    for (state, expected) in [
        (PasswordState::Enviado, DocumentState::Vigente),
        (PasswordState::Transmitiendo, DocumentState::Vigente),
        (PasswordState::Incierto, DocumentState::Vigente),
        (PasswordState::Rebotado, DocumentState::Vigente),
        (PasswordState::Activado, DocumentState::Activado),
        (PasswordState::Vencido, DocumentState::Vencido),
        (PasswordState::Cancelado, DocumentState::SinEfecto),
        (PasswordState::Pendiente, DocumentState::SinEfecto),
        (PasswordState::Rechazado, DocumentState::SinEfecto),
    ] {
        let mut change = row.clone().into_active_model();
        change.estado = Set(state.as_str().to_owned());
        change.update(world.test_db.db.reader()).await.unwrap();
        assert_eq!(known(&desk, &code).await.estado, expected, "{state:?}");
    }
    let set = async |generation: i64, ends: i64| {
        let mut change = row.clone().into_active_model();
        change.estado = Set("enviado".to_owned());
        (change.generacion, change.vence_en) = (Set(generation), Set(Some(ends)));
        change.update(world.test_db.db.reader()).await.unwrap();
    };
    let now = world.clock.now().0;
    set(row.generacion, now + 60_000).await;
    assert_eq!(known(&desk, &code).await.estado, DocumentState::Vigente);
    set(row.generacion, now).await;
    assert_eq!(known(&desk, &code).await.estado, DocumentState::Vencido);
    set(row.generacion + 1, ends).await;
    assert_eq!(known(&desk, &code).await.estado, DocumentState::Reemplazado);
    claves::Entity::delete_by_id(row.id).exec(world.test_db.db.reader()).await.unwrap();
    assert_eq!(known(&desk, &code).await.estado, DocumentState::SinEfecto);
}

#[tokio::test]
async fn the_file_that_was_mailed_is_authentic_and_any_byte_changed_added_or_missing_is_found() {
    let (world, desk) = mailed(1).await;
    let pdf = pdfs(&world).remove(0);
    let FileAnswer::Authentic { documento, firmado_en } = desk.by_file(pdf.clone()).await.unwrap() else {
        panic!("not authentic")
    };
    let row = issued(&world).await;
    assert_eq!(documento, known(&desk, &row.codigo).await);
    // Signed a moment before it was entered; the signature's dictionary counts in seconds.
    assert!((0..60_000).contains(&(row.emitido_en - firmado_en.unwrap().0)), "{firmado_en:?}");

    // Every byte near the signature and every 97th of all, each with one bit turned over.
    let hole = memchr(&pdf, b"/ByteRange");
    let near = hole.saturating_sub(200)..(hole + 6000).min(pdf.len());
    let places = (0..pdf.len()).filter(|at| at % 97 == 0 || (near.contains(at) && at % 7 == 0));
    let mut turned = 0;
    for at in places {
        let mut changed = pdf.clone();
        changed[at] ^= 1 << (at % 8);
        let answer = desk.by_file(changed).await.unwrap();
        assert!(!matches!(answer, FileAnswer::Authentic { .. }), "byte {at}: {answer:?}");
        turned += 1;
    }
    assert!(turned > 400, "{turned}");

    let mut longer = pdf.clone();
    longer.push(b'\n');
    // What an editor appends: a new version of an object, behind the signed bytes.
    let update = [pdf.as_slice(), b"\n9 0 obj\n<</Type/Catalog>>\nendobj\nstartxref\n0\n%%EOF\n"].concat();
    for (what, file) in [
        ("a byte added at the end", longer),
        ("an incremental update", update.clone()),
        ("a byte cut off", pdf[..pdf.len() - 1].to_vec()),
        ("cut in half", pdf[..pdf.len() / 2 + 2000].to_vec()),
        ("a byte before it", [b" ".as_slice(), &pdf].concat()),
        // The update made to look covered: the range ends where the file now ends.
        ("a range moved", stretched(&update, pdf.len())),
        (
            "letters exchanged",
            [&pdf[..pdf.len() - 40], &pdf[pdf.len() - 20..], &pdf[pdf.len() - 40..pdf.len() - 20]].concat(),
        ),
    ] {
        let answer = desk.by_file(file).await.unwrap();
        assert!(matches!(answer, FileAnswer::Altered | FileAnswer::Unsigned), "{what}: {answer:?}");
    }
}

fn memchr(bytes: &[u8], wanted: &[u8]) -> usize {
    bytes.windows(wanted.len()).position(|window| window == wanted).unwrap()
}

/// The last number of the ByteRange, as if the signature covered what was added.
fn stretched(file: &[u8], before: usize) -> Vec<u8> {
    let start = memchr(file, b"/ByteRange");
    let end = start + file[start..].iter().position(|byte| *byte == b']').unwrap();
    let text = std::str::from_utf8(&file[start..end]).unwrap();
    let last: usize = text.split_whitespace().next_back().unwrap().parse().unwrap();
    let longer = format!("{}", last + file.len() - before);
    let at = start + text.rfind(&last.to_string()).unwrap();
    [&file[..at], longer.as_bytes(), &file[at + longer.len()..]].concat()
}

#[tokio::test]
async fn the_signature_of_another_is_not_the_chamber_s_whatever_it_says() {
    let (world, desk) = mailed(2).await;
    let (first, second) = (pdfs(&world).remove(0), pdfs(&world).remove(1));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("otro.p12");
    let letter = unsigned(&folder);
    std::fs::write(&path, tls::self_signed(&tls::p256(), &world.chamber.nombre, "x")).unwrap();
    let stranger = Signer::from_p12(&path, "x", world.clock.now()).unwrap();
    let note = SignatureNote { name: &world.chamber.nombre, reason: "Clave preasignada", location: "" };
    let forged = stranger.sign(&letter, world.clock.now(), note).unwrap();
    assert_eq!(desk.by_file(forged.clone()).await.unwrap(), FileAnswer::Stranger, "a certificate of the same name");

    // One letter's signature in another letter's hole.
    let replaced = graft(&first, &second);
    assert_eq!(desk.by_file(replaced).await.unwrap(), FileAnswer::Altered);
    assert_eq!(desk.by_file(letter).await.unwrap(), FileAnswer::Unsigned);

    // Signed with the right certificate, and never issued.
    let signing = world.chamber.signing.as_ref().unwrap();
    let own = Signer::from_p12(&signing.p12, &signing.password, world.clock.now()).unwrap();
    let other = own.sign(&unsigned(&folder), world.clock.now(), note).unwrap();
    let answer = desk.by_file(other.clone()).await.unwrap();
    assert!(
        matches!(&answer, FileAnswer::SignedOtherwise { camara_nombre, .. } if *camara_nombre == note.name),
        "{answer:?}"
    );

    // Another chamber's certificate is another signer, and its letters are not this one's.
    let txn = world.test_db.db.write().await.unwrap();
    certificates::remember(&txn, other_camara(), &stranger, world.clock.now()).await.unwrap();
    txn.commit().await.unwrap();
    assert_eq!(desk.by_file(forged.clone()).await.unwrap(), FileAnswer::Stranger, "that chamber is not served here");
    let mut both = (*desk.chambers).clone();
    let mut neighbour = world.chamber.clone();
    neighbour.nombre = "Cámara vecina".to_owned();
    both.insert(other_camara(), Arc::new(neighbour));
    let wider = VerificationDesk { chambers: Arc::new(both), ..desk };
    let answer = wider.by_file(forged).await.unwrap();
    assert!(matches!(&answer, FileAnswer::SignedOtherwise { camara_nombre, .. } if camara_nombre == "Cámara vecina"));
    assert!(matches!(wider.by_file(first).await.unwrap(), FileAnswer::Authentic { .. }));
}

/// A letter's bytes before they are signed.
fn unsigned(folder: &tempfile::TempDir) -> Vec<u8> {
    let mut document = lopdf::Document::with_version("1.7");
    let pages = document.new_object_id();
    let page = document.add_object(lopdf::dictionary! { "Type" => "Page", "Parent" => pages });
    document
        .objects
        .insert(pages, lopdf::dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 }.into());
    let catalog = document.add_object(lopdf::dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    let path = folder.path().join("sin-firma.pdf");
    document.save(&path).unwrap();
    std::fs::read(path).unwrap()
}

/// The contents of one signature put into another document of the same layout.
fn graft(from: &[u8], into: &[u8]) -> Vec<u8> {
    let hole = |file: &[u8]| {
        let start = memchr(file, b"/ByteRange");
        let text = String::from_utf8_lossy(&file[start..start + 100]).into_owned();
        let numbers = text.split(['[', ']']).nth(1).unwrap().split_whitespace();
        let numbers: Vec<usize> = numbers.map(|number| number.parse().unwrap()).collect();
        numbers[1]..numbers[2]
    };
    let (given, taken) = (hole(from), hole(into));
    assert_eq!(given.len(), taken.len());
    [&into[..taken.start], &from[given], &into[taken.end..]].concat()
}

#[tokio::test]
async fn what_is_no_letter_at_all_gets_an_answer_too() {
    let (_world, desk) = mailed(1).await;
    let mut large = b"%PDF-1.7\n".to_vec();
    large.resize(MAX_FILE + 1, b' ');
    for (file, answer) in [
        (Vec::new(), FileAnswer::Missing),
        (b"hola".to_vec(), FileAnswer::NoPdf),
        (b"%PDF-1.7".to_vec(), FileAnswer::Unsigned),
        (b"%PDF-1.7 /ByteRange".to_vec(), FileAnswer::Altered),
        (b"%PDF-1.7 /ByteRange[0 1 2 99999999999999999999999999]".to_vec(), FileAnswer::Altered),
        (b"%PDF-1.7 /ByteRange[0 18446744073709551615 18446744073709551615 1]".to_vec(), FileAnswer::Altered),
        (b"%PDF-1.7 /ByteRange[0 9 51 0]<30840000000000000000>".to_vec(), FileAnswer::Altered),
        (large, FileAnswer::TooLarge),
    ] {
        let start = String::from_utf8_lossy(&file[..file.len().min(60)]).into_owned();
        assert_eq!(desk.by_file(file).await.unwrap(), answer, "{start}");
    }
}

#[tokio::test]
async fn the_page_says_it_in_words_with_and_without_a_file() {
    let site = TestSite::start("").await;
    let browser = site.browser();
    let page = async |path: &str| {
        let answer = browser.get(site.url(path)).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let (status, text) = page("/verificar").await;
    assert_eq!((status, text.contains("<h1>Verifique un documento</h1>")), (200, true));
    assert!(!text.contains("id=\"resultado\"") && !text.contains("aria-invalid"));
    assert!(page("/verificar?codigo=12").await.1.contains("16 letras y números"));
    assert!(page("/verificar?codigo=0000000000000000").await.1.contains("Ninguna carta tiene ese código"));
    let (_, text) = page("/verificar?codigo=%3Cscript%3Ealert(1)%3C%2Fscript%3E").await;
    assert!(!text.contains("<script>alert"));

    let post = async |field: &str, file: &[u8]| {
        let request =
            browser.post(site.url("/verificar")).header("content-type", "multipart/form-data; boundary=borde");
        let head = format!(
            "--borde\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"clave.pdf\"\r\n\
             content-type: application/pdf\r\n\r\n"
        );
        let body = [head.as_bytes(), file, b"\r\n--borde--\r\n"].concat();
        let answer = request.body(body).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    assert!(post("archivo", b"%PDF-1.7").await.1.contains("El documento no está firmado"));
    assert!(post("archivo", b"GIF89a").await.1.contains("El archivo no es un PDF"));
    assert!(post("archivo", b"").await.1.contains("Elija el archivo PDF"));
    assert!(post("otro", b"%PDF-1.7").await.1.contains("Elija el archivo PDF"));
    let (status, text) = post("archivo", &vec![b'%'; 2 * MAX_FILE]).await;
    assert_eq!((status, text.contains("más grande que cualquier carta")), (200, true));
    assert_eq!(post("archivo", &vec![b'%'; 9 * MAX_FILE]).await.0, 413);
    let plain = browser.post(site.url("/verificar")).body("archivo=x").send().await.unwrap();
    assert_eq!(plain.status(), 200);
    assert!(plain.text().await.unwrap().contains("Elija el archivo PDF"));
}
