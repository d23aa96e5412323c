//! The facts of an activation, as they were known when it happened.

#![allow(missing_docs)] // the columns are documented by the schema

use sea_orm::entity::prelude::*;

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "evidencias")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub camara: String,
    pub usuario_id: i64,
    pub clave_id: i64,
    pub hechos: String,
    pub huella: String,
    pub secuencia: i64,
    pub registrada_en: i64,
    pub borrada_en: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
