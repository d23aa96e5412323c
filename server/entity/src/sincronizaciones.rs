//! One synchronisation of the registry.

#![allow(missing_docs)] // the columns are documented by the schema and by SII

use sea_orm::entity::prelude::*;

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sincronizaciones")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub camara: String,
    pub iniciada_en: i64,
    pub terminada_en: Option<i64>,
    pub senal_en: i64,
    pub archivo: String,
    pub actor: String,
    pub estado: String,
    pub leidas: i64,
    pub insertadas: i64,
    pub actualizadas: i64,
    pub sin_cambio: i64,
    pub rechazadas: i64,
    pub sha256: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
