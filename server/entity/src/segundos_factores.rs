//! A staff member's second factor.

#![allow(missing_docs)] // the columns are documented by the schema and by SII

use sea_orm::entity::prelude::*;

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "segundos_factores")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub funcionario_id: i64,
    pub camara: String,
    pub sellado: Vec<u8>,
    pub llave: String,
    pub creado_en: i64,
    pub confirmado_en: Option<i64>,
    pub ultimo_paso: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
