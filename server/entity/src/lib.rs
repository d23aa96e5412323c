//! SeaORM entities, one file a table. Models that hold secrets or personal data print only their key.

pub mod activaciones;
pub mod auditoria;
pub mod auditoria_cabezas;
pub mod auditoria_sellos;
pub mod buzon_sms;
pub mod campanas;
pub mod certificados;
pub mod claves_preasignadas;
pub mod codigos_recuperacion;
pub mod condiciones;
pub mod correos_suprimidos;
pub mod documentos;
pub mod evidencias;
pub mod firmas;
pub mod funcionarios;
pub mod limites;
pub mod llaves_firma;
pub mod lotes;
pub mod mreg_est_matriculados;
pub mod rebotes;
pub mod ritmo_minutos;
pub mod secretos;
pub mod segundos_factores;
pub mod sesiones;
pub mod sincronizacion_rechazos;
pub mod sincronizaciones;
pub mod sistemas;
pub mod sms_enviados;
pub mod sms_intentos;
pub mod tareas;
pub mod usuarios_verificados;

/// Prints a model's table and nothing of its content, so that no log can leak it.
macro_rules! redacted {
    ($($table:ident),* $(,)?) => {$(
        impl std::fmt::Debug for $table::Model {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($table), "(…)"))
            }
        }
    )*};
}

redacted!(
    activaciones,
    auditoria,
    auditoria_cabezas,
    buzon_sms,
    campanas,
    claves_preasignadas,
    codigos_recuperacion,
    correos_suprimidos,
    evidencias,
    firmas,
    funcionarios,
    limites,
    llaves_firma,
    lotes,
    mreg_est_matriculados,
    rebotes,
    ritmo_minutos,
    secretos,
    segundos_factores,
    sesiones,
    sincronizacion_rechazos,
    sincronizaciones,
    sistemas,
    sms_enviados,
    sms_intentos,
    tareas,
    usuarios_verificados,
);
