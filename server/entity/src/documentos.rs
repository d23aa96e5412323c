//! A signed PDF that was issued.

#![allow(missing_docs)] // the columns are documented by the schema and by SII

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "documentos")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub camara: String,
    pub codigo: String,
    pub clave_id: i64,
    pub generacion: i64,
    pub ano: i32,
    pub es_prueba: bool,
    pub condiciones: String,
    pub pdf_sha256: String,
    pub emitido_en: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
