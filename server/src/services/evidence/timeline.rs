//! A merchant's timeline: what the audit says about a password and its user, and what only their rows know.

use async_trait::async_trait;
use contract::campaign::PasswordState;
use contract::staff::Permission;
use contract::timeline::{Happening, Timeline, TimelineService, TimelineUser};
use contract::verified::VerifiedState;
use contract::{ServiceError, ServiceResult, Timestamp};
use entity::{
    auditoria, claves_preasignadas as claves, evidencias, firmas, sistemas, usuarios_verificados as usuarios,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};

use crate::db::Db;
use crate::services::actor::Actor;
use crate::services::audit::{Action, about};
use crate::services::fault::unexpected;

/// Timelines, for one staff member.
pub struct TimelineDesk {
    /// The database.
    pub db: Db,
    /// On whose behalf.
    pub actor: Actor,
}

#[async_trait]
impl TimelineService for TimelineDesk {
    async fn look(&self, clave: i64) -> ServiceResult<Timeline> {
        self.actor.require(Permission::Read)?;
        let (reader, camara) = (self.db.reader(), self.actor.camara);
        let row = claves::Entity::find_by_id(clave).filter(claves::Column::Camara.eq(camara.as_str()));
        let row = row.one(reader).await.map_err(unexpected)?;
        let user = usuarios::Entity::find()
            .filter(usuarios::Column::Camara.eq(camara.as_str()))
            .filter(usuarios::Column::ClavePreasignadaId.eq(clave))
            .order_by_desc(usuarios::Column::Id)
            .one(reader)
            .await
            .map_err(unexpected)?;
        let mut timeline = match (&row, &user) {
            (Some(row), _) => of_row(row),
            (None, Some(user)) => of_user(user, clave),
            (None, None) => return Err(ServiceError::NotFound),
        };
        if let Some(user) = &user {
            timeline.usuario = Some(self.user(user).await?);
            timeline.sucesos.extend(self.signed(user.id).await?);
            timeline.sucesos.extend(self.told(&format!("usuario={}", user.id)).await?);
        }
        timeline.sucesos.extend(self.told(&format!("clave={clave}")).await?);
        if let Some(row) = &row {
            timeline.sucesos.extend(self.exported(row).await?);
        }
        timeline.sucesos.sort_by_key(|happening| (happening.en, happening.secuencia));
        Ok(timeline)
    }
}

impl TimelineDesk {
    async fn user(&self, user: &usuarios::Model) -> ServiceResult<TimelineUser> {
        let erased = evidencias::Entity::find()
            .filter(evidencias::Column::Camara.eq(self.actor.camara.as_str()))
            .filter(evidencias::Column::UsuarioId.eq(user.id))
            .filter(evidencias::Column::BorradaEn.is_not_null());
        let erased = erased.count(self.db.reader()).await.map_err(unexpected)? > 0;
        let estado = VerifiedState::parse(&user.estado).ok_or_else(|| unexpected("unknown state of a user"))?;
        Ok(TimelineUser { id: user.id, estado, acta: !erased })
    }

    /// What the audit says about something.
    async fn told(&self, subject: &str) -> ServiceResult<Vec<Happening>> {
        let entries = about(self.db.reader(), self.actor.camara, subject).await?;
        Ok(entries.into_iter().map(|entry| of_entry(entry, 1)).collect())
    }

    /// Exports of the year since the merchant was in it.
    async fn exported(&self, row: &claves::Model) -> ServiceResult<Vec<Happening>> {
        let entries = about(self.db.reader(), self.actor.camara, &format!("ano={}", row.ano)).await?;
        let code = Action::Exportacion.code();
        let own = entries.into_iter().filter(|e| e.accion == code && e.ocurrida_en >= row.seleccionada_en);
        Ok(own.map(|entry| of_entry(entry, 0)).collect())
    }

    /// The documents that the user signed, by the system that asked; their names are their owners' business.
    async fn signed(&self, user: i64) -> ServiceResult<Vec<Happening>> {
        let rows = firmas::Entity::find()
            .filter(firmas::Column::Camara.eq(self.actor.camara.as_str()))
            .filter(firmas::Column::UsuarioId.eq(user))
            .filter(firmas::Column::FirmadaEn.is_not_null())
            .all(self.db.reader())
            .await
            .map_err(unexpected)?;
        let systems = sistemas::Entity::find().filter(sistemas::Column::Camara.eq(self.actor.camara.as_str()));
        let systems = systems.all(self.db.reader()).await.map_err(unexpected)?;
        let all = rows.into_iter().filter_map(|firma| {
            let mut signed = happened(firma.firmada_en?, "firma_realizada");
            let system = systems.iter().find(|system| system.id == firma.sistema_id);
            signed.quien = system.map(|system| format!("sistema {}", system.nombre)).unwrap_or_default();
            signed.detalle = format!("firma={}", firma.id);
            Some(signed)
        });
        Ok(all.collect())
    }
}

fn happened(at: i64, que: &str) -> Happening {
    let (quien, detalle) = (String::new(), String::new());
    Happening { en: Timestamp(at), que: que.to_owned(), quien, detalle, texto: None, secuencia: None }
}

/// Pairs that say nothing to staff.
const UNSAID: [&str; 4] = ["evidencia=", "generacion=", "usuario=", "sha256="];

/// An entry, without the first pairs of its detail: what it is about goes without saying.
fn of_entry(entry: auditoria::Model, skipped: usize) -> Happening {
    let said = |pair: &&str| !UNSAID.iter().any(|name| pair.starts_with(name));
    let detalle = entry.detalle.split(' ').skip(skipped).filter(said);
    Happening {
        en: Timestamp(entry.ocurrida_en),
        que: entry.accion,
        quien: entry.actor,
        detalle: detalle.collect::<Vec<_>>().join(" "),
        texto: None,
        secuencia: Some(entry.secuencia),
    }
}

/// What only the row knows.
fn of_row(row: &claves::Model) -> Timeline {
    let estado = PasswordState::parse(&row.estado);
    let mut sucesos = vec![happened(row.seleccionada_en, "seleccionada")];
    if let Some(at) = row.transmitida_en {
        sucesos.push(happened(at, "transmitida"));
    }
    if let (Some(at), Some(reply)) = (row.enviada_en, &row.respuesta) {
        sucesos.push(Happening { texto: Some(reply.clone()), ..happened(at, "aceptada_por_servidor") });
    }
    if let Some(at) = row.recordada_en {
        sucesos.push(happened(at, "recordada"));
    }
    if let (Some(at), Some(PasswordState::Vencido)) = (row.vence_en, estado) {
        sucesos.push(happened(at, "vencida"));
    }
    Timeline {
        clave: row.id,
        ano: row.ano,
        identificacion: row.identificacion.clone(),
        nombre: row.nombre.clone(),
        matricula: row.matricula.clone(),
        correo: row.correo.clone(),
        celular: row.celular.clone(),
        prueba: row.es_prueba,
        estado,
        usuario: None,
        sucesos,
    }
}

/// The password was deleted; the user that came of it stays.
fn of_user(user: &usuarios::Model, clave: i64) -> Timeline {
    Timeline {
        clave,
        ano: user.ano,
        identificacion: user.identificacion.clone(),
        nombre: user.nombre.clone(),
        matricula: user.matricula.clone(),
        correo: user.email.clone(),
        celular: user.celular.clone(),
        prueba: user.es_prueba,
        estado: None,
        usuario: None,
        sucesos: Vec::new(),
    }
}
