//! Activation transactions, limits, SMS and the verified users.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[&str] = &["activaciones", "limites", "sms_enviados", "usuarios_verificados", "buzon_sms"];

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
-- One merchant's way through the two screens, bound to the hash of a cookie. `borrador` holds what
-- was typed (never the password), sealed.
CREATE TABLE activaciones (
    id {SERIAL},
    camara TEXT NOT NULL,
    cookie_hash TEXT NOT NULL,
    paso TEXT NOT NULL,
    aviso TEXT,
    borrador {BYTES},
    clave_preasignada_id BIGINT,
    clave_generacion BIGINT,
    correo TEXT,
    celular TEXT,
    pin_hmac TEXT,
    pin_vence_en BIGINT,
    pin_fallos BIGINT NOT NULL DEFAULT 0,
    pin_enviado_en BIGINT,
    reenvios BIGINT NOT NULL DEFAULT 0,
    creada_en BIGINT NOT NULL,
    vence_en BIGINT NOT NULL
);
CREATE UNIQUE INDEX activaciones_cookie ON activaciones (camara, cookie_hash);
CREATE INDEX activaciones_vence ON activaciones (vence_en);

-- Failures counted per identity and per network; the subject is an HMAC, never the datum itself.
CREATE TABLE limites (
    camara TEXT NOT NULL,
    clase TEXT NOT NULL,
    sujeto TEXT NOT NULL,
    fallos BIGINT NOT NULL DEFAULT 0,
    fallos_hora BIGINT NOT NULL DEFAULT 0,
    hora_desde BIGINT NOT NULL DEFAULT 0,
    espera_hasta BIGINT NOT NULL DEFAULT 0,
    bloqueado BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (camara, clase, sujeto)
);

CREATE TABLE sms_enviados (
    id {SERIAL},
    camara TEXT NOT NULL,
    sujeto TEXT NOT NULL,
    celular_enmascarado TEXT NOT NULL,
    proveedor TEXT NOT NULL,
    estado TEXT NOT NULL,
    enviado_en BIGINT NOT NULL
);
CREATE INDEX sms_enviados_dia ON sms_enviados (camara, enviado_en);
CREATE INDEX sms_enviados_sujeto ON sms_enviados (camara, sujeto, enviado_en);

-- SII's table, without its clear codes: `claveacceso` holds argon2id only.
CREATE TABLE usuarios_verificados (
    id {SERIAL},
    camara TEXT NOT NULL,
    es_prueba BOOLEAN NOT NULL DEFAULT FALSE,
    email TEXT NOT NULL,
    celular TEXT NOT NULL,
    tipoidentificacion TEXT NOT NULL,
    identificacion TEXT NOT NULL,
    nombre TEXT NOT NULL,
    nombres TEXT NOT NULL DEFAULT '',
    apellido1 TEXT NOT NULL DEFAULT '',
    apellido2 TEXT NOT NULL DEFAULT '',
    direccion TEXT NOT NULL DEFAULT '',
    municipio TEXT NOT NULL DEFAULT '',
    nitempresa TEXT NOT NULL DEFAULT '',
    nombreempresa TEXT NOT NULL DEFAULT '',
    matricula TEXT NOT NULL DEFAULT '',
    estado TEXT NOT NULL,
    fecha_hora_creacion BIGINT NOT NULL,
    fecha_hora_verificacion BIGINT,
    fecha_hora_rechazo BIGINT,
    fecha_hora_inactivacion BIGINT,
    motivoinactivacion TEXT,
    claveacceso TEXT NOT NULL,
    clave_preasignada_id BIGINT,
    ano INTEGER NOT NULL
);
CREATE UNIQUE INDEX usuarios_verificados_uno_vigente
    ON usuarios_verificados (camara, identificacion) WHERE estado = 'VE' AND NOT es_prueba;
CREATE INDEX usuarios_verificados_identificacion ON usuarios_verificados (camara, identificacion);
CREATE INDEX usuarios_verificados_estado ON usuarios_verificados (camara, estado, id);

-- The demo's SMS. Empty in production.
CREATE TABLE buzon_sms (
    id {SERIAL},
    camara TEXT NOT NULL,
    celular TEXT NOT NULL,
    texto TEXT NOT NULL,
    enviado_en BIGINT NOT NULL
)
";
