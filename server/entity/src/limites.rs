//! Failures counted per identity and network.

#![allow(missing_docs)] // the columns are documented by the schema and by SII

use sea_orm::entity::prelude::*;

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "limites")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub camara: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub clase: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub sujeto: String,
    pub fallos: i64,
    pub fallos_hora: i64,
    pub hora_desde: i64,
    pub espera_hasta: i64,
    pub bloqueado: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
