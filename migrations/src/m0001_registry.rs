//! The registry (`mreg_est_matriculados`), its staging area and the history of synchronisations.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[&str] = &["sincronizaciones", "sincronizacion_rechazos", "mreg_est_matriculados", "mreg_carga"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::drop_tables(manager, TABLES).await
    }
}

const UP: &str = r"
-- senal_en is the last sign of life of a run under way: one that has been silent for long is dead.
CREATE TABLE sincronizaciones (
    id {SERIAL},
    camara TEXT NOT NULL,
    iniciada_en BIGINT NOT NULL,
    terminada_en BIGINT,
    senal_en BIGINT NOT NULL DEFAULT 0,
    archivo TEXT NOT NULL,
    actor TEXT NOT NULL,
    estado TEXT NOT NULL,
    leidas BIGINT NOT NULL DEFAULT 0,
    insertadas BIGINT NOT NULL DEFAULT 0,
    actualizadas BIGINT NOT NULL DEFAULT 0,
    sin_cambio BIGINT NOT NULL DEFAULT 0,
    rechazadas BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX sincronizaciones_camara ON sincronizaciones (camara, estado, terminada_en);

CREATE TABLE sincronizacion_rechazos (
    id {SERIAL},
    camara TEXT NOT NULL,
    sincronizacion_id BIGINT NOT NULL,
    linea BIGINT NOT NULL,
    columna TEXT NOT NULL,
    motivo TEXT NOT NULL
);
CREATE INDEX sincronizacion_rechazos_sincronizacion ON sincronizacion_rechazos (sincronizacion_id, linea);

-- matricula_orden is the matrícula padded with zeros to 15, so that text order is number order.
CREATE TABLE mreg_est_matriculados (
    camara TEXT NOT NULL,
    matricula TEXT NOT NULL,
    matricula_orden TEXT NOT NULL,
    organizacion TEXT NOT NULL DEFAULT '', categoria TEXT NOT NULL DEFAULT '', estmatricula TEXT NOT NULL DEFAULT '',
    razonsocial TEXT NOT NULL DEFAULT '', apellido1 TEXT NOT NULL DEFAULT '', apellido2 TEXT NOT NULL DEFAULT '',
    nombre1 TEXT NOT NULL DEFAULT '', nombre2 TEXT NOT NULL DEFAULT '',
    idclase TEXT NOT NULL DEFAULT '', numid TEXT NOT NULL DEFAULT '', nit TEXT NOT NULL DEFAULT '',
    fecmatricula TEXT NOT NULL DEFAULT '', fecrenovacion TEXT NOT NULL DEFAULT '', ultanoren TEXT NOT NULL DEFAULT '',
    feccancelacion TEXT NOT NULL DEFAULT '', muncom TEXT NOT NULL DEFAULT '', telcom1 TEXT NOT NULL DEFAULT '',
    telcom2 TEXT NOT NULL DEFAULT '', celcom TEXT NOT NULL DEFAULT '', emailcom TEXT NOT NULL DEFAULT '',
    munnot TEXT NOT NULL DEFAULT '', telnot TEXT NOT NULL DEFAULT '', telnot2 TEXT NOT NULL DEFAULT '',
    celnot TEXT NOT NULL DEFAULT '', emailnot TEXT NOT NULL DEFAULT '',
    fecsincronizacion TEXT NOT NULL DEFAULT '', horsincronizacion TEXT NOT NULL DEFAULT '',
    sincronizacion_id BIGINT NOT NULL,
    PRIMARY KEY (camara, matricula)
);
CREATE INDEX mreg_est_matriculados_orden ON mreg_est_matriculados (camara, matricula_orden);
CREATE INDEX mreg_est_matriculados_numid ON mreg_est_matriculados (camara, numid);

-- Rows of a synchronisation under way; emptied when it ends, however it ends.
CREATE TABLE mreg_carga (
    camara TEXT NOT NULL,
    sincronizacion_id BIGINT NOT NULL,
    linea BIGINT NOT NULL,
    matricula TEXT NOT NULL,
    matricula_orden TEXT NOT NULL,
    organizacion TEXT NOT NULL DEFAULT '', categoria TEXT NOT NULL DEFAULT '', estmatricula TEXT NOT NULL DEFAULT '',
    razonsocial TEXT NOT NULL DEFAULT '', apellido1 TEXT NOT NULL DEFAULT '', apellido2 TEXT NOT NULL DEFAULT '',
    nombre1 TEXT NOT NULL DEFAULT '', nombre2 TEXT NOT NULL DEFAULT '',
    idclase TEXT NOT NULL DEFAULT '', numid TEXT NOT NULL DEFAULT '', nit TEXT NOT NULL DEFAULT '',
    fecmatricula TEXT NOT NULL DEFAULT '', fecrenovacion TEXT NOT NULL DEFAULT '', ultanoren TEXT NOT NULL DEFAULT '',
    feccancelacion TEXT NOT NULL DEFAULT '', muncom TEXT NOT NULL DEFAULT '', telcom1 TEXT NOT NULL DEFAULT '',
    telcom2 TEXT NOT NULL DEFAULT '', celcom TEXT NOT NULL DEFAULT '', emailcom TEXT NOT NULL DEFAULT '',
    munnot TEXT NOT NULL DEFAULT '', telnot TEXT NOT NULL DEFAULT '', telnot2 TEXT NOT NULL DEFAULT '',
    celnot TEXT NOT NULL DEFAULT '', emailnot TEXT NOT NULL DEFAULT '',
    fecsincronizacion TEXT NOT NULL DEFAULT '', horsincronizacion TEXT NOT NULL DEFAULT ''
);
CREATE INDEX mreg_carga_matricula ON mreg_carga (sincronizacion_id, matricula, linea)
";
