//! Each provider's answer to each SMS.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[&str] = &["sms_intentos"];

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
-- The telephone stands, masked, in sms_enviados only.
CREATE TABLE sms_intentos (
    id {SERIAL},
    sms_id BIGINT NOT NULL,
    camara TEXT NOT NULL,
    proveedor TEXT NOT NULL,
    resultado TEXT NOT NULL,
    demora_ms BIGINT NOT NULL,
    id_proveedor TEXT,
    intentado_en BIGINT NOT NULL
);
CREATE INDEX sms_intentos_sms ON sms_intentos (camara, sms_id);
CREATE INDEX sms_intentos_fecha ON sms_intentos (camara, intentado_en)
";
