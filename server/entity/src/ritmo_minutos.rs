//! Mails that left, by minute.

#![allow(missing_docs)] // the columns are documented by the schema

use sea_orm::entity::prelude::*;

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ritmo_minutos")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub camara: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub minuto: i64,
    pub correos: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
