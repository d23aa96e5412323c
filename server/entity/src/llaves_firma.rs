//! A public key that signed records.

#![allow(missing_docs)] // the columns are documented by the schema and by SII

use sea_orm::entity::prelude::*;

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "llaves_firma")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub camara: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kid: String,
    pub jwk: String,
    pub desde: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
