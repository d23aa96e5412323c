//! A recovery code of a staff member's second factor.

#![allow(missing_docs)] // the columns are documented by the schema and by SII

use sea_orm::entity::prelude::*;

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "codigos_recuperacion")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub camara: String,
    pub funcionario_id: i64,
    pub huella: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
