//! Addresses to which nothing more is sent.

#![allow(missing_docs)] // the columns are documented by the schema

use sea_orm::entity::prelude::*;

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "correos_suprimidos")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub camara: String,
    pub correo: String,
    pub causa: String,
    pub detalle: String,
    pub clave_id: Option<i64>,
    pub suprimido_en: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
