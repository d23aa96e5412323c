//! The audit trail in words.

use contract::audit::{ChainFlaw, SealFlaw};

/// The codes of `server::services::audit::Action` and their words.
const ACTIONS: &[(&str, &str)] = &[
    ("ingreso", "Ingresó a la consola"),
    ("ingreso_fallido", "Intento de ingreso fallido"),
    ("salida", "Salió de la consola"),
    ("clave_confirmada", "Confirmó su clave"),
    ("funcionario_creado", "Creó un funcionario"),
    ("funcionario_desactivado", "Desactivó un funcionario"),
    ("sincronizacion", "Sincronizó el registro mercantil"),
    ("sincronizacion_rechazada", "Sincronización rechazada"),
    ("simulacion", "Simuló la selección"),
    ("seleccion", "Seleccionó comerciantes"),
    ("exportacion", "Exportó a Excel"),
    ("blanqueo", "Blanqueó las contraseñas del año"),
    ("borrado_no_activados", "Borró los no activados"),
    ("lote_creado", "Inició un envío"),
    ("lote_pausado", "Envío puesto en pausa"),
    ("lote_reanudado", "Envío reanudado"),
    ("lote_cancelado", "Envío cancelado"),
    ("lote_terminado", "Envío terminado"),
    ("correo_enviado", "Correo enviado"),
    ("correo_incierto", "Entrega incierta de un correo"),
    ("correo_rechazado", "Correo rechazado"),
    ("incierto_resuelto", "Resolvió una entrega incierta"),
    ("datos_erroneos", "Datos que impidieron el envío"),
    ("claves_vencidas", "Contraseñas vencidas sin activar"),
    ("correo_rebotado", "Correo devuelto por el buzón del comerciante"),
    ("correo_suprimido", "Correo que no se envió: la dirección devuelve los correos"),
    ("supresion_levantada", "Dirección habilitada de nuevo para envíos"),
    ("reintento_ordenado", "Correos rechazados puestos de nuevo por enviar"),
    ("conexion_probada", "Conexión con el servidor de correo probada"),
    ("claves_rotadas", "Clave maestra cambiada"),
    ("pin_enviado", "PIN enviado por SMS"),
    ("pin_errado", "PIN errado"),
    ("activacion", "Activó su contraseña"),
    ("activacion_abandonada", "Abandonó la activación"),
    ("clave_rehusada", "No aceptó la contraseña pre-asignada"),
    ("credenciales_erradas", "Datos de activación errados"),
    ("identidad_bloqueada", "Activación bloqueada por intentos"),
    ("usuario_anulado", "Anuló un usuario verificado"),
    ("usuario_eliminado", "Eliminó un usuario verificado"),
    ("pruebas_purgadas", "Purgó los usuarios de prueba"),
    ("segundo_factor_errado", "Código de segundo factor errado"),
    ("segundo_factor_activado", "Activó su segundo factor"),
    ("segundo_factor_retirado", "Retiró su segundo factor"),
    ("segundo_factor_restablecido", "Retiró el segundo factor de un funcionario"),
    ("codigo_recuperacion_usado", "Ingresó con un código de recuperación"),
    ("clave_cambiada", "Cambió su clave"),
    ("sesiones_cerradas", "Cerró sus otras sesiones"),
    ("funcionario_clave_cambiada", "Cambió la clave de un funcionario"),
    ("funcionario_rol_cambiado", "Cambió el rol de un funcionario"),
    ("sistema_creado", "Creó un sistema del servicio de firma"),
    ("sistema_desactivado", "Desactivó un sistema del servicio de firma"),
    ("firma_solicitada", "Firma solicitada"),
    ("firma_rechazada", "Firma rechazada: datos errados"),
    ("firma_realizada", "Firmó un documento"),
    ("firma_abandonada", "Firma abandonada"),
    ("identidad_desbloqueada", "Permitió de nuevo los intentos de activación de una identificación"),
    ("confirmacion_no_enviada", "No se pudo enviar la confirmación de una activación"),
    ("registro_cambiado", "Activación detenida: los datos del registro cambiaron"),
    ("sms_fallido", "No se pudo enviar un SMS"),
    ("no_fui_yo", "Informó «no fui yo»: el usuario verificado quedó suspendido"),
    ("aviso_no_enviado", "No se pudo avisar a la cámara por correo de un «no fui yo»"),
    ("usuario_reactivado", "Reactivó un usuario verificado"),
    ("recordatorios_enviados", "Recordatorios enviados a quienes no han activado"),
    ("auditoria_sellada", "Selló la auditoría del día"),
    ("auditoria_exportada", "Exportó la auditoría"),
    ("acta_emitida", "Emitió el acta de una activación"),
    ("retencion_aplicada", "Borró datos cuyo plazo de conservación terminó"),
    ("datos_exportados", "Exportó los datos de una persona"),
    ("datos_borrados", "Borró los datos de una persona"),
];

/// An action in words; one that is not in the table reads as its code without underscores.
#[must_use]
pub fn audit_action(code: &str) -> String {
    match ACTIONS.iter().find(|(known, _)| *known == code) {
        Some((_, words)) => (*words).to_owned(),
        None => {
            let spaced = code.replace('_', " ");
            let mut letters = spaced.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        }
    }
}

/// The figures of an entry as they are read: `ano=2026 cantidad=3` becomes `ano: 2026 · cantidad: 3`.
#[must_use]
pub fn audit_detail(detail: &str) -> String {
    let pairs = detail.split_whitespace().map(|pair| match pair.split_once('=') {
        Some((name, value)) => format!("{}: {value}", name.replace('_', " ").replace("ano", "año")),
        None => pair.to_owned(),
    });
    pairs.collect::<Vec<_>>().join(" · ")
}

/// What is wrong with a chain, and where.
#[must_use]
pub fn chain_flaw(flaw: &ChainFlaw) -> String {
    match flaw {
        ChainFlaw::Missing { secuencia, found } if found < secuencia => {
            format!("la anotación {found} está repetida o fuera de su lugar (se esperaba la {secuencia})")
        }
        ChainFlaw::Missing { secuencia, found } => {
            format!("falta la anotación {secuencia}; en su lugar está la {found}")
        }
        ChainFlaw::Unlinked { secuencia } => {
            format!("la anotación {secuencia} no lleva el hash de la anterior: una de las dos fue cambiada")
        }
        ChainFlaw::Altered { secuencia } => {
            format!("el contenido de la anotación {secuencia} no corresponde a su hash: fue cambiado")
        }
        ChainFlaw::Head { last, head } if last == head => {
            format!("el hash de la última anotación ({last}) no es el de la cabeza de la cadena")
        }
        ChainFlaw::Head { last, head } => format!(
            "la cadena termina en la anotación {last} y su cabeza dice {head}: se quitaron o se agregaron anotaciones al \
             final"
        ),
    }
}

/// What is wrong with a seal.
#[must_use]
pub const fn seal_flaw(flaw: SealFlaw) -> &'static str {
    match flaw {
        SealFlaw::Signature => "su firma no es válida",
        SealFlaw::ForeignKey => "lo firmó una llave que no es de la cámara",
        SealFlaw::Certificate => "el certificado no estaba vigente cuando se selló",
        SealFlaw::Content => "lo firmado no es lo que dice su registro",
        SealFlaw::OffChain => "la cadena no tiene en ese lugar el hash sellado: fue rehecha después",
        SealFlaw::Missing => "la auditoría dice que se hizo y no está",
    }
}

/// What is wrong with the facts of an activation.
pub const EVIDENCE_FLAW: &str = "los hechos guardados de su activación faltan o no son los que dice la auditoría";

/// A seal's day, `aaaa-mm-dd`, as it is read: `dd/mm/aaaa`.
#[must_use]
pub fn seal_day(day: &str) -> String {
    day.split('-').rev().collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_reads_as_words() {
        assert_eq!(audit_action("lote_creado"), "Inició un envío");
        assert_eq!(audit_action("algo_nuevo"), "Algo nuevo");
        assert_eq!(audit_detail("ano=2026 eliminados=3"), "año: 2026 · eliminados: 3");
    }
}
