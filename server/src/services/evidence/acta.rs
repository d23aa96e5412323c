//! The acta of an activation: its facts, what became of the credential, and where the audit holds it all;
//! as a signed JSON for machines and a signed PDF for people, with the same content.

use std::sync::Arc;

use contract::staff::Permission;
use contract::verified::VerifiedState;
use contract::{ChamberCode, ServiceError, ServiceResult, Timestamp};
use entity::{auditoria, auditoria_sellos, evidencias, usuarios_verificados};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;

use super::facts::{Facts, When};
use super::gather::{Witness, gather};
use super::words;
use crate::clock::Clock;
use crate::config::{Chamber, PublicUrl};
use crate::db::Db;
use crate::pdf;
use crate::secrets::sha256_hex;
use crate::services::actor::Actor;
use crate::services::audit::{Action, about, record};
use crate::services::certificates;
use crate::services::fault::unexpected;
use crate::services::firmas::{SigningKeys, remember_key};
use crate::signing::{JwsKind, SignatureNote, Signer};

/// The form of the acta; a new one whenever a member changes its meaning.
const VERSION: u32 = 1;

/// What an acta says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Acta {
    /// Who issued it.
    pub iss: String,
    /// When, in seconds since 1970.
    pub iat: i64,
    /// [`VERSION`].
    pub version: u32,
    /// The chamber.
    pub camara: Issuer,
    /// The facts, as they were kept.
    pub hechos: Facts,
    /// How they are anchored; not there for an activation older than the keeping of evidence, whose facts
    /// were gathered when the acta was issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub huella: Option<Fingerprint>,
    /// What became of the credential, in its order.
    pub credencial: Vec<Change>,
    /// The audit's entries about this activation.
    pub auditoria: Vec<Anchor>,
    /// The first seal that covers the activation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sello: Option<SealRef>,
}

/// A chamber.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Issuer {
    /// Its code.
    pub codigo: String,
    /// Its name.
    pub nombre: String,
}

/// The facts' digest, as the audit bears it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fingerprint {
    /// The SHA-256 of the facts as JSON without blanks.
    pub sha256: String,
    /// The entry that bears it.
    pub secuencia: i64,
}

/// Something that happened to the credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// When.
    pub en: When,
    /// What: `verificada`, `desconocida`, `reactivada`, `inactivada`, `anulada`, `eliminada`.
    pub que: &'static str,
}

/// An entry of the audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Anchor {
    /// Its place.
    pub secuencia: i64,
    /// When.
    pub en: When,
    /// Who.
    pub actor: String,
    /// What, as a code.
    pub accion: String,
    /// Its hash.
    pub hash: String,
}

/// A seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SealRef {
    /// Its day.
    pub dia: String,
    /// The place that it seals.
    pub secuencia: i64,
    /// The SHA-256 of its JWS.
    pub sha256: String,
}

/// In which form an acta is issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActaForm {
    /// A4, signed like every PDF of the chamber.
    Pdf,
    /// A JWS, as records of signatures are.
    Json,
}

impl ActaForm {
    /// The form of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "pdf" => Some(Self::Pdf),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Json => "json",
        }
    }
}

/// Issues actas, for one actor.
pub struct ActaDesk {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// On whose behalf.
    pub actor: Actor,
    /// The chamber.
    pub chamber: Arc<Chamber>,
    /// Who the acta says made it.
    pub public_url: PublicUrl,
    /// The chambers' certificates.
    pub keys: Arc<SigningKeys>,
}

impl ActaDesk {
    /// The acta of a verified user's activation as a signed file. That it was issued is audited.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when the user is not this chamber's, or its facts were erased;
    /// [`ServiceError::Configuration`] without a certificate in force.
    pub async fn issue(&self, usuario: i64, form: ActaForm) -> ServiceResult<Vec<u8>> {
        self.actor.require(Permission::Read)?;
        let (camara, now) = (self.chamber.code, self.clock.now());
        let acta = self.acta(usuario, now).await?;
        let missing = || ServiceError::Configuration { missing: vec!["FIRMA_P12".to_owned()] };
        let signer = self.keys.signer(&self.chamber, now).await?.ok_or_else(missing)?;
        let jwk = signer.jwk().map_err(unexpected)?;
        let chamber = Arc::clone(&self.chamber);
        let signing = Arc::clone(&signer);
        let making = tokio::task::spawn_blocking(move || match form {
            // A whole line: shells read it so.
            ActaForm::Json => {
                signing.jws(JwsKind::Acta, &acta, now).map(|jws| format!("{jws}\n").into_bytes()).map_err(unexpected)
            }
            ActaForm::Pdf => draw(&acta, &chamber, &signing, now),
        });
        let file = making.await.map_err(unexpected)??;
        let detail = format!("usuario={usuario} formato={} sha256={}", form.as_str(), sha256_hex(&file));
        let txn = self.db.write().await.map_err(unexpected)?;
        remember_key(&txn, camara, &jwk, now).await?;
        certificates::remember(&txn, camara, &signer, now).await.map_err(unexpected)?;
        record(&txn, camara, now, &self.actor.name, Action::ActaEmitida, detail).await.map_err(unexpected)?;
        txn.commit().await.map_err(unexpected)?;
        Ok(file)
    }

    /// What the acta says: nothing but what the rows say, and when it is issued.
    ///
    /// # Errors
    /// As [`ActaDesk::issue`].
    pub async fn acta(&self, usuario: i64, now: Timestamp) -> ServiceResult<Acta> {
        let (camara, reader) = (self.chamber.code, self.db.reader());
        let own = usuarios_verificados::Entity::find_by_id(usuario)
            .filter(usuarios_verificados::Column::Camara.eq(camara.as_str()));
        let user = own.one(reader).await.map_err(unexpected)?.ok_or(ServiceError::NotFound)?;
        let kept = evidencias::Entity::find()
            .filter(evidencias::Column::Camara.eq(camara.as_str()))
            .filter(evidencias::Column::UsuarioId.eq(usuario))
            .one(reader)
            .await
            .map_err(unexpected)?;
        if kept.as_ref().is_some_and(|kept| kept.borrada_en.is_some()) {
            return Err(ServiceError::NotFound);
        }
        let hechos = match &kept {
            Some(kept) => serde_json::from_str(&kept.hechos).map_err(unexpected)?,
            None => gather(reader, camara, &user, Witness::default()).await?,
        };
        let until = kept.as_ref().map(|kept| kept.secuencia);
        let anchors = self.anchors(&user, until).await?;
        let activated = until.or_else(|| {
            anchors.iter().find(|anchor| anchor.accion == Action::Activacion.code()).map(|anchor| anchor.secuencia)
        });
        Ok(Acta {
            iss: format!("{}/api/v1/camaras/{camara}", self.public_url.as_str()),
            iat: now.0.div_euclid(1000),
            version: VERSION,
            camara: Issuer { codigo: camara.to_string(), nombre: self.chamber.nombre.clone() },
            hechos,
            huella: kept.map(|kept| Fingerprint { sha256: kept.huella, secuencia: kept.secuencia }),
            credencial: changes(&user),
            auditoria: anchors.into_iter().map(Anchor::of).collect(),
            sello: match activated {
                Some(place) => seal_after(&self.db, camara, place).await?,
                None => None,
            },
        })
    }

    /// The entries about the password up to its activation, and those about the user.
    async fn anchors(
        &self,
        user: &usuarios_verificados::Model,
        until: Option<i64>,
    ) -> ServiceResult<Vec<auditoria::Model>> {
        let (camara, reader) = (self.chamber.code, self.db.reader());
        let mut all = match user.clave_preasignada_id {
            Some(clave) => about(reader, camara, &format!("clave={clave}")).await?,
            None => Vec::new(),
        };
        all.retain(|entry| until.is_none_or(|until| entry.secuencia <= until));
        let issued = Action::ActaEmitida.code();
        let of_user = about(reader, camara, &format!("usuario={}", user.id)).await?;
        // That actas were issued says nothing about the activation, and would make each differ from the last.
        all.extend(of_user.into_iter().filter(|entry| entry.accion != issued));
        all.sort_by_key(|entry| entry.secuencia);
        Ok(all)
    }
}

impl Anchor {
    fn of(entry: auditoria::Model) -> Self {
        let en = When(Timestamp(entry.ocurrida_en));
        Self { secuencia: entry.secuencia, en, actor: entry.actor, accion: entry.accion, hash: entry.hash }
    }
}

/// What became of a credential; the freezing by «no fui yo» is told once, as what it was.
fn changes(user: &usuarios_verificados::Model) -> Vec<Change> {
    let ended = match VerifiedState::parse(&user.estado) {
        Some(VerifiedState::Anulado) => "anulada",
        Some(VerifiedState::Eliminado) => "eliminada",
        _ => "inactivada",
    };
    let ended_at = user.fecha_hora_inactivacion.filter(|at| Some(*at) != user.desconocida_en);
    let mut all: Vec<Change> = [
        ("verificada", user.fecha_hora_verificacion),
        ("desconocida", user.desconocida_en),
        ("reactivada", user.reactivada_en),
        (ended, ended_at),
    ]
    .into_iter()
    .filter_map(|(que, at)| Some(Change { en: When(Timestamp(at?)), que }))
    .collect();
    all.sort_by_key(|change| change.en.0);
    all
}

async fn seal_after(db: &Db, camara: ChamberCode, place: i64) -> ServiceResult<Option<SealRef>> {
    let seal = auditoria_sellos::Entity::find()
        .filter(auditoria_sellos::Column::Camara.eq(camara.as_str()))
        .filter(auditoria_sellos::Column::Secuencia.gte(place))
        .order_by_asc(auditoria_sellos::Column::Dia)
        .one(db.reader())
        .await
        .map_err(unexpected)?;
    Ok(seal.map(|seal| SealRef { dia: seal.dia, secuencia: seal.secuencia, sha256: sha256_hex(seal.jws.as_bytes()) }))
}

fn draw(acta: &Acta, chamber: &Chamber, signer: &Signer, now: Timestamp) -> ServiceResult<Vec<u8>> {
    let sections = words::sections(acta);
    let document = pdf::acta(&pdf::ActaPages {
        chamber: &chamber.nombre,
        city: &chamber.ciudad,
        telephone: &chamber.telefono,
        date: now,
        test: acta.hechos.prueba,
        sections: &sections,
    });
    let note = SignatureNote {
        name: &chamber.nombre,
        reason: "Acta de activación de una clave preasignada",
        location: &chamber.ciudad,
    };
    signer.sign_document(document.map_err(unexpected)?, now, note).map_err(unexpected)
}
