//! How many merchants qualified when a year was last selected or simulated.

#![allow(missing_docs)] // the columns are documented by the schema and by SII

use sea_orm::entity::prelude::*;

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "campanas")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub camara: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub ano: i32,
    pub cumplen: i64,
    pub evaluada_en: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
