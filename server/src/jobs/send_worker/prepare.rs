//! From a claimed row to the bytes of its mail: open, hash, draw, sign, compose. All of it work for
//! the processor, so it runs off the asynchronous threads.

use std::sync::Arc;

use contract::Timestamp;
use contract::sending::PauseReason;
use domain::document_code::DocumentCode;
use domain::password::ClearPassword;
use entity::claves_preasignadas as claves;

use super::SendContext;
use crate::config::{Chamber, Smtp};
use crate::mail::{Attachment, Envelope, MailFault, Template, Templates, compose, letter_values, new_message_id};
use crate::pdf::{self, Conditions, Letter};
use crate::secrets::{PasswordHash, Vault, VaultError, sha256_hex};
use crate::services::campaign::seal_binding;
use crate::services::certificates;
use crate::services::sending::queue::{Dispatch, Outcome};
use crate::signing::{SignatureNote, Signer, SigningFault};

/// A mail ready to go.
pub(super) struct Prepared {
    pub(super) envelope: Envelope,
    pub(super) message: Vec<u8>,
    pub(super) dispatch: Dispatch,
}

/// Why a row's mail could not be made. The causes are for the log, without personal data.
#[derive(Debug, thiserror::Error)]
pub(super) enum PrepareFault {
    #[error("the sealed password is missing or cannot be opened")]
    Sealed,
    #[error("the password was sealed with another master key (CLAVE_MAESTRA_FILE)")]
    OtherKey,
    #[error(transparent)]
    Pdf(#[from] pdf::PdfFault),
    #[error(transparent)]
    Signing(#[from] SigningFault),
    #[error(transparent)]
    Mail(#[from] MailFault),
}

/// What does not change from row to row, read when a chamber's work begins.
pub(super) struct Kit {
    chamber: Arc<Chamber>,
    smtp: Smtp,
    signer: Signer,
    templates: Templates,
    conditions: Arc<Conditions>,
    vault: Vault,
    public_url: String,
    hasher: fn(&[u8]) -> PasswordHash,
}

impl Kit {
    /// Reads the chamber's certificate and templates.
    pub(super) async fn load(context: &SendContext, chamber: &Arc<Chamber>) -> Result<Arc<Self>, PauseReason> {
        let (db, now) = (context.db.clone(), context.clock.now());
        let (context, chamber) = (context.clone(), chamber.clone());
        let loading = tokio::task::spawn_blocking(move || {
            let smtp = chamber.smtp.clone().map_err(|_| PauseReason::Account)?;
            let signing = chamber.signing.as_ref().map_err(|_| PauseReason::Certificate)?;
            let signer = Signer::from_p12(&signing.p12, &signing.password, context.clock.now()).map_err(|fault| {
                tracing::warn!(%fault, camara = %chamber.code, "signing certificate");
                PauseReason::Certificate
            })?;
            let templates = Templates::load(chamber.templates.as_deref()).map_err(|fault| {
                tracing::warn!(%fault, camara = %chamber.code, "mail templates");
                PauseReason::Breaker
            })?;
            let conditions = Conditions::of(&chamber, chamber.factor).map_err(|fault| {
                tracing::warn!(%fault, camara = %chamber.code, "template of the conditions");
                PauseReason::Breaker
            })?;
            let conditions = Arc::new(conditions);
            let public_url = context.public_url.as_str().to_owned();
            let (vault, hasher) = (context.vault, context.hasher);
            Ok(Self { smtp, signer, templates, conditions, vault, public_url, hasher, chamber })
        });
        let kit: Self = loading.await.map_err(|_| PauseReason::Breaker)??;
        // Before anything that it signs leaves.
        let entering = async {
            let txn = db.write().await?;
            certificates::remember(&txn, kit.chamber.code, &kit.signer, now).await?;
            txn.commit().await
        };
        entering.await.map_err(|fault| {
            tracing::warn!(%fault, camara = %kit.chamber.code, "the certificate could not be entered");
            PauseReason::Breaker
        })?;
        Ok(Arc::new(kit))
    }
}

/// What a fault in making a mail means for its row.
pub(super) fn fault_outcome(id: i64, fault: &PrepareFault) -> Outcome {
    tracing::warn!(clave = id, %fault, "a mail could not be made");
    match fault {
        PrepareFault::Mail(MailFault::Address) => Outcome::Unrenderable,
        PrepareFault::Mail(MailFault::Template(_)) | PrepareFault::OtherKey => {
            Outcome::Paused(PauseReason::Breaker, None)
        }
        PrepareFault::Signing(_) => Outcome::Paused(PauseReason::Certificate, None),
        PrepareFault::Sealed | PrepareFault::Pdf(_) | PrepareFault::Mail(_) => Outcome::NotPrepared,
    }
}

/// Makes one mail.
pub(super) fn prepare(kit: &Kit, row: &claves::Model, now: Timestamp) -> Result<Prepared, PrepareFault> {
    let chamber = &kit.chamber;
    let password = open(&kit.vault, row)?;
    let hash = (kit.hasher)(password.expose().as_bytes()).0;
    let factor = chamber.factor;
    let valid_until = now.plus_seconds(validity_seconds(chamber, row.es_prueba));
    let link = format!("{}/activacion/{}", kit.public_url, chamber.code);

    let verify_at = format!("{}/verificar", kit.public_url);
    let code = DocumentCode::generate(&mut rand::rng());

    let drawn = pdf::document(&Letter {
        chamber: &chamber.nombre,
        city: &chamber.ciudad,
        telephone: &chamber.telefono,
        address: &chamber.direccion,
        date: now,
        name: &row.nombre,
        identification: &row.identificacion,
        email: &row.correo,
        mobile: &row.celular,
        password: password.expose(),
        factor,
        link: &link,
        valid_until,
        conditions: &kit.conditions,
        code,
        verify_at: &verify_at,
        test: row.es_prueba,
    })?;
    let note = SignatureNote {
        name: &chamber.nombre,
        reason: "Clave preasignada de usuario verificado",
        location: &chamber.ciudad,
    };
    let signed = kit.signer.sign_document(drawn, now, note)?;
    let pdf_sha256 = sha256_hex(&signed);

    let values = letter_values(chamber, &kit.public_url, row, factor, valid_until);
    let mail = kit.templates.render(Template::Preassignment, &values).map_err(MailFault::from)?;
    // A resend that a person ordered bears the same Message-ID.
    let message_id = row.message_id.clone().unwrap_or_else(|| new_message_id(&kit.smtp.from_address));
    let attachment = Some(Attachment { name: "clave-segura.pdf", pdf: signed });
    let (envelope, message) = compose(&kit.smtp, &row.correo, &row.nombre, &message_id, now, mail, attachment)?;
    let conditions = Arc::clone(&kit.conditions);
    let dispatch = Dispatch { hash, message_id, factor, pdf_sha256, code, conditions, valid_until };
    Ok(Prepared { envelope, message, dispatch })
}

fn open(vault: &Vault, row: &claves::Model) -> Result<ClearPassword, PrepareFault> {
    let (sealed, key) = row.sellada.as_deref().zip(row.sellada_llave.as_deref()).ok_or(PrepareFault::Sealed)?;
    let binding = seal_binding(&row.camara, &row.identificacion, row.ano, row.generacion);
    let opened = vault.open(key, sealed, &binding).map_err(|error| match error {
        VaultError::OtherKey => PrepareFault::OtherKey,
        VaultError::Broken => PrepareFault::Sealed,
    })?;
    std::str::from_utf8(&opened).ok().and_then(ClearPassword::reopen).ok_or(PrepareFault::Sealed)
}

/// From dispatch on: shorter without a second factor, and shortest for tests.
fn validity_seconds(chamber: &Chamber, test: bool) -> i64 {
    let hours = if test { chamber.limits.test_hours } else { chamber.limits.life_hours(chamber.factor) };
    hours * 3600
}
