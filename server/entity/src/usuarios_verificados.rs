//! SII's table of verified users.

#![allow(missing_docs)] // the columns are documented by the schema and by SII

use sea_orm::entity::prelude::*;

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "usuarios_verificados")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub camara: String,
    pub es_prueba: bool,
    pub email: String,
    pub celular: String,
    pub tipoidentificacion: String,
    pub identificacion: String,
    pub nombre: String,
    pub nombres: String,
    pub apellido1: String,
    pub apellido2: String,
    pub direccion: String,
    pub municipio: String,
    pub nitempresa: String,
    pub nombreempresa: String,
    pub matricula: String,
    pub estado: String,
    pub fecha_hora_creacion: i64,
    pub fecha_hora_verificacion: Option<i64>,
    pub fecha_hora_rechazo: Option<i64>,
    pub fecha_hora_inactivacion: Option<i64>,
    pub motivoinactivacion: Option<String>,
    pub claveacceso: String,
    pub clave_preasignada_id: Option<i64>,
    pub ano: i32,
    pub desconocida_en: Option<i64>,
    pub revisada_en: Option<i64>,
    pub reactivada_en: Option<i64>,
    pub motivo_reactivacion: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
