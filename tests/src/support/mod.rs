//! What every test leans on.

pub mod guide;
pub mod registry;
pub mod site;
pub mod tls;

use contract::ChamberCode;
use rand::RngCore;
use sea_orm::{ConnectionTrait, Database};
use server::db::Db;

/// A fresh, migrated database: a SQLite file of its own, or, with `TEST_DATABASE_URL`, a new
/// database on that PostgreSQL server.
pub struct TestDb {
    pub db: Db,
    pub url: String,
    _dir: Option<tempfile::TempDir>,
}

pub async fn database() -> TestDb {
    let test_db = empty_database().await;
    test_db.db.migrate().await.unwrap();
    test_db
}

/// The same without a schema.
pub async fn empty_database() -> TestDb {
    let Ok(admin_url) = std::env::var("TEST_DATABASE_URL") else {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", dir.path().join("test.db").display());
        return TestDb { db: Db::connect(&url).await.unwrap(), url, _dir: Some(dir) };
    };
    let name = format!("test_{:016x}", rand::rng().next_u64());
    let admin = Database::connect(&admin_url).await.unwrap();
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    admin.close().await.unwrap();
    let (server, _) = admin_url.rsplit_once('/').unwrap();
    let url = format!("{server}/{name}");
    TestDb { db: Db::connect(&url).await.unwrap(), url, _dir: None }
}

pub fn camara() -> ChamberCode {
    ChamberCode::parse("55").unwrap()
}

/// A chamber that must never see the other's rows.
pub fn other_camara() -> ChamberCode {
    ChamberCode::parse("20").unwrap()
}
