//! Staff, their sessions and the audit trail.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[&str] = &["funcionarios", "sesiones", "auditoria", "auditoria_cabezas"];

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
CREATE TABLE funcionarios (
    id {SERIAL},
    camara TEXT NOT NULL,
    usuario TEXT NOT NULL,
    nombre TEXT NOT NULL,
    rol TEXT NOT NULL,
    clave_hash TEXT NOT NULL,
    activo BOOLEAN NOT NULL DEFAULT TRUE,
    creado_en BIGINT NOT NULL
);
CREATE UNIQUE INDEX funcionarios_usuario ON funcionarios (camara, usuario);

-- A session is known by the SHA-256 of its 256-bit token.
CREATE TABLE sesiones (
    token_hash TEXT PRIMARY KEY,
    camara TEXT NOT NULL,
    funcionario_id BIGINT NOT NULL,
    creada_en BIGINT NOT NULL,
    usada_en BIGINT NOT NULL,
    confirmada_en BIGINT NOT NULL
);
CREATE INDEX sesiones_usada ON sesiones (usada_en);

CREATE TABLE auditoria (
    id {SERIAL},
    camara TEXT NOT NULL,
    secuencia BIGINT NOT NULL,
    ocurrida_en BIGINT NOT NULL,
    actor TEXT NOT NULL,
    accion TEXT NOT NULL,
    detalle TEXT NOT NULL,
    hash_previo TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE UNIQUE INDEX auditoria_secuencia ON auditoria (camara, secuencia);

-- The head of each chamber's chain: taking its row for update is what keeps the chain without gaps.
CREATE TABLE auditoria_cabezas (
    camara TEXT PRIMARY KEY,
    secuencia BIGINT NOT NULL,
    hash TEXT NOT NULL
)
";
