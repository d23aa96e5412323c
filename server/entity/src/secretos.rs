//! The installation's own keys, sealed under the master key.

#![allow(missing_docs)] // the columns are documented by the schema

use sea_orm::entity::prelude::*;

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "secretos")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub nombre: String,
    pub sellado: Vec<u8>,
    pub llave: String,
    pub creado_en: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
