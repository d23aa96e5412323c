//! Certificates that signed: what they signed stays verifiable after they are renewed.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[&str] = &["certificados"];

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
-- A chamber's certificate, as DER, named by its SHA-256.
CREATE TABLE certificados (
    camara TEXT NOT NULL,
    huella TEXT NOT NULL,
    certificado {BYTES} NOT NULL,
    desde BIGINT NOT NULL,
    PRIMARY KEY (camara, huella)
)
";
