//! Every encoding and delimiter of the field gives the same registry.

use entity::mreg_est_matriculados::{Entity, Model};
use sea_orm::{EntityTrait, QueryOrder};
use server::db::Db;
use server::registry::Encoding;
use server::services::actor::Actor;

use crate::support::registry::{COLUMNS, Row, extract, extract_with, merchant, sync, sync_as};
use crate::support::{camara, database};

async fn stored(db: &Db) -> Vec<Model> {
    Entity::find().order_by_asc(entity::mreg_est_matriculados::Column::MatriculaOrden).all(db.reader()).await.unwrap()
}

/// The bytes of a text of which only these letters are beyond ASCII.
fn in_bytes(text: &str, table: &[(char, u8)]) -> Vec<u8> {
    let byte = |c: char| table.iter().find(|(letter, _)| *letter == c).map_or_else(|| c as u8, |(_, byte)| *byte);
    text.chars().map(byte).collect()
}

const WINDOWS_1252: [(char, u8); 4] = [('Ñ', 0xD1), ('É', 0xC9), ('ú', 0xFA), ('Ú', 0xDA)];
const CP850: [(char, u8); 4] = [('Ñ', 0xA5), ('É', 0x90), ('ú', 0xA3), ('Ú', 0xE9)];

fn letters() -> Vec<Row> {
    vec![
        merchant(1).with("apellido1", "MUÑOZ").with("nombre1", "JOSÉ"),
        merchant(2).with("apellido1", "Angulo").with("nombre1", "Raúl"),
        merchant(3).with("apellido1", "PEÑA").with("nombre1", "RAÚL"),
    ]
}

#[tokio::test]
async fn utf8_windows_1252_and_cp850_are_told_apart_and_read_alike() {
    let text = extract(&letters());
    let with_mark = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    let files = [text.clone().into_bytes(), with_mark, in_bytes(&text, &WINDOWS_1252), in_bytes(&text, &CP850)];
    for bytes in files {
        let test_db = database().await;
        assert_eq!(sync(&test_db.db, &bytes).await.figures(), [3, 3, 0, 0, 0]);
        let names: Vec<String> =
            stored(&test_db.db).await.into_iter().map(|row| format!("{} {}", row.apellido1, row.nombre1)).collect();
        assert_eq!(names, ["MUÑOZ JOSÉ", "Angulo Raúl", "PEÑA RAÚL"]);
    }
}

#[tokio::test]
async fn an_encoding_that_is_named_is_not_guessed() {
    let test_db = database().await;
    // 0xE9 alone between digits could be é or Ú: only the name decides.
    let bytes = in_bytes(&extract(&[merchant(1).with("apellido1", "1Ú1")]), &CP850);
    let (clock, actor) = (Default::default(), Actor::command_line(camara()));
    sync_as(&test_db.db, &clock, &actor, &bytes, Some(Encoding::Cp850), false).await.result.unwrap();
    assert_eq!(stored(&test_db.db).await[0].apellido1, "1Ú1");
    sync_as(&test_db.db, &clock, &actor, &bytes, Some(Encoding::Windows1252), false).await.result.unwrap();
    assert_eq!(stored(&test_db.db).await[0].apellido1, "1é1");
}

#[tokio::test]
async fn every_delimiter_is_recognised_by_the_header() {
    for delimiter in [',', ';', '|', '\t'] {
        let test_db = database().await;
        let quoted = format!("\"CEIBA {delimiter} HIJOS \"\"LA 10\"\"\nSEDE\"");
        let rows = [merchant(1).with("razonsocial", &quoted), merchant(2)];
        assert_eq!(sync(&test_db.db, extract_with(delimiter, &rows)).await.figures(), [2, 2, 0, 0, 0]);
        let stored = stored(&test_db.db).await;
        assert_eq!(stored[0].razonsocial, format!("CEIBA {delimiter} HIJOS \"LA 10\"\nSEDE"));
        assert_eq!(stored[1].emailnot, "ana2@example.com");
    }
}

#[tokio::test]
async fn windows_line_ends_other_names_capitals_and_unknown_columns_do_no_harm() {
    let test_db = database().await;
    let mut names = COLUMNS.map(|name| match name {
        "estmatricula" => "CTRESTMATRICULA".to_owned(),
        "celcom" => "TelCom3".to_owned(),
        "celnot" => "telnot3".to_owned(),
        other => format!(" {other} "),
    });
    names.reverse();
    let line = merchant(1).with("celcom", "3900000009").line(',');
    let mut values: Vec<&str> = line.split(',').collect();
    values.reverse();
    let text = format!("\r\nextra,{},otra\r\n\r\nx,{},y\r\n\x1a", names.join(","), values.join(","));
    assert_eq!(sync(&test_db.db, text).await.figures(), [1, 1, 0, 0, 0]);
    let row = stored(&test_db.db).await.remove(0);
    assert_eq!((row.estmatricula.as_str(), row.celcom.as_str()), ("MA", "3900000009"));
    assert_eq!((row.celnot.as_str(), row.horsincronizacion.as_str()), ("3900000001", ""));
}

#[tokio::test]
async fn yens_and_bracket_escapes_become_letters_and_left_zeros_go() {
    let test_db = database().await;
    let rows = [
        merchant(1).with("matricula", "00000123").with("apellido1", "MU¥OZ").with("numid", "0071234567"),
        merchant(2).with("matricula", "S0500123").with("razonsocial", "Fundaci[7]n Ni[9]o [39]AME"),
    ];
    sync(&test_db.db, extract(&rows)).await.result.unwrap();
    let stored = stored(&test_db.db).await;
    assert_eq!((stored[0].matricula.as_str(), stored[0].apellido1.as_str()), ("123", "MUÑOZ"));
    assert_eq!(stored[0].numid, "71234567");
    assert_eq!((stored[1].matricula.as_str(), stored[1].razonsocial.as_str()), ("S0500123", "Fundación Niño ÑAME"));
}

#[tokio::test]
async fn unusable_data_are_stored_as_they_came() {
    let test_db = database().await;
    let row =
        merchant(1).with("emailnot", "ana@@x").with("celnot", "no tiene").with("numid", "12@/x").with("ultanoren", "?");
    assert_eq!(sync(&test_db.db, extract(&[row])).await.figures(), [1, 1, 0, 0, 0]);
    let row = stored(&test_db.db).await.remove(0);
    assert_eq!((row.emailnot.as_str(), row.celnot.as_str(), row.numid.as_str()), ("ana@@x", "no tiene", "12@/x"));
}
