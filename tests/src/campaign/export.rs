//! «Exportar a Excel», opened and read.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use contract::ServiceError;
use contract::campaign::CampaignService;
use contract::staff::Role;
use entity::auditoria;
use sea_orm::EntityTrait;
use server::services::actor::Actor;
use server::services::campaign::{CampaignDesk, export};

use super::desk::{desk, passwords, preassigned, set_state, year};
use crate::support::registry::{extract, merchant, sync};
use crate::support::{camara, database, other_camara};

const HEADINGS: [&str; 12] = [
    "Año",
    "Matrícula",
    "Identificación",
    "Nombre",
    "Correo",
    "Origen del correo",
    "Celular",
    "Origen del celular",
    "Estado",
    "Seleccionada",
    "Enviada",
    "Activada",
];

fn read(bytes: Vec<u8>) -> Vec<Vec<Data>> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheet = workbook.worksheet_range_at(0).unwrap().unwrap();
    sheet.rows().map(<[Data]>::to_vec).collect()
}

#[tokio::test]
async fn the_export_holds_every_merchant_as_text_and_never_a_password() {
    let test_db = database().await;
    let rows = [
        merchant(1).with("apellido1", "=CMD()").with("nombre1", "MU¥OZ"),
        merchant(2).with("emailnot", "").with("emailcom", "com@example.com"),
        merchant(3),
    ];
    sync(&test_db.db, extract(&rows)).await.result.unwrap();
    let desk = desk(&test_db);
    desk.select(year(), None).await.unwrap();
    set_state(&test_db, "3000000002", "enviado").await;
    preassigned(&test_db, camara(), 2026, "PRUEBA2247@", true, "enviado").await;
    preassigned(&test_db, other_camara(), 2026, "999", false, "enviado").await;
    preassigned(&test_db, camara(), 2025, "998", false, "enviado").await;

    let bytes = export(&desk, year()).await.unwrap();
    let rows = read(bytes.clone());
    assert_eq!(rows[0], HEADINGS.map(|heading| Data::String(heading.to_owned())));
    assert_eq!(rows.len(), 4);
    let text =
        |row: usize, column: &str| match &rows[row][HEADINGS.iter().position(|heading| *heading == column).unwrap()] {
            Data::String(text) => text.clone(),
            Data::Empty => String::new(),
            other => panic!("{column} is no text: {other:?}"),
        };
    assert_eq!(text(1, "Nombre"), "=CMD() MUÑOZ");
    assert_eq!(
        (text(1, "Año"), text(1, "Matrícula"), text(1, "Identificación")),
        ("2026".into(), "1".into(), "3000000001".into())
    );
    assert_eq!((text(1, "Correo"), text(1, "Origen del correo")), ("ana1@example.com".into(), "Notificación".into()));
    assert_eq!((text(2, "Correo"), text(2, "Origen del correo")), ("com@example.com".into(), "Comercial".into()));
    assert_eq!((text(1, "Celular"), text(1, "Origen del celular")), ("3900000001".into(), "Notificación".into()));
    assert_eq!((text(1, "Estado"), text(2, "Estado")), ("pendiente".into(), "enviado".into()));
    assert_eq!((text(1, "Enviada"), text(2, "Enviada")), (String::new(), "14/11/2023 17:13".into()));
    assert_eq!(text(1, "Seleccionada").len(), 16);

    for row in passwords(&test_db).await.iter().filter(|row| row.sellada.is_some()) {
        let binding = server::services::campaign::seal_binding(camara().as_str(), &row.identificacion, 2026, 1);
        let password =
            desk.vault.open(row.sellada_llave.as_deref().unwrap(), row.sellada.as_deref().unwrap(), &binding).unwrap();
        let password = String::from_utf8(password.to_vec()).unwrap();
        assert!(rows.iter().flatten().all(|cell| !cell.to_string().contains(&password)));
    }
    let trail = auditoria::Entity::find().all(test_db.db.reader()).await.unwrap();
    assert_eq!(trail.last().unwrap().accion, "exportacion");
    assert_eq!(trail.last().unwrap().detalle, "ano=2026 filas=3");
}

#[tokio::test]
async fn an_empty_year_exports_its_headings() {
    let test_db = database().await;
    let rows = read(export(&desk(&test_db), year()).await.unwrap());
    assert_eq!(rows, vec![HEADINGS.map(|heading| Data::String(heading.to_owned())).to_vec()]);
}

#[tokio::test]
async fn more_rows_than_a_sheet_holds_go_to_the_next_one() {
    use contract::Timestamp;
    use contract::campaign::{Origin, PasswordState, PreassignedRow};
    let row = |id: i64| PreassignedRow {
        id,
        matricula: id.to_string(),
        identificacion: id.to_string(),
        nombre: "X".repeat(40_000),
        correo: "a@example.com".to_owned(),
        correo_origen: Origin::Notificacion,
        celular: "3900000000".to_owned(),
        celular_origen: Origin::Comercial,
        estado: PasswordState::Pendiente,
        seleccionada_en: Timestamp(0),
        enviada_en: None,
        activada_en: None,
    };
    let rows: Vec<PreassignedRow> = (1..=5).map(row).collect();
    let bytes = server::excel::Workbook::new(year(), 2).unwrap().append(&rows).unwrap().finish().unwrap();
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sizes: Vec<usize> = workbook.worksheets().iter().map(|(_, range)| range.rows().count()).collect();
    assert_eq!(sizes, [3, 3, 2]);
    let second = workbook.worksheet_range_at(1).unwrap().unwrap();
    assert_eq!(second.get((0, 8)), Some(&Data::String("Estado".to_owned())));
    assert_eq!(second.get((1, 1)), Some(&Data::String("3".to_owned())));
}

#[tokio::test]
async fn the_export_asks_for_the_password_again_and_is_not_for_auditors() {
    let test_db = database().await;
    let as_staff = |role| {
        let actor = Actor { role, must_confirm: true, ..Actor::command_line(camara()) };
        CampaignDesk { actor, ..desk(&test_db) }
    };
    assert_eq!(export(&as_staff(Role::Operador), year()).await, Err(ServiceError::ConfirmPassword));
    assert_eq!(export(&as_staff(Role::Auditor), year()).await, Err(ServiceError::Forbidden));
}
