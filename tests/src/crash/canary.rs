//! After a whole campaign by the program itself, with everything logged that can be: no password that
//! was mailed stands anywhere but in the mails.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use calamine::{Reader, open_workbook_auto};
use contract::staff::Role;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use server::mail::catcher::Behaviour;
use server::services::actor::Actor;
use server::services::staff;
use tokio::process::{Child, Command};

use super::node::binary;
use crate::sending::world::{World, YEAR};
use crate::support::camara;

const STAFF_PASSWORD: &str = "clave-de-prueba-larga";

/// The program, logging all it can into a file of the world's folder.
fn program(world: &World, name: &str, arguments: &[&str]) -> Child {
    let log = std::fs::File::create(world.dir.path().join(format!("{name}.log"))).unwrap();
    Command::new(binary())
        .args(arguments)
        .env_clear()
        .env("RUST_LOG", "trace")
        .env("TMPDIR", world.dir.path())
        .env("DATABASE_URL", &world.test_db.url)
        .env("CONFIG_DIR", world.dir.path())
        .env("CLAVE_MAESTRA_FILE", world.key_file())
        .env("LISTEN", "127.0.0.1:0")
        .env("LEPTOS_SITE_ROOT", "target/site")
        .current_dir(world.dir.path())
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

async fn command(world: &World, name: &str, arguments: &[&str]) {
    let status = program(world, name, arguments).wait().await.unwrap();
    let said = std::fs::read_to_string(world.dir.path().join(format!("{name}.log"))).unwrap();
    assert!(status.success(), "{name}: {}", said.lines().last().unwrap_or_default());
}

async fn address(world: &World) -> String {
    for _ in 0..500 {
        let said = std::fs::read_to_string(world.dir.path().join("servir.log")).unwrap();
        if let Some((_, rest)) = said.split_once("atiende en ") {
            return rest.split_whitespace().next().unwrap().to_owned();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the server does not start");
}

/// Every byte of the database: its files, or every row of every table as text.
async fn database_bytes(world: &World) -> BTreeMap<String, Vec<u8>> {
    let db = &world.test_db.db;
    if db.backend() == DbBackend::Sqlite {
        let path = world.test_db.url.trim_start_matches("sqlite://").split('?').next().unwrap().to_owned();
        let files = ["", "-wal", "-shm"].map(|suffix| format!("{path}{suffix}"));
        return files.into_iter().filter_map(|file| Some((file.clone(), std::fs::read(&file).ok()?))).collect();
    }
    let query = |text: String| Statement::from_string(DbBackend::Postgres, text);
    let tables = "SELECT table_name AS t FROM information_schema.tables WHERE table_schema = 'public'";
    let mut bytes = BTreeMap::new();
    for table in db.reader().query_all_raw(query(tables.to_owned())).await.unwrap() {
        let table: String = table.try_get("", "t").unwrap();
        let rows =
            db.reader().query_all_raw(query(format!("SELECT t::text AS fila FROM \"{table}\" t"))).await.unwrap();
        let text: Vec<String> = rows.iter().map(|row| row.try_get("", "fila").unwrap()).collect();
        bytes.insert(table, text.join("\n").into_bytes());
    }
    bytes
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files_below(&path, found) } else { found.push(path) }
    }
}

fn workbook_text(path: &Path) -> String {
    let mut workbook = open_workbook_auto(path).unwrap();
    let mut text = String::new();
    for name in workbook.sheet_names() {
        for row in workbook.worksheet_range(&name).unwrap().rows() {
            row.iter().for_each(|cell| text.push_str(&format!("{cell}\t")));
        }
    }
    text
}

/// The password of the first merchant's letter, typed at the public form, then the PIN.
async fn activate(site: &str, world: &World, password: &str) -> Vec<String> {
    let browser = reqwest::Client::builder().cookie_store(true).build().unwrap();
    let mut pages = vec![browser.get(format!("{site}/activacion/55")).send().await.unwrap().text().await.unwrap()];
    let row = &world.rows().await[0];
    let form = [
        ("camara", "55"),
        ("identificacion", row.identificacion.as_str()),
        ("correo", row.correo.as_str()),
        ("celular", "3001234567"),
        ("clave", password),
    ];
    for (endpoint, form) in [("aceptar", form.to_vec()), ("confirmar", vec![("camara", "55"), ("pin", "000000")])] {
        let answer = browser.post(format!("{site}/api/activacion/{endpoint}")).form(&form).send().await.unwrap();
        pages.push(answer.text().await.unwrap());
    }
    assert!(pages[1].contains("PIN"), "the form was to lead to the PIN");
    pages
}

async fn console_pages(site: &str, world: &World) -> Vec<String> {
    let (actor, clock) = (Actor::command_line(camara()), &world.clock);
    let password = STAFF_PASSWORD.to_owned().into();
    staff::create_user(&world.test_db.db, clock, &actor, "ana", "Ana", Role::Supervisor, password).await.unwrap();
    let browser = reqwest::Client::builder().cookie_store(true).build().unwrap();
    let form = [("camara", "55"), ("usuario", "ana"), ("clave", STAFF_PASSWORD)];
    let welcome = browser.post(format!("{site}/consola/ingresar")).form(&form).send().await.unwrap();
    let mut pages = vec![welcome.text().await.unwrap()];
    for path in ["", "/sincronizacion", "/contrasenas", "/usuarios-verificados", "/auditoria"] {
        pages.push(browser.get(format!("{site}/consola{path}?ano={YEAR}")).send().await.unwrap().text().await.unwrap());
    }
    assert!(pages.iter().any(|page| page.contains("COMERCIANTE 1")), "the lists were to be seen");
    pages
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_mailed_password_stands_in_database_log_file_export_or_page() {
    let local = [("SMS_PROVEEDOR", "buzon")];
    let world = World::with(Behaviour::default(), &local).await;
    let passwords = world.merchants(4).await;
    command(&world, "enviar", &["enviar", "--camara", "55", "--cantidad", "3"]).await;
    command(&world, "exportar", &["exportar", "--camara", "55", "--salida", "campana.xlsx"]).await;
    assert_eq!(world.store.count(), 3);
    let mut server = program(&world, "servir", &["servir"]);
    let site = address(&world).await;
    let mut pages = activate(&site, &world, &passwords[0]).await;
    pages.extend(console_pages(&site, &world).await);
    server.kill().await.unwrap();

    let mut hay = database_bytes(&world).await;
    let mut files = Vec::new();
    files_below(world.dir.path(), &mut files);
    assert!(files.iter().any(|file| file.ends_with("servir.log")));
    for file in files {
        hay.insert(file.display().to_string(), std::fs::read(&file).unwrap());
    }
    hay.insert("workbook".to_owned(), workbook_text(&world.dir.path().join("campana.xlsx")).into_bytes());
    hay.insert("pages".to_owned(), pages.concat().into_bytes());
    assert!(contains(&hay["workbook"], b"COMERCIANTE 2"), "the export was to be read");
    for (place, bytes) in &hay {
        for password in &passwords {
            assert!(!contains(bytes, password.as_bytes()), "a password stands in {place}");
        }
        assert!(!place.ends_with(".log") || !contains(bytes, STAFF_PASSWORD.as_bytes()), "staff's stands in {place}");
    }
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}
