//! A staff session.

#![allow(missing_docs)] // the columns are documented by the schema and by SII

use sea_orm::entity::prelude::*;

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sesiones")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    pub camara: String,
    pub funcionario_id: i64,
    pub creada_en: i64,
    pub usada_en: i64,
    pub confirmada_en: i64,
    pub etapa: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
