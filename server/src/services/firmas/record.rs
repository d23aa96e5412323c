//! The signed record: who signed what, when, by which proof, as a JWS that anyone can check.

use contract::Timestamp;
use domain::signature::{Event, EventKind, Signature};
use entity::firmas::{ActiveModel, Model};
use entity::{auditoria_cabezas, usuarios_verificados};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, QuerySelect, Set};
use serde_json::{Value, json};

use super::keys::remember_key;
use super::{SigningDesk, SigningRefusal, SigningResult, SigningView, store};
use crate::secrets::sha256_hex;
use crate::services::audit::Action;
use crate::services::fault::unexpected;
use crate::signing::JwsKind;

/// The form of the payload; a new one whenever a member changes its meaning.
const VERSION: u32 = 1;

impl SigningDesk {
    /// Makes the record and settles the request, or changes nothing.
    pub(super) async fn sign(
        &self,
        txn: DatabaseTransaction,
        row: Model,
        signature: Signature,
    ) -> SigningResult<SigningView> {
        let now = self.now();
        let user = store::lock_signer(&txn, self.camara(), row.usuario_id).await?.ok_or(SigningRefusal::UserGone)?;
        let signer = self.tools.keys.signer(&self.chamber, now).await?.ok_or(SigningRefusal::Unavailable)?;
        remember_key(&txn, self.camara(), &signer.jwk().map_err(unexpected)?, now).await?;
        let anchor = auditoria_cabezas::Entity::find_by_id(self.camara().to_string()).lock_exclusive();
        let anchor = anchor.one(&txn).await.map_err(unexpected)?;
        let payload = self.payload(&row, &signature, &user, anchor, now);
        let record =
            tokio::task::spawn_blocking(move || signer.jws(JwsKind::Firma, &payload, now)).await.map_err(unexpected)?;
        let record = record.map_err(unexpected)?;
        // The trail holds the record's digest, and the record the trail's: neither can be changed alone.
        let detail = format!("{} sha256={}", self.detail(row.id), sha256_hex(record.as_bytes()));
        let columns = store::columns_of(&signature)?;
        let row = ActiveModel { id: Set(row.id), registro: Set(Some(record)), ..columns };
        let row = row.update(&txn).await.map_err(unexpected)?;
        self.audit(&txn, Action::FirmaRealizada, detail).await?;
        self.commit(txn).await?;
        self.view_of(row, &user)
    }

    /// What is signed. Enough to say who it was before a judge; e-mail and mobile only so far as their
    /// owner knows them, because the record travels.
    fn payload(
        &self,
        row: &Model,
        signature: &Signature,
        user: &usuarios_verificados::Model,
        anchor: Option<auditoria_cabezas::Model>,
        now: Timestamp,
    ) -> Value {
        let base = self.tools.public_url.as_str();
        let camara = self.camara();
        let when = |wanted: fn(EventKind) -> bool| {
            signature.events.iter().rfind(|event| wanted(event.kind)).map(|event| event.at.iso())
        };
        let wrong = signature.events.iter().filter(|event| event.kind == EventKind::Wrong).count();
        let mut payload = json!({
            "iss": format!("{base}/api/v1/camaras/{camara}"),
            "jti": row.codigo,
            "iat": now.0.div_euclid(1000),
            "version": VERSION,
            "camara": { "codigo": camara.as_str(), "nombre": self.chamber.nombre },
            "documento": { "sha256": row.documento_sha256, "nombre": row.documento_nombre },
            "firmante": {
                "tipo_identificacion": user.tipoidentificacion,
                "identificacion": user.identificacion,
                "nombre": user.nombre,
                "correo": masked_email(&user.email),
                "celular": contract::ColombianMobile::parse(&user.celular).map(|mobile| mobile.masked()),
            },
            "credencial": {
                "usuario_verificado": user.id,
                "verificado_en": user.fecha_hora_verificacion.map(|at| Timestamp(at).iso()),
                "clave_preasignada": user.clave_preasignada_id,
                "ano": user.ano,
            },
            "proceso": {
                "solicitada_en": Timestamp(row.creada_en).iso(),
                "pin_enviado_en": when(|kind| matches!(kind, EventKind::Sent { .. })),
                "pin_confirmado_en": when(|kind| kind == EventKind::Confirmed),
                "pin_errados": wrong,
                "eventos": signature.events.iter().map(shown).collect::<Vec<_>>(),
            },
            "sistema": { "id": self.system.id, "nombre": self.system.nombre },
        });
        if let Some(text) = &row.documento_descripcion {
            payload["documento"]["descripcion"] = json!(text);
        }
        if !user.matricula.is_empty() {
            payload["firmante"]["matricula"] = json!(user.matricula);
        }
        if let Some(ip) = &row.ip_firmante {
            payload["ip_firmante"] = json!(ip);
        }
        if let Some(head) = anchor {
            payload["auditoria"] = json!({ "secuencia": head.secuencia, "hash": head.hash });
        }
        payload
    }
}

fn shown(event: &Event) -> Value {
    let (word, sms) = store::event_word(event.kind);
    match sms {
        Some(sms) => json!({ "en": event.at.iso(), "que": word, "sms": sms }),
        None => json!({ "en": event.at.iso(), "que": word }),
    }
}

/// `a***@correo.com.co`.
fn masked_email(address: &str) -> String {
    let (local, domain) = address.split_once('@').unwrap_or((address, ""));
    format!("{}***@{domain}", local.chars().take(1).collect::<String>())
}
