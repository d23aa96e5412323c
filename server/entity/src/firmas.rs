//! A request to sign, and its signed record.

#![allow(missing_docs)] // the columns are documented by the schema and by SII

use sea_orm::entity::prelude::*;

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "firmas")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub camara: String,
    pub codigo: String,
    pub sistema_id: i64,
    pub usuario_id: i64,
    pub idempotencia: Option<String>,
    pub huella: String,
    pub documento_sha256: String,
    pub documento_nombre: String,
    pub documento_descripcion: Option<String>,
    pub ip_firmante: Option<String>,
    pub estado: String,
    pub pin_hmac: Option<String>,
    pub pin_vence_en: i64,
    pub pin_fallos: i64,
    pub pin_enviado_en: Option<i64>,
    pub reenvios: i64,
    pub eventos: String,
    pub creada_en: i64,
    pub vence_en: i64,
    pub firmada_en: Option<i64>,
    pub registro: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
