//! A day's signed head of a chamber's audit chain.

#![allow(missing_docs)] // the columns are documented by the schema

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "auditoria_sellos")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub camara: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub dia: String,
    pub secuencia: i64,
    pub hash: String,
    pub jws: String,
    pub sellado_en: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
