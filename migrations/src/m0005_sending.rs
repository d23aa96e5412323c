//! What sending remembers beyond its batches: pace, suppressed addresses, bounces, scheduled work.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[&str] = &["ritmo_minutos", "ritmo", "correos_suprimidos", "rebotes", "tareas", "secretos"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, DOWN).await?;
        super::drop_tables(manager, TABLES).await
    }
}

const UP: &str = r"
-- Mails that left, by minute since the epoch: no deletion of passwords makes a limit forget them.
CREATE TABLE ritmo_minutos (
    camara TEXT NOT NULL,
    minuto BIGINT NOT NULL,
    correos BIGINT NOT NULL,
    PRIMARY KEY (camara, minuto)
);

-- Whoever counts a mail locks its chamber's row first, so that no two nodes pass a limit together.
CREATE TABLE ritmo (
    camara TEXT PRIMARY KEY,
    contados BIGINT NOT NULL
);

CREATE TABLE correos_suprimidos (
    id {SERIAL},
    camara TEXT NOT NULL,
    correo TEXT NOT NULL,
    causa TEXT NOT NULL,
    detalle TEXT NOT NULL,
    clave_id BIGINT,
    suprimido_en BIGINT NOT NULL
);
CREATE UNIQUE INDEX correos_suprimidos_correo ON correos_suprimidos (camara, correo);
CREATE INDEX correos_suprimidos_fecha ON correos_suprimidos (camara, suprimido_en);

-- Delivery-status notifications already read, by the SHA-256 of their text.
CREATE TABLE rebotes (
    id {SERIAL},
    camara TEXT NOT NULL,
    huella TEXT NOT NULL,
    clave_id BIGINT,
    estado TEXT NOT NULL,
    definitivo BOOLEAN NOT NULL,
    leido_en BIGINT NOT NULL
);
CREATE UNIQUE INDEX rebotes_huella ON rebotes (camara, huella);

-- Scheduled work: one node at a time takes a task, for a time.
CREATE TABLE tareas (
    camara TEXT NOT NULL,
    nombre TEXT NOT NULL,
    proxima_en BIGINT NOT NULL,
    tomada_hasta BIGINT NOT NULL,
    ultima_en BIGINT,
    resultado TEXT NOT NULL,
    PRIMARY KEY (camara, nombre)
);

-- Keys of the installation's own, sealed under the master key so that it can be changed.
CREATE TABLE secretos (
    nombre TEXT PRIMARY KEY,
    sellado {BYTES} NOT NULL,
    llave TEXT NOT NULL,
    creado_en BIGINT NOT NULL
);

ALTER TABLE claves_preasignadas ADD COLUMN rebotada_en BIGINT;
ALTER TABLE claves_preasignadas ADD COLUMN movida_en BIGINT;
-- A copy whose fate nobody knew may have arrived: no refusal of a later copy takes its password away.
ALTER TABLE claves_preasignadas ADD COLUMN pudo_llegar BOOLEAN NOT NULL DEFAULT FALSE;
-- A selection inserts hundreds of thousands of rows that no batch has taken yet: indexes that only
-- taken rows need leave them out.
DROP INDEX claves_preasignadas_lote;
CREATE INDEX claves_preasignadas_en_lote ON claves_preasignadas (lote_id, estado) WHERE lote_id IS NOT NULL;
CREATE INDEX claves_preasignadas_movida ON claves_preasignadas (lote_id, movida_en, id) WHERE lote_id IS NOT NULL;
CREATE INDEX claves_preasignadas_message_id ON claves_preasignadas (camara, message_id) WHERE message_id IS NOT NULL;
CREATE INDEX lotes_estado ON lotes (estado, camara, id);
-- What every node looks at every few seconds stays as small as what is under way.
CREATE INDEX claves_preasignadas_lease ON claves_preasignadas (lease_hasta) WHERE lease_hasta IS NOT NULL;
CREATE INDEX claves_preasignadas_vence ON claves_preasignadas (vence_en) WHERE estado IN ('enviado', 'incierto')
";

const DOWN: &str = r"
DROP INDEX claves_preasignadas_vence;
DROP INDEX claves_preasignadas_lease;
DROP INDEX lotes_estado;
DROP INDEX claves_preasignadas_message_id;
DROP INDEX claves_preasignadas_movida;
DROP INDEX claves_preasignadas_en_lote;
CREATE INDEX claves_preasignadas_lote ON claves_preasignadas (lote_id, estado);
ALTER TABLE claves_preasignadas DROP COLUMN pudo_llegar;
ALTER TABLE claves_preasignadas DROP COLUMN movida_en;
ALTER TABLE claves_preasignadas DROP COLUMN rebotada_en
";
