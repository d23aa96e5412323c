//! Bad files get a clear answer and change nothing.

use contract::ServiceError;
use contract::error::ExtractFault;
use contract::registry::{RegistryService, Reject, RejectReason, SyncState};
use entity::{mreg_est_matriculados as registro, sincronizaciones};
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait};
use server::db::{Db, sql};
use server::services::actor::Actor;
use server::services::registry::RegistryDesk;

use crate::support::registry::{COLUMNS, extract, merchant, sync, sync_as};
use crate::support::{camara, database};

async fn registered(db: &Db) -> u64 {
    registro::Entity::find().count(db.reader()).await.unwrap()
}

async fn staged(db: &Db) -> i64 {
    let count = sql(db.backend(), "SELECT COUNT(*) AS filas FROM mreg_carga", []);
    db.reader().query_one_raw(count).await.unwrap().unwrap().try_get("", "filas").unwrap()
}

fn refused(fault: ExtractFault) -> ServiceError {
    ServiceError::Extract { fault }
}

fn reject(line: u64, column: &str, reason: RejectReason) -> Reject {
    Reject { line, column: column.to_owned(), reason }
}

#[tokio::test]
async fn a_file_that_is_no_extract_is_refused_with_its_fault_and_recorded() {
    let test_db = database().await;
    let header = COLUMNS.join(",");
    let without = header.replace(",numid,", ",").replace(",emailnot,", ",");
    let missing = vec!["numid".to_owned(), "emailnot".to_owned()];
    let cases: [(Vec<u8>, ExtractFault); 9] = [
        (vec![], ExtractFault::Empty),
        (b"\xEF\xBB\xBF".to_vec(), ExtractFault::Empty),
        (b" \r\n\n  \n".to_vec(), ExtractFault::Empty),
        (header.clone().into_bytes(), ExtractFault::NoRows),
        (format!("{header}\r\n\r\n").into_bytes(), ExtractFault::NoRows),
        (format!("{without}\n1\n").into_bytes(), ExtractFault::MissingColumns { columns: missing }),
        (format!("{header},CELCOM\n").into_bytes(), ExtractFault::DuplicateColumn { column: "celcom".to_owned() }),
        (b"%PDF-1.7\nnothing\n".to_vec(), ExtractFault::UnknownDelimiter),
        (b"\xFF\xFEm\0a\0t\0".to_vec(), ExtractFault::UndecodableHeader),
    ];
    let total = cases.len();
    for (bytes, fault) in cases {
        assert_eq!(sync(&test_db.db, bytes).await.result, Err(refused(fault)));
    }
    let runs = sincronizaciones::Entity::find().all(test_db.db.reader()).await.unwrap();
    assert_eq!(runs.iter().filter(|run| run.estado == "rechazada" && run.terminada_en.is_some()).count(), total);
    assert_eq!(registered(&test_db.db).await, 0);
}

#[tokio::test]
async fn unreadable_rows_are_named_by_line_and_column_and_nothing_is_changed() {
    let test_db = database().await;
    sync(&test_db.db, extract(&[merchant(1)])).await.result.unwrap();
    let mut bytes = extract(&[merchant(1).with("apellido1", "SAMÁN"), merchant(2)]).into_bytes();
    bytes.extend(b"3,01,short\n");
    bytes.extend(merchant(4).with("matricula", " 000 ").line(',').into_bytes());
    bytes.push(b'\n');
    bytes.extend(merchant(5).with("nombre1", "PE\u{1}A").line(',').replace('\u{1}', "@@").into_bytes());
    let at = bytes.windows(4).position(|window| window == b"PE@@").unwrap();
    bytes.splice(at + 2..at + 4, [0xD1]);
    bytes.push(b'\n');
    bytes.extend(merchant(6).with("razonsocial", "\"never ends").line(',').into_bytes());
    bytes.push(b'\n');
    bytes.extend(merchant(7).line(',').into_bytes());
    let synced = sync(&test_db.db, &bytes).await;

    assert_eq!(synced.result, Err(refused(ExtractFault::RejectedRows { rejected: 4 })));
    let expected = vec![
        reject(4, "", RejectReason::FieldCount),
        reject(5, "matricula", RejectReason::NoMatricula),
        reject(6, "nombre1", RejectReason::Undecodable),
        reject(7, "", RejectReason::Malformed),
    ];
    assert_eq!(synced.rejects, expected);
    assert_eq!((registered(&test_db.db).await, staged(&test_db.db).await), (1, 0));
    let untouched = registro::Entity::find().one(test_db.db.reader()).await.unwrap().unwrap();
    assert_eq!(untouched.apellido1, "CEIBA");

    let desk = RegistryDesk { db: test_db.db.clone(), clock: Default::default(), actor: Actor::command_line(camara()) };
    let history = desk.history().await.unwrap();
    assert_eq!(
        (history[0].state, history[0].counts.leidas, history[0].counts.rechazadas),
        (SyncState::Rechazada, 7, 4)
    );
    assert_eq!(desk.rejects(history[0].id).await.unwrap(), expected);
}

#[tokio::test]
async fn partial_takes_the_readable_rows_and_says_which_it_left() {
    let test_db = database().await;
    let text = format!("{}2,01\n{}\n", extract(&[merchant(1)]), merchant(3).line(','));
    let (clock, actor) = (Default::default(), Actor::command_line(camara()));
    let synced = sync_as(&test_db.db, &clock, &actor, &text, None, true).await;
    assert_eq!(synced.figures(), [3, 2, 0, 0, 1]);
    assert_eq!(synced.rejects, vec![reject(3, "", RejectReason::FieldCount)]);
    // With nothing readable at all there is nothing to take.
    let none = sync_as(&test_db.db, &clock, &actor, format!("{}\nx,y\n", COLUMNS.join(",")), None, true).await;
    assert_eq!(none.result, Err(refused(ExtractFault::RejectedRows { rejected: 1 })));
    assert_eq!(registered(&test_db.db).await, 2);
}

#[tokio::test]
async fn a_stray_quote_or_an_endless_line_costs_one_row_and_not_the_file() {
    let test_db = database().await;
    let rows: Vec<_> = (1..=300).map(merchant).collect();
    let mut lines: Vec<String> = extract(&rows).lines().map(str::to_owned).collect();
    lines[10] = lines[10].replace("CEIBA ANA", "\"CEIBA ANA");
    lines[20] = "x".repeat(400_000);
    let (clock, actor) = (Default::default(), Actor::command_line(camara()));
    let synced = sync_as(&test_db.db, &clock, &actor, lines.join("\n"), None, true).await;
    assert_eq!(synced.figures(), [300, 298, 0, 0, 2]);
    let expected = vec![reject(11, "", RejectReason::Malformed), reject(21, "", RejectReason::Malformed)];
    assert_eq!(synced.rejects, expected);
}

#[tokio::test]
async fn a_connection_that_breaks_leaves_a_failed_run_and_nothing_else() {
    let test_db = database().await;
    let text = extract(&(1..=5_000).map(merchant).collect::<Vec<_>>());
    let broken = tokio::io::AsyncReadExt::chain(text.as_bytes(), BrokenPipe);
    let source = server::registry::sync::Source {
        file_name: "extracto.csv".to_owned(),
        reader: broken,
        encoding: None,
        delimiter: None,
        partial: true,
    };
    let actor = Actor::command_line(camara());
    let result =
        server::registry::sync::synchronise(&test_db.db, &Default::default(), &actor, source, &mut |_| {}).await;
    assert_eq!(result, Err(refused(ExtractFault::Interrupted)));
    let runs = sincronizaciones::Entity::find().all(test_db.db.reader()).await.unwrap();
    assert_eq!(runs[0].estado, "fallida");
    assert_eq!((registered(&test_db.db).await, staged(&test_db.db).await), (0, 0));
}

struct BrokenPipe;

impl tokio::io::AsyncRead for BrokenPipe {
    fn poll_read(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
        _: &mut tokio::io::ReadBuf<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::task::Poll::Ready(Err(std::io::ErrorKind::ConnectionReset.into()))
    }
}
