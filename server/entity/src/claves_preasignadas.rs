//! A pre-assigned password and the life of its mail.

#![allow(missing_docs)] // the columns are documented by the schema and by SII

use sea_orm::entity::prelude::*;

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "claves_preasignadas")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub camara: String,
    pub ano: i32,
    pub es_prueba: bool,
    pub matricula: String,
    pub idclase: String,
    pub identificacion: String,
    pub nombre: String,
    pub nombres: String,
    pub apellido1: String,
    pub apellido2: String,
    pub municipio: String,
    pub correo: String,
    pub correo_origen: String,
    pub celular: String,
    pub celular_origen: String,
    pub estado: String,
    pub factor: Option<String>,
    pub generacion: i64,
    #[sea_orm(column_type = "Blob", nullable)]
    pub sellada: Option<Vec<u8>>,
    pub sellada_llave: Option<String>,
    pub hash: Option<String>,
    pub lote_id: Option<i64>,
    pub fence: i64,
    pub lease_hasta: Option<i64>,
    pub intentos: i64,
    pub proximo_intento: Option<i64>,
    pub message_id: Option<String>,
    pub respuesta: Option<String>,
    pub pdf_sha256: Option<String>,
    pub sincronizacion_id: Option<i64>,
    pub seleccionada_en: i64,
    pub transmitida_en: Option<i64>,
    pub enviada_en: Option<i64>,
    pub activada_en: Option<i64>,
    pub cancelada_en: Option<i64>,
    pub vence_en: Option<i64>,
    pub rebotada_en: Option<i64>,
    pub movida_en: Option<i64>,
    pub pudo_llegar: bool,
    pub recordada_en: Option<i64>,
    pub recordatorio: Option<String>,
    pub recordatorio_desde: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
