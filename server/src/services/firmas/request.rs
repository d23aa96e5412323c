//! «Firme esto»: the credentials of a verified user, compared as the activation compares them.

use std::net::IpAddr;

use contract::value::clean;
use contract::{Email, NationalId, ServiceResult};
use domain::activation::canonical;
use domain::limits::Refusal;
use domain::pin::Pin;
use domain::signature::Signature;
use entity::firmas::{ActiveModel, Column, Entity, Model};
use entity::usuarios_verificados;
use rand::RngCore;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, Set};
use zeroize::Zeroizing;

use super::{SigningDesk, SigningRefusal, SigningResult, SigningView, store};
use crate::services::audit::Action;
use crate::services::compare::compare;
use crate::services::fault::unexpected;
use crate::services::limits::{self, Class, Subject};

/// What is to be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// SHA-256 in small hexadecimal letters.
    pub sha256: String,
    /// Its name.
    pub nombre: String,
    /// What it is about.
    pub descripcion: Option<String>,
}

/// What a system asks, its form already checked.
pub struct Asked {
    /// What is to be signed.
    pub document: Document,
    /// Who is to sign, as typed.
    pub identificacion: String,
    /// The e-mail, as typed.
    pub correo: String,
    /// The password, as typed.
    pub clave: Zeroizing<String>,
    /// The same key with the same request gives the same answer.
    pub idempotencia: Option<String>,
    /// Where the signer sits, as the system sees it.
    pub ip_firmante: Option<IpAddr>,
}

impl SigningDesk {
    /// Checks the credentials and sends a PIN. Says whether the request is new: with an idempotency
    /// key that came before it is the one of then, and no other PIN leaves.
    ///
    /// # Errors
    /// Each refusal is one of [`SigningRefusal`].
    pub async fn ask(&self, asked: Asked) -> SigningResult<(SigningView, bool)> {
        // Before anything is known of the user, so that it tells nothing about anybody.
        if self.sms.is_none() || self.tools.keys.signer(&self.chamber, self.now()).await?.is_none() {
            return Err(SigningRefusal::Unavailable);
        }
        let identity = self.identity(&asked);
        self.count(&identity).await?;
        let Some(user) = self.compare_credentials(&asked).await? else { return self.mismatch(&identity).await };
        self.open(asked, user, &identity).await
    }

    /// What the limits count: the identification, even one without form.
    fn identity(&self, asked: &Asked) -> Subject {
        let parsed = NationalId::parse(&asked.identificacion);
        let datum = parsed.map_or_else(|| clean(&asked.identificacion), |id| id.as_str().to_owned());
        Subject::new(&self.tools.mac, self.camara(), Class::Identity, &datum).under(self.chamber.limits.identity)
    }

    /// Counts the try before anything is compared.
    async fn count(&self, identity: &Subject) -> SigningResult<()> {
        let txn = self.begin().await?;
        match limits::attempt(&txn, self.camara(), &[identity, &self.system_subject()], self.now()).await? {
            Err(Refusal::Wait { until }) => return Err(SigningRefusal::Wait { until }),
            Err(Refusal::Locked) => return Err(SigningRefusal::Locked),
            Ok(locked_now) if locked_now => {
                let detail = format!("identidad={} sistema={}", identity.short(), self.system.id);
                self.audit(&txn, Action::IdentidadBloqueada, detail).await?;
            }
            Ok(_) => {}
        }
        Ok(self.commit(txn).await?)
    }

    /// The user in force whose identification, e-mail and password these are. One argon2, whatever is wrong.
    async fn compare_credentials(&self, asked: &Asked) -> ServiceResult<Option<usuarios_verificados::Model>> {
        // The test identity is nobody here: what it signed would look like evidence.
        let user = match NationalId::parse(&asked.identificacion).filter(|id| !id.is_test()) {
            Some(id) => store::signer(self.tools.db.reader(), self.camara(), id.as_str()).await?,
            None => None,
        };
        let hash = user.as_ref().map(|user| user.claveacceso.clone());
        let same_password = compare(vec![hash], canonical(&asked.clave)).await?.first().copied().unwrap_or(false);
        let same_email = Email::parse(&asked.correo);
        Ok(user.filter(|user| same_password & (same_email.is_some() && Email::parse(&user.email) == same_email)))
    }

    /// The one neutral answer.
    async fn mismatch<T>(&self, identity: &Subject) -> SigningResult<T> {
        let txn = self.begin().await?;
        let detail = format!("identidad={} sistema={}", identity.short(), self.system.id);
        self.audit(&txn, Action::FirmaRechazada, detail).await?;
        self.commit(txn).await?;
        Err(SigningRefusal::Credentials)
    }

    /// The credentials were right: the identity's failures are forgotten, the system's try taken back.
    async fn forgive(&self, txn: &DatabaseTransaction, identity: &Subject) -> ServiceResult<()> {
        limits::forget(txn, self.camara(), identity).await?;
        limits::take_back(txn, self.camara(), &self.system_subject()).await
    }

    async fn open(
        &self,
        asked: Asked,
        user: usuarios_verificados::Model,
        identity: &Subject,
    ) -> SigningResult<(SigningView, bool)> {
        let (now, policy) = (self.now(), self.policy());
        let (codigo, pin) = (fresh_code(), Pin::generate(&mut rand::rng()));
        let mac = self.pin_mac(&codigo, &pin);
        let signature = Signature::begin(mac.clone(), &policy, now);
        let huella = self.fingerprint(&asked, user.id);
        let txn = self.begin().await?;
        store::purge(&txn, self.camara(), now.plus_seconds(-self.chamber.limits.retention_hours * 3600)).await?;
        let Some(row) = self.insert(&txn, &asked, &user, &codigo, &huella, &signature).await? else {
            return self.same_again(txn, &asked, &huella, user, identity).await;
        };
        // Between comparison and lock staff may have annulled the user, or the password been changed.
        let unchanged = store::lock_signer(&txn, self.camara(), user.id).await?;
        let Some(user) = unchanged.filter(|now| now.claveacceso == user.claveacceso) else {
            drop(txn);
            return self.mismatch(identity).await;
        };
        self.forgive(&txn, identity).await?;
        let Some(sms_id) = self.reserve_sms(&txn, &user).await? else {
            // Nothing of the request stays, but the credentials were right all the same.
            txn.rollback().await.map_err(unexpected)?;
            let txn = self.begin().await?;
            self.forgive(&txn, identity).await?;
            self.commit(txn).await?;
            return Err(SigningRefusal::SmsBudget);
        };
        self.audit(&txn, Action::FirmaSolicitada, self.detail(row.id)).await?;
        self.commit(txn).await?;
        let view = self.deliver(row.id, codigo, user, pin, mac, sms_id).await?;
        Ok((view, true))
    }

    /// A new row; `None` when the idempotency key is already taken.
    async fn insert(
        &self,
        txn: &DatabaseTransaction,
        asked: &Asked,
        user: &usuarios_verificados::Model,
        codigo: &str,
        huella: &str,
        signature: &Signature,
    ) -> ServiceResult<Option<Model>> {
        let row = ActiveModel {
            camara: Set(self.camara().to_string()),
            codigo: Set(codigo.to_owned()),
            sistema_id: Set(self.system.id),
            usuario_id: Set(user.id),
            idempotencia: Set(asked.idempotencia.clone()),
            huella: Set(huella.to_owned()),
            documento_sha256: Set(asked.document.sha256.clone()),
            documento_nombre: Set(asked.document.nombre.clone()),
            documento_descripcion: Set(asked.document.descripcion.clone()),
            ip_firmante: Set(asked.ip_firmante.map(|ip| ip.to_string())),
            creada_en: Set(self.now().0),
            ..store::columns_of(signature)?
        };
        let inserted = Entity::insert(row)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(txn)
            .await
            .map_err(unexpected)?;
        if inserted == 0 {
            return Ok(None);
        }
        store::of_system(&self.system).filter(Column::Codigo.eq(codigo)).one(txn).await.map_err(unexpected)
    }

    /// The idempotency key came before: with the same request, its answer of now; with another, a refusal.
    async fn same_again(
        &self,
        txn: DatabaseTransaction,
        asked: &Asked,
        huella: &str,
        user: usuarios_verificados::Model,
        identity: &Subject,
    ) -> SigningResult<(SigningView, bool)> {
        let known = store::of_system(&self.system).filter(Column::Idempotencia.eq(asked.idempotencia.clone()));
        let known = known.one(&txn).await.map_err(unexpected)?;
        self.forgive(&txn, identity).await?;
        self.commit(txn).await?;
        let row = known.filter(|row| row.huella == huella).ok_or(SigningRefusal::IdempotencyReused)?;
        let view = self.view_of(row, &user).map_err(|refusal| match refusal {
            SigningRefusal::NotFound => SigningRefusal::IdempotencyReused, // it was abandoned
            other => other,
        })?;
        Ok((view, false))
    }

    /// Everything that was asked but the password, as a keyed digest.
    fn fingerprint(&self, asked: &Asked, user_id: i64) -> String {
        let ip = asked.ip_firmante.map(|ip| ip.to_string()).unwrap_or_default();
        let document = &asked.document;
        let parts = [
            self.camara().to_string(),
            user_id.to_string(),
            document.sha256.clone(),
            document.nombre.clone(),
            document.descripcion.clone().unwrap_or_default(),
            ip,
        ];
        let parts: Vec<&[u8]> = parts.iter().map(String::as_bytes).collect();
        self.tools.mac.mac_hex("signature-request-v1", &parts)
    }
}

/// 128 random bits as hexadecimal text: fit for an address, and nothing to guess.
fn fresh_code() -> String {
    let mut bytes = [0_u8; 16];
    rand::rng().fill_bytes(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
