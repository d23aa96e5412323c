//! What comes after an activation, and after none: «no fui yo», its review, and reminders.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, DOWN).await
    }
}

const UP: &str = r"
-- When the owner of the mail said «no fui yo», and when staff looked into it.
ALTER TABLE usuarios_verificados ADD COLUMN desconocida_en BIGINT;
ALTER TABLE usuarios_verificados ADD COLUMN revisada_en BIGINT;
ALTER TABLE usuarios_verificados ADD COLUMN reactivada_en BIGINT;
ALTER TABLE usuarios_verificados ADD COLUMN motivo_reactivacion TEXT;
CREATE INDEX usuarios_verificados_por_revisar ON usuarios_verificados (camara)
    WHERE desconocida_en IS NOT NULL AND revisada_en IS NULL;

-- `recordada_en` is written before a reminder's content leaves, and never taken back: whatever happens
-- then, no second one goes. A reminder put off before that waits until `recordatorio_desde`.
ALTER TABLE claves_preasignadas ADD COLUMN recordada_en BIGINT;
ALTER TABLE claves_preasignadas ADD COLUMN recordatorio TEXT;
ALTER TABLE claves_preasignadas ADD COLUMN recordatorio_desde BIGINT;
CREATE INDEX claves_preasignadas_por_recordar ON claves_preasignadas (camara, transmitida_en)
    WHERE estado = 'enviado' AND recordada_en IS NULL;
CREATE INDEX claves_preasignadas_recordadas ON claves_preasignadas (camara, ano, recordatorio)
    WHERE recordada_en IS NOT NULL
";

const DOWN: &str = r"
DROP INDEX claves_preasignadas_recordadas;
DROP INDEX claves_preasignadas_por_recordar;
ALTER TABLE claves_preasignadas DROP COLUMN recordatorio_desde;
ALTER TABLE claves_preasignadas DROP COLUMN recordatorio;
ALTER TABLE claves_preasignadas DROP COLUMN recordada_en;
DROP INDEX usuarios_verificados_por_revisar;
ALTER TABLE usuarios_verificados DROP COLUMN motivo_reactivacion;
ALTER TABLE usuarios_verificados DROP COLUMN reactivada_en;
ALTER TABLE usuarios_verificados DROP COLUMN revisada_en;
ALTER TABLE usuarios_verificados DROP COLUMN desconocida_en
";
