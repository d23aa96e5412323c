//! A merchant's activation transaction.

#![allow(missing_docs)] // the columns are documented by the schema and by SII

use sea_orm::entity::prelude::*;

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "activaciones")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub camara: String,
    pub cookie_hash: String,
    pub paso: String,
    pub aviso: Option<String>,
    #[sea_orm(column_type = "Blob", nullable)]
    pub borrador: Option<Vec<u8>>,
    pub clave_preasignada_id: Option<i64>,
    pub clave_generacion: Option<i64>,
    pub correo: Option<String>,
    pub celular: Option<String>,
    pub pin_hmac: Option<String>,
    pub pin_vence_en: Option<i64>,
    pub pin_fallos: i64,
    pub pin_enviado_en: Option<i64>,
    pub reenvios: i64,
    pub creada_en: i64,
    pub vence_en: i64,
    pub aceptada_en: Option<i64>,
    pub direccion_red: Option<String>,
    pub agente: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
