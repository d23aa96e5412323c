//! The registry: one row a registration, columns as in SII.

#![allow(missing_docs)] // the columns are documented by the schema and by SII

use sea_orm::entity::prelude::*;

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mreg_est_matriculados")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub camara: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub matricula: String,
    pub matricula_orden: String,
    pub organizacion: String,
    pub categoria: String,
    pub estmatricula: String,
    pub razonsocial: String,
    pub apellido1: String,
    pub apellido2: String,
    pub nombre1: String,
    pub nombre2: String,
    pub idclase: String,
    pub numid: String,
    pub nit: String,
    pub fecmatricula: String,
    pub fecrenovacion: String,
    pub ultanoren: String,
    pub feccancelacion: String,
    pub muncom: String,
    pub telcom1: String,
    pub telcom2: String,
    pub celcom: String,
    pub emailcom: String,
    pub munnot: String,
    pub telnot: String,
    pub telnot2: String,
    pub celnot: String,
    pub emailnot: String,
    pub fecsincronizacion: String,
    pub horsincronizacion: String,
    pub sincronizacion_id: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
