//! A system that may ask for signatures.

#![allow(missing_docs)] // the columns are documented by the schema and by SII

use sea_orm::entity::prelude::*;

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sistemas")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub camara: String,
    pub nombre: String,
    pub prefijo: String,
    pub clave_hash: String,
    pub activo: bool,
    pub creado_en: i64,
    pub desactivado_en: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
