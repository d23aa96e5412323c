//! Staff's second factor: sealed secrets, recovery codes, and how far a session has come.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[&str] = &["segundos_factores", "codigos_recuperacion"];

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
-- A staff member's TOTP secret, sealed. Without confirmado_en it was shown but no code has come yet.
-- ultimo_paso is the last step whose code was accepted: none at or before it is accepted again.
CREATE TABLE segundos_factores (
    funcionario_id BIGINT PRIMARY KEY,
    camara TEXT NOT NULL,
    sellado {BYTES} NOT NULL,
    llave TEXT NOT NULL,
    creado_en BIGINT NOT NULL,
    confirmado_en BIGINT,
    ultimo_paso BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX segundos_factores_llave ON segundos_factores (llave);

-- Each is known by a keyed digest and deleted when it is used.
CREATE TABLE codigos_recuperacion (
    id {SERIAL},
    camara TEXT NOT NULL,
    funcionario_id BIGINT NOT NULL,
    huella TEXT NOT NULL
);
CREATE UNIQUE INDEX codigos_recuperacion_huella ON codigos_recuperacion (funcionario_id, huella);

-- plena; or codigo, inscripcion: the password was right and nothing may be done but the second step.
ALTER TABLE sesiones ADD COLUMN etapa TEXT NOT NULL DEFAULT 'plena';
CREATE INDEX sesiones_funcionario ON sesiones (funcionario_id);
-- Old rows of limits are looked for by their age.
CREATE INDEX limites_hora ON limites (camara, hora_desde)
";

const DOWN: &str = r"
DROP INDEX limites_hora;
DROP INDEX sesiones_funcionario;
-- A half session must not become a whole one.
DELETE FROM sesiones WHERE etapa <> 'plena';
ALTER TABLE sesiones DROP COLUMN etapa
";
