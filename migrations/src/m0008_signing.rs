//! The signing service: the systems that may ask, their requests, and the keys that signed records.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[&str] = &["sistemas", "firmas", "llaves_firma"];

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
-- A system of the chamber that asks for signatures, known by the SHA-256 of its 256-bit key. The first
-- letters of the key tell keys apart; systems are deactivated, never deleted, because records name them.
CREATE TABLE sistemas (
    id {SERIAL},
    camara TEXT NOT NULL,
    nombre TEXT NOT NULL,
    prefijo TEXT NOT NULL,
    clave_hash TEXT NOT NULL,
    activo BOOLEAN NOT NULL DEFAULT TRUE,
    creado_en BIGINT NOT NULL,
    desactivado_en BIGINT
);
CREATE UNIQUE INDEX sistemas_clave ON sistemas (clave_hash);
CREATE UNIQUE INDEX sistemas_nombre ON sistemas (camara, nombre);

-- A request to sign. `codigo` is its name outside; `huella` tells whether an idempotency key comes
-- again with the same request; `eventos` is the PIN's history; `registro` the signed record.
CREATE TABLE firmas (
    id {SERIAL},
    camara TEXT NOT NULL,
    codigo TEXT NOT NULL,
    sistema_id BIGINT NOT NULL,
    usuario_id BIGINT NOT NULL,
    idempotencia TEXT,
    huella TEXT NOT NULL,
    documento_sha256 TEXT NOT NULL,
    documento_nombre TEXT NOT NULL,
    documento_descripcion TEXT,
    ip_firmante TEXT,
    estado TEXT NOT NULL,
    pin_hmac TEXT,
    pin_vence_en BIGINT NOT NULL,
    pin_fallos BIGINT NOT NULL DEFAULT 0,
    pin_enviado_en BIGINT,
    reenvios BIGINT NOT NULL DEFAULT 0,
    eventos TEXT NOT NULL,
    creada_en BIGINT NOT NULL,
    vence_en BIGINT NOT NULL,
    firmada_en BIGINT,
    registro TEXT
);
CREATE UNIQUE INDEX firmas_codigo ON firmas (codigo);
CREATE UNIQUE INDEX firmas_idempotencia ON firmas (camara, sistema_id, idempotencia) WHERE idempotencia IS NOT NULL;
CREATE INDEX firmas_vence ON firmas (camara, estado, vence_en);

-- Public keys that signed at least one record: they stay published after the certificate is renewed.
CREATE TABLE llaves_firma (
    camara TEXT NOT NULL,
    kid TEXT NOT NULL,
    jwk TEXT NOT NULL,
    desde BIGINT NOT NULL,
    PRIMARY KEY (camara, kid)
)
";
