//! Evidence: the audit's chain and its seals, the acta of an activation, what is kept and for how long.

mod acta;
mod chain;
mod docs;
mod retention;
mod seals;

use contract::audit::{ChainFlaw, ChainReport};
use sea_orm::{ConnectionTrait, DbBackend};
use server::db::Db;
use server::services::audit::{Action, record, verify};

use crate::support::camara;
use crate::support::site::TestSite;

/// Writes so many entries into chamber 55's trail.
pub async fn entries(site: &TestSite, count: usize) {
    let txn = site.app.db.write().await.unwrap();
    for index in 0..count {
        let now = site.app.clock.now();
        record(&txn, camara(), now, "ana", Action::Seleccion, format!("clave={index} ñ=«sí»")).await.unwrap();
    }
    txn.commit().await.unwrap();
}

pub async fn report(site: &TestSite) -> ChainReport {
    verify(&site.app.db, camara()).await.unwrap()
}

pub async fn flaw(site: &TestSite) -> Option<ChainFlaw> {
    report(site).await.falla
}

/// Takes the guards of a table away, as only the database's owner can.
pub async fn unguard(db: &Db, table: &str) {
    let statements = if db.backend() == DbBackend::Postgres {
        vec![format!("ALTER TABLE {table} DISABLE TRIGGER ALL")]
    } else {
        ["cambios", "borrados"].map(|what| format!("DROP TRIGGER {table}_sin_{what}")).to_vec()
    };
    for statement in statements {
        db.reader().execute_unprepared(&statement).await.unwrap();
    }
}

pub async fn run(db: &Db, statement: &str) -> Result<u64, sea_orm::DbErr> {
    Ok(db.reader().execute_unprepared(statement).await?.rows_affected())
}
