//! A person's rows as a file: every datum, no secret (hashes of passwords, digests of PINs, seals).

use contract::{ServiceResult, Timestamp};
use entity::{
    claves_preasignadas as claves, correos_suprimidos, evidencias, firmas, mreg_est_matriculados as registro,
    usuarios_verificados as users,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use super::{Found, PersonDesk};
use crate::services::audit::about;
use crate::services::fault::unexpected;

/// The form of the file; a new one whenever a member changes its meaning.
const VERSION: u32 = 1;

impl PersonDesk {
    pub(super) async fn collect<C: ConnectionTrait>(&self, conn: &C, found: &Found) -> ServiceResult<Value> {
        let camara = self.actor.camara;
        let users: Vec<i64> = found.usuarios.iter().map(|user| user.id).collect();
        let facts = evidencias::Entity::find()
            .filter(evidencias::Column::Camara.eq(camara.as_str()))
            .filter(evidencias::Column::UsuarioId.is_in(users.iter().copied()))
            .all(conn)
            .await
            .map_err(unexpected)?;
        let suppressed = correos_suprimidos::Entity::find()
            .filter(correos_suprimidos::Column::Camara.eq(camara.as_str()))
            .filter(correos_suprimidos::Column::Correo.is_in(Self::addresses(found)))
            .all(conn)
            .await
            .map_err(unexpected)?;
        let mut entries = Vec::new();
        let subjects = found.claves.iter().map(|row| format!("clave={}", row.id));
        for subject in subjects.chain(users.iter().map(|id| format!("usuario={id}"))) {
            entries.extend(about(conn, camara, &subject).await?);
        }
        entries.sort_by_key(|entry| entry.secuencia);
        let facts = facts.iter().map(|row| serde_json::from_str::<Value>(&row.hechos).unwrap_or(Value::Null));
        let sms = self.sms_of(conn, found).await?;
        Ok(json!({
            "version": VERSION,
            "exportado_en": self.clock.now().iso(),
            "camara": camara.as_str(),
            "identificacion": found.id.as_str(),
            "registro_mercantil": self.registry(conn, found).await?.iter().map(registered).collect::<Vec<_>>(),
            "contrasenas_preasignadas": found.claves.iter().map(password).collect::<Vec<_>>(),
            "usuarios_verificados": found.usuarios.iter().map(user).collect::<Vec<_>>(),
            "activaciones": facts.collect::<Vec<_>>(),
            "firmas": self.signatures(conn, found).await?.iter().map(signature).collect::<Vec<_>>(),
            "sms": sms.iter().map(|sms| json!({
                "numero": sms.id,
                "celular": sms.celular_enmascarado,
                "proveedor": sms.proveedor,
                "estado": sms.estado,
                "enviado_en": Timestamp(sms.enviado_en).iso(),
            })).collect::<Vec<_>>(),
            "correos_suprimidos": suppressed.iter().map(|row| json!({
                "correo": row.correo,
                "causa": row.causa,
                "detalle": row.detalle,
                "suprimido_en": Timestamp(row.suprimido_en).iso(),
            })).collect::<Vec<_>>(),
            "auditoria": entries.iter().map(|entry| json!({
                "secuencia": entry.secuencia,
                "ocurrida_en": Timestamp(entry.ocurrida_en).iso(),
                "actor": entry.actor,
                "accion": entry.accion,
                "detalle": entry.detalle,
            })).collect::<Vec<_>>(),
        }))
    }

    /// The person's signed requests.
    pub(super) async fn signatures<C: ConnectionTrait>(
        &self,
        conn: &C,
        found: &Found,
    ) -> ServiceResult<Vec<firmas::Model>> {
        let own = firmas::Entity::find()
            .filter(firmas::Column::Camara.eq(self.actor.camara.as_str()))
            .filter(firmas::Column::UsuarioId.is_in(found.usuarios.iter().map(|user| user.id)))
            .filter(firmas::Column::Registro.is_not_null());
        own.all(conn).await.map_err(unexpected)
    }

    /// How many rows of the registry are the person's.
    pub(super) async fn registered<C: ConnectionTrait>(&self, conn: &C, found: &Found) -> ServiceResult<u64> {
        self.of_registry(found).count(conn).await.map_err(unexpected)
    }

    async fn registry<C: ConnectionTrait>(&self, conn: &C, found: &Found) -> ServiceResult<Vec<registro::Model>> {
        self.of_registry(found).all(conn).await.map_err(unexpected)
    }

    fn of_registry(&self, found: &Found) -> sea_orm::Select<registro::Entity> {
        registro::Entity::find()
            .filter(registro::Column::Camara.eq(self.actor.camara.as_str()))
            .filter(registro::Column::Numid.eq(found.id.as_str()))
    }
}

fn at(instant: Option<i64>) -> Option<String> {
    instant.map(|at| Timestamp(at).iso())
}

fn registered(row: &registro::Model) -> Value {
    json!({
        "matricula": row.matricula, "organizacion": row.organizacion, "categoria": row.categoria,
        "estmatricula": row.estmatricula, "razonsocial": row.razonsocial, "apellido1": row.apellido1,
        "apellido2": row.apellido2, "nombre1": row.nombre1, "nombre2": row.nombre2, "idclase": row.idclase,
        "numid": row.numid, "nit": row.nit, "fecmatricula": row.fecmatricula, "fecrenovacion": row.fecrenovacion,
        "ultanoren": row.ultanoren, "feccancelacion": row.feccancelacion, "muncom": row.muncom,
        "telcom1": row.telcom1, "telcom2": row.telcom2, "celcom": row.celcom, "emailcom": row.emailcom,
        "munnot": row.munnot, "telnot": row.telnot, "telnot2": row.telnot2, "celnot": row.celnot,
        "emailnot": row.emailnot,
    })
}

fn password(row: &claves::Model) -> Value {
    json!({
        "numero": row.id, "ano": row.ano, "matricula": row.matricula, "idclase": row.idclase,
        "nombre": row.nombre, "nombres": row.nombres, "apellido1": row.apellido1, "apellido2": row.apellido2,
        "municipio": row.municipio, "correo": row.correo, "correo_origen": row.correo_origen,
        "celular": row.celular, "celular_origen": row.celular_origen, "estado": row.estado,
        "message_id": row.message_id, "respuesta": row.respuesta, "seleccionada_en": at(Some(row.seleccionada_en)),
        "transmitida_en": at(row.transmitida_en), "enviada_en": at(row.enviada_en),
        "recordada_en": at(row.recordada_en), "activada_en": at(row.activada_en),
        "cancelada_en": at(row.cancelada_en), "rebotada_en": at(row.rebotada_en), "vence_en": at(row.vence_en),
    })
}

fn user(row: &users::Model) -> Value {
    json!({
        "numero": row.id, "estado": row.estado, "ano": row.ano, "email": row.email, "celular": row.celular,
        "tipoidentificacion": row.tipoidentificacion, "nombre": row.nombre, "nombres": row.nombres,
        "apellido1": row.apellido1, "apellido2": row.apellido2, "direccion": row.direccion,
        "municipio": row.municipio, "nitempresa": row.nitempresa, "nombreempresa": row.nombreempresa,
        "matricula": row.matricula, "creado_en": at(Some(row.fecha_hora_creacion)),
        "verificado_en": at(row.fecha_hora_verificacion), "inactivado_en": at(row.fecha_hora_inactivacion),
        "motivo": row.motivoinactivacion, "desconocido_en": at(row.desconocida_en),
        "reactivado_en": at(row.reactivada_en), "motivo_reactivacion": row.motivo_reactivacion,
    })
}

fn signature(row: &firmas::Model) -> Value {
    json!({
        "codigo": row.codigo, "documento_sha256": row.documento_sha256, "documento_nombre": row.documento_nombre,
        "documento_descripcion": row.documento_descripcion, "ip_firmante": row.ip_firmante,
        "creada_en": at(Some(row.creada_en)), "firmada_en": at(row.firmada_en), "registro": row.registro,
    })
}
