//! What each provider answered to each SMS.

#![allow(missing_docs)] // the columns are documented by the schema and by SII

use sea_orm::entity::prelude::*;

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sms_intentos")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub sms_id: i64,
    pub camara: String,
    pub proveedor: String,
    pub resultado: String,
    pub demora_ms: i64,
    pub id_proveedor: Option<String>,
    pub intentado_en: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
