//! What was issued: every signed PDF, and every version of the conditions that one carried.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[&str] = &["condiciones", "documentos"];

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
-- A version of the conditions as a merchant read them, named by the SHA-256 of its text.
CREATE TABLE condiciones (
    camara TEXT NOT NULL,
    version TEXT NOT NULL,
    factor TEXT NOT NULL,
    texto TEXT NOT NULL,
    desde BIGINT NOT NULL,
    PRIMARY KEY (camara, version)
);

-- A signed PDF that was handed to the mail server. `codigo` is printed on it, without its hyphens here;
-- `generacion` tells the passwords of one row apart, so that the state of an older document is known.
CREATE TABLE documentos (
    id {SERIAL},
    camara TEXT NOT NULL,
    codigo TEXT NOT NULL,
    clave_id BIGINT NOT NULL,
    generacion BIGINT NOT NULL,
    ano INTEGER NOT NULL,
    es_prueba BOOLEAN NOT NULL DEFAULT FALSE,
    condiciones TEXT NOT NULL,
    pdf_sha256 TEXT NOT NULL,
    emitido_en BIGINT NOT NULL
);
CREATE UNIQUE INDEX documentos_codigo ON documentos (codigo);
CREATE INDEX documentos_clave ON documentos (clave_id, generacion);
CREATE INDEX documentos_huella ON documentos (camara, pdf_sha256)
";
