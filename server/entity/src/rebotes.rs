//! Delivery-status notifications already read.

#![allow(missing_docs)] // the columns are documented by the schema

use sea_orm::entity::prelude::*;

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rebotes")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub camara: String,
    pub huella: String,
    pub clave_id: Option<i64>,
    pub estado: String,
    pub definitivo: bool,
    pub leido_en: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
