//! The facts of an activation, gathered from the rows that know them.

use contract::{ChamberCode, ServiceResult, Timestamp};
use entity::{
    auditoria, claves_preasignadas, documentos, sincronizaciones, sms_enviados, sms_intentos, usuarios_verificados,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::facts::{
    Act, Activation, Dispatch, Facts, Holder, PinEvent, Selection, Sms, SmsAttempt, Synchronisation, VERSION, When,
};
use crate::services::audit::{Action, about};
use crate::services::fault::unexpected;

/// What only the request that activates knows.
#[derive(Clone, Debug, Default)]
pub struct Witness {
    /// When and from where the data were accepted.
    pub aceptacion: Option<Act>,
    /// From which network address it is activated.
    pub direccion_red: Option<String>,
    /// With which browser.
    pub agente: Option<String>,
    /// Whether the person chose a password of their own.
    pub clave_propia: bool,
}

/// Gathers what the rows know of this user's activation, inside the transaction that activates or, for
/// one older than the keeping of evidence, from what is left.
pub(super) async fn gather<C: ConnectionTrait>(
    conn: &C,
    camara: ChamberCode,
    user: &usuarios_verificados::Model,
    witness: Witness,
) -> ServiceResult<Facts> {
    let clave = match user.clave_preasignada_id {
        Some(id) => {
            let own = claves_preasignadas::Entity::find_by_id(id)
                .filter(claves_preasignadas::Column::Camara.eq(camara.as_str()));
            own.one(conn).await.map_err(unexpected)?
        }
        None => None,
    };
    let (seleccion, envio) = match &clave {
        Some(row) => (Some(selection(conn, camara, row).await?), Some(dispatch(conn, row).await?)),
        None => (None, None),
    };
    let pin = match user.clave_preasignada_id {
        Some(id) => pins(conn, camara, id).await?,
        None => Vec::new(),
    };
    let verified = Timestamp(user.fecha_hora_verificacion.unwrap_or(user.fecha_hora_creacion));
    let origin = |text: Option<&String>| text.filter(|text| !text.is_empty()).cloned();
    Ok(Facts {
        version: VERSION,
        prueba: user.es_prueba,
        titular: Holder {
            tipo_identificacion: user.tipoidentificacion.clone(),
            identificacion: user.identificacion.clone(),
            nombre: user.nombre.clone(),
            matricula: user.matricula.clone(),
            correo: user.email.clone(),
            correo_origen: origin(clave.as_ref().map(|row| &row.correo_origen)),
            celular: user.celular.clone(),
            celular_origen: origin(clave.as_ref().map(|row| &row.celular_origen)),
        },
        seleccion,
        envio,
        activacion: Activation {
            usuario: user.id,
            aceptacion: witness.aceptacion,
            verificacion: Act { en: When(verified), direccion_red: witness.direccion_red, agente: witness.agente },
            factor: clave.and_then(|row| row.factor),
            clave_propia: witness.clave_propia,
        },
        pin,
    })
}

async fn selection<C: ConnectionTrait>(
    conn: &C,
    camara: ChamberCode,
    row: &claves_preasignadas::Model,
) -> ServiceResult<Selection> {
    let sync = match row.sincronizacion_id {
        Some(id) => {
            let own =
                sincronizaciones::Entity::find_by_id(id).filter(sincronizaciones::Column::Camara.eq(camara.as_str()));
            own.one(conn).await.map_err(unexpected)?
        }
        None => None,
    };
    let sincronizacion = sync.map(|sync| Synchronisation {
        numero: sync.id,
        archivo: sync.archivo,
        sha256: sync.sha256,
        terminada_en: sync.terminada_en.map(|at| When(Timestamp(at))),
        leidas: sync.leidas,
    });
    Ok(Selection { en: When(Timestamp(row.seleccionada_en)), ano: row.ano, sincronizacion })
}

async fn dispatch<C: ConnectionTrait>(conn: &C, row: &claves_preasignadas::Model) -> ServiceResult<Dispatch> {
    let document = documentos::Entity::find()
        .filter(documentos::Column::Camara.eq(&row.camara))
        .filter(documentos::Column::ClaveId.eq(row.id))
        .filter(documentos::Column::Generacion.eq(row.generacion))
        .order_by_desc(documentos::Column::Id)
        .one(conn)
        .await
        .map_err(unexpected)?;
    let at = |instant: Option<i64>| instant.map(|at| When(Timestamp(at)));
    Ok(Dispatch {
        clave: row.id,
        generacion: row.generacion,
        lote: row.lote_id,
        message_id: row.message_id.clone(),
        transmitido_en: at(row.transmitida_en),
        respuesta: row.respuesta.clone(),
        aceptado_en: at(row.enviada_en),
        pdf_sha256: row.pdf_sha256.clone(),
        documento: document.as_ref().map(|document| grouped(&document.codigo)),
        condiciones: document.map(|document| document.condiciones),
        vence_en: at(row.vence_en),
        recordado_en: at(row.recordada_en),
    })
}

/// A code as it is printed: in groups of four.
fn grouped(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// What the audit says about this password's PINs, with the SMS that carried them.
async fn pins<C: ConnectionTrait>(conn: &C, camara: ChamberCode, clave: i64) -> ServiceResult<Vec<PinEvent>> {
    let told = [Action::PinEnviado, Action::SmsFallido, Action::PinErrado].map(Action::code);
    let mut events = Vec::new();
    for entry in about(conn, camara, &format!("clave={clave}")).await? {
        if told.contains(&entry.accion) {
            let sms = match sms_of(&entry) {
                Some(id) => sms(conn, camara, id).await?,
                None => None,
            };
            let en = When(Timestamp(entry.ocurrida_en));
            events.push(PinEvent { en, que: entry.accion, secuencia: entry.secuencia, sms });
        }
    }
    Ok(events)
}

/// The SMS of which an entry tells.
pub(super) fn sms_of(entry: &auditoria::Model) -> Option<i64> {
    entry.detalle.split(' ').find_map(|pair| pair.strip_prefix("sms="))?.parse().ok()
}

async fn sms<C: ConnectionTrait>(conn: &C, camara: ChamberCode, id: i64) -> ServiceResult<Option<Sms>> {
    let own = sms_enviados::Entity::find_by_id(id).filter(sms_enviados::Column::Camara.eq(camara.as_str()));
    let Some(row) = own.one(conn).await.map_err(unexpected)? else { return Ok(None) };
    let attempts = sms_intentos::Entity::find()
        .filter(sms_intentos::Column::Camara.eq(camara.as_str()))
        .filter(sms_intentos::Column::SmsId.eq(id))
        .order_by_asc(sms_intentos::Column::Id)
        .all(conn)
        .await
        .map_err(unexpected)?;
    let intentos = attempts.into_iter().map(|attempt| SmsAttempt {
        en: When(Timestamp(attempt.intentado_en)),
        proveedor: attempt.proveedor,
        resultado: attempt.resultado,
        id_proveedor: attempt.id_proveedor,
    });
    Ok(Some(Sms { numero: id, celular: row.celular_enmascarado, estado: row.estado, intentos: intentos.collect() }))
}
