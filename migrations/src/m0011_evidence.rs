//! Evidence that lasts: an audit that the database itself keeps from being changed, its daily seals, and
//! the facts of each activation.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[&str] = &["auditoria_sellos", "evidencias"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, UP).await?;
        // Bodies of triggers hold semicolons, and their language is each engine's own.
        for statement in guards(manager.get_database_backend()) {
            manager.get_connection().execute_unprepared(&statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        super::run(manager, if postgres { UNGUARD_POSTGRES } else { UNGUARD_SQLITE }).await?;
        super::run(manager, DOWN).await?;
        super::drop_tables(manager, TABLES).await
    }
}

const UP: &str = r"
-- The head of a chamber's chain as it stood when it was sealed, signed as a JWS with the chamber's
-- certificate. `dia` is the day that had ended, in Bogotá; `sellado_en` the true time.
CREATE TABLE auditoria_sellos (
    camara TEXT NOT NULL,
    dia TEXT NOT NULL,
    secuencia BIGINT NOT NULL,
    hash TEXT NOT NULL,
    jws TEXT NOT NULL,
    sellado_en BIGINT NOT NULL,
    PRIMARY KEY (camara, dia)
);

-- What was known when a password was activated: `hechos` is the text whose SHA-256 stands in the audit's
-- entry `secuencia`, so that no deletion of passwords takes the proof away and no change goes unnoticed.
CREATE TABLE evidencias (
    id {SERIAL},
    camara TEXT NOT NULL,
    usuario_id BIGINT NOT NULL,
    clave_id BIGINT NOT NULL,
    hechos TEXT NOT NULL,
    huella TEXT NOT NULL,
    secuencia BIGINT NOT NULL,
    registrada_en BIGINT NOT NULL,
    borrada_en BIGINT
);
CREATE UNIQUE INDEX evidencias_usuario ON evidencias (camara, usuario_id);
CREATE INDEX evidencias_clave ON evidencias (camara, clave_id);

-- From where and when the conditions were accepted; goes with the transaction.
ALTER TABLE activaciones ADD COLUMN aceptada_en BIGINT;
ALTER TABLE activaciones ADD COLUMN direccion_red TEXT;
ALTER TABLE activaciones ADD COLUMN agente TEXT;

-- The extract's own digest: which file a selection goes back to.
ALTER TABLE sincronizaciones ADD COLUMN sha256 TEXT
";

const DOWN: &str = r"
DROP INDEX auditoria_asunto;
ALTER TABLE sincronizaciones DROP COLUMN sha256;
ALTER TABLE activaciones DROP COLUMN agente;
ALTER TABLE activaciones DROP COLUMN direccion_red;
ALTER TABLE activaciones DROP COLUMN aceptada_en
";

const UNGUARD_SQLITE: &str = r"
DROP TRIGGER auditoria_sin_cambios;
DROP TRIGGER auditoria_sin_borrados;
DROP TRIGGER auditoria_sellos_sin_cambios;
DROP TRIGGER auditoria_sellos_sin_borrados
";

const UNGUARD_POSTGRES: &str = r"
DROP TRIGGER auditoria_solo_agrega ON auditoria;
DROP TRIGGER auditoria_sin_vaciado ON auditoria;
DROP TRIGGER auditoria_sellos_solo_agrega ON auditoria_sellos;
DROP TRIGGER auditoria_sellos_sin_vaciado ON auditoria_sellos;
DROP FUNCTION auditoria_solo_agrega()
";

/// Append-only in the database too, and the index by what an entry is about: the first pair of its detail.
/// Whoever owns the database can still take the triggers away; what was changed is then found by the chain.
fn guards(backend: DbBackend) -> Vec<String> {
    let tables = ["auditoria", "auditoria_sellos"];
    if backend == DbBackend::Postgres {
        let mut all = vec![
            "CREATE INDEX auditoria_asunto ON auditoria (camara, split_part(detalle, ' ', 1), secuencia)".to_owned(),
            "CREATE FUNCTION auditoria_solo_agrega() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             RAISE EXCEPTION 'the audit trail is append-only'; END $$"
                .to_owned(),
        ];
        for table in tables {
            all.push(format!(
                "CREATE TRIGGER {table}_solo_agrega BEFORE UPDATE OR DELETE ON {table} \
                 FOR EACH ROW EXECUTE FUNCTION auditoria_solo_agrega()"
            ));
            all.push(format!(
                "CREATE TRIGGER {table}_sin_vaciado BEFORE TRUNCATE ON {table} \
                 FOR EACH STATEMENT EXECUTE FUNCTION auditoria_solo_agrega()"
            ));
        }
        return all;
    }
    let mut all = vec![
        "CREATE INDEX auditoria_asunto ON auditoria (camara, substr(detalle, 1, instr(detalle || ' ', ' ') - 1), \
         secuencia)"
            .to_owned(),
    ];
    for table in tables {
        for (name, what) in [("cambios", "UPDATE"), ("borrados", "DELETE")] {
            all.push(format!(
                "CREATE TRIGGER {table}_sin_{name} BEFORE {what} ON {table} BEGIN \
                 SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
            ));
        }
    }
    all
}
