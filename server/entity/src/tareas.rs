//! Scheduled work, taken by one node at a time.

#![allow(missing_docs)] // the columns are documented by the schema

use sea_orm::entity::prelude::*;

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tareas")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub camara: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub nombre: String,
    pub proxima_en: i64,
    pub tomada_hasta: i64,
    pub ultima_en: Option<i64>,
    pub resultado: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
