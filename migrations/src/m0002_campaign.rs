//! Pre-assigned passwords and the batches that mail them.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[&str] = &["claves_preasignadas", "lotes", "campanas"];

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
-- A pre-assigned password. `sellada` is the sealed password until the mail is accepted; `hash` its
-- argon2id from dispatch on. Of the states see the design of sending.
CREATE TABLE claves_preasignadas (
    id {SERIAL},
    camara TEXT NOT NULL,
    ano INTEGER NOT NULL,
    es_prueba BOOLEAN NOT NULL DEFAULT FALSE,
    matricula TEXT NOT NULL,
    idclase TEXT NOT NULL,
    identificacion TEXT NOT NULL,
    nombre TEXT NOT NULL,
    nombres TEXT NOT NULL DEFAULT '',
    apellido1 TEXT NOT NULL DEFAULT '',
    apellido2 TEXT NOT NULL DEFAULT '',
    municipio TEXT NOT NULL DEFAULT '',
    correo TEXT NOT NULL,
    correo_origen TEXT NOT NULL,
    celular TEXT NOT NULL,
    celular_origen TEXT NOT NULL,
    estado TEXT NOT NULL,
    factor TEXT,
    generacion BIGINT NOT NULL DEFAULT 1,
    sellada {BYTES},
    sellada_llave TEXT,
    hash TEXT,
    lote_id BIGINT,
    fence BIGINT NOT NULL DEFAULT 0,
    lease_hasta BIGINT,
    intentos BIGINT NOT NULL DEFAULT 0,
    proximo_intento BIGINT,
    message_id TEXT,
    respuesta TEXT,
    pdf_sha256 TEXT,
    sincronizacion_id BIGINT,
    seleccionada_en BIGINT NOT NULL,
    transmitida_en BIGINT,
    enviada_en BIGINT,
    activada_en BIGINT,
    cancelada_en BIGINT,
    vence_en BIGINT
);
CREATE UNIQUE INDEX claves_preasignadas_una_por_ano
    ON claves_preasignadas (camara, ano, identificacion) WHERE NOT es_prueba;
CREATE INDEX claves_preasignadas_estado ON claves_preasignadas (camara, ano, estado, id);
CREATE INDEX claves_preasignadas_lote ON claves_preasignadas (lote_id, estado);
CREATE INDEX claves_preasignadas_identificacion ON claves_preasignadas (camara, identificacion);
CREATE INDEX claves_preasignadas_correo ON claves_preasignadas (camara, correo);

CREATE TABLE lotes (
    id {SERIAL},
    camara TEXT NOT NULL,
    ano INTEGER NOT NULL,
    clave_idempotencia TEXT NOT NULL,
    es_prueba BOOLEAN NOT NULL DEFAULT FALSE,
    solicitados BIGINT NOT NULL,
    estado TEXT NOT NULL,
    pausa TEXT,
    reanuda_en BIGINT,
    fallos_seguidos BIGINT NOT NULL DEFAULT 0,
    ultima_respuesta TEXT,
    actor TEXT NOT NULL,
    creado_en BIGINT NOT NULL,
    -- Until then the batch counts as being worked on; a worker moves it forward.
    vivo_hasta BIGINT NOT NULL DEFAULT 0,
    terminado_en BIGINT
);
CREATE UNIQUE INDEX lotes_idempotencia ON lotes (camara, clave_idempotencia);
CREATE INDEX lotes_ano ON lotes (camara, ano, id);

-- How many merchants qualified when the year was last selected or simulated.
CREATE TABLE campanas (
    camara TEXT NOT NULL,
    ano INTEGER NOT NULL,
    cumplen BIGINT NOT NULL,
    evaluada_en BIGINT NOT NULL,
    PRIMARY KEY (camara, ano)
)
";
