//! Scheduled work over the table `tareas`: any number of nodes look, one takes the task and holds it
//! for a time, so that what dies with its node is done by another.

use std::time::Duration;

use contract::{ChamberCode, Timestamp};
use entity::tareas;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter, Set};

use crate::db::Db;

/// How long a node holds a task.
const LEASE_SECONDS: i64 = 10 * 60;

/// How long the work itself may take: well within the lease, so that no two nodes do it at once.
pub const MOST: Duration = Duration::from_secs(8 * 60);

/// A task of one chamber.
#[derive(Clone, Copy, Debug)]
pub struct Task {
    /// The chamber.
    pub camara: ChamberCode,
    /// Its name in the table.
    pub name: &'static str,
}

/// A task that this node holds.
#[derive(Debug)]
pub struct Held {
    task: Task,
    until: i64,
}

impl Task {
    /// Takes the task when it is due and nobody holds it; the first time it is due at once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take(self, db: &Db, now: Timestamp) -> Result<Option<Held>, DbErr> {
        let known = tareas::Entity::find_by_id(self.key()).one(db.reader()).await?;
        if known.as_ref().is_some_and(|row| row.proxima_en > now.0 || row.tomada_hasta > now.0) {
            return Ok(None);
        }
        let txn = db.write().await?;
        if known.is_none() {
            let first = tareas::ActiveModel {
                camara: Set(self.camara.to_string()),
                nombre: Set(self.name.to_owned()),
                proxima_en: Set(0),
                tomada_hasta: Set(0),
                ultima_en: Set(None),
                resultado: Set(String::new()),
            };
            let there = OnConflict::columns([tareas::Column::Camara, tareas::Column::Nombre]).do_nothing().to_owned();
            tareas::Entity::insert(first).on_conflict(there).exec_without_returning(&txn).await?;
        }
        let until = now.plus_seconds(LEASE_SECONDS).0;
        let taken = tareas::Entity::update_many()
            .col_expr(tareas::Column::TomadaHasta, Expr::value(until))
            .filter(self.own())
            .filter(tareas::Column::ProximaEn.lte(now.0))
            .filter(tareas::Column::TomadaHasta.lte(now.0))
            .exec(&txn)
            .await?;
        txn.commit().await?;
        Ok((taken.rows_affected > 0).then_some(Held { task: self, until }))
    }

    fn key(self) -> (String, String) {
        (self.camara.to_string(), self.name.to_owned())
    }

    fn own(self) -> Condition {
        Condition::all().add(tareas::Column::Camara.eq(self.camara.as_str())).add(tareas::Column::Nombre.eq(self.name))
    }
}

impl Held {
    /// Writes down that it is done, with what result (short, without personal data), and when it is due
    /// again. When the lease ran out and another node holds it, nothing is written.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn done(self, db: &Db, now: Timestamp, next: Timestamp, result: &str) -> Result<(), DbErr> {
        self.write(db, |update| {
            update
                .col_expr(tareas::Column::TomadaHasta, Expr::value(0_i64))
                .col_expr(tareas::Column::UltimaEn, Expr::value(now.0))
                .col_expr(tareas::Column::ProximaEn, Expr::value(next.0))
                .col_expr(tareas::Column::Resultado, Expr::value(result))
        })
        .await
    }

    /// Gives it back undone: another node may take it at once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release(self, db: &Db) -> Result<(), DbErr> {
        self.write(db, |update| update.col_expr(tareas::Column::TomadaHasta, Expr::value(0_i64))).await
    }

    async fn write(
        &self,
        db: &Db,
        change: impl FnOnce(sea_orm::UpdateMany<tareas::Entity>) -> sea_orm::UpdateMany<tareas::Entity>,
    ) -> Result<(), DbErr> {
        let txn = db.write().await?;
        let own = self.task.own().add(tareas::Column::TomadaHasta.eq(self.until));
        change(tareas::Entity::update_many()).filter(own).exec(&txn).await?;
        txn.commit().await
    }
}
