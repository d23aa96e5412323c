//! A batch of mails.

#![allow(missing_docs)] // the columns are documented by the schema and by SII

use sea_orm::entity::prelude::*;

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lotes")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub camara: String,
    pub ano: i32,
    pub clave_idempotencia: String,
    pub es_prueba: bool,
    pub solicitados: i64,
    pub estado: String,
    pub pausa: Option<String>,
    pub reanuda_en: Option<i64>,
    pub fallos_seguidos: i64,
    pub ultima_respuesta: Option<String>,
    pub actor: String,
    pub creado_en: i64,
    pub vivo_hasta: i64,
    pub terminado_en: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
