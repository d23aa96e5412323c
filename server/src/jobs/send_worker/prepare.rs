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
use crate::pdf::{Conditions, Kind, Letter, PdfFault, Stationery};
use crate::secrets::{PasswordHash, Vault, VaultError, sha256_hex};
use crate::services::campaign::seal_binding;
use crate::services::certificates;
use crate::services::sample::REASON;
use crate::services::sending::queue::{Dispatch, Outcome};
use crate::signing::{SignatureNote, Signed, Signer, SigningFault, Tsa};

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
    Pdf(#[from] PdfFault),
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
    stationery: Stationery,
    tsa: Option<Tsa>,
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
            let public_url = context.public_url.as_str().to_owned();
            let stationery = chamber.stationery(&public_url, chamber.factor, &conditions).map_err(|fault| {
                tracing::warn!(%fault, camara = %chamber.code, "the chamber's stationery");
                PauseReason::Breaker
            })?;
            let conditions = Arc::new(conditions);
            let tsa = signing.tsa.as_ref().and_then(Tsa::new);
            let (vault, hasher) = (context.vault, context.hasher);
            Ok(Self { smtp, signer, templates, conditions, stationery, tsa, vault, public_url, hasher, chamber })
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

/// A letter that is signed; a time-stamp and its mail are still to come.
pub(super) struct Written {
    signed: Signed,
    hash: String,
    code: DocumentCode,
    valid_until: Timestamp,
}

/// Makes one letter.
pub(super) fn write(kit: &Kit, row: &claves::Model, now: Timestamp) -> Result<Written, PrepareFault> {
    let chamber = &kit.chamber;
    let password = open(&kit.vault, row)?;
    let hash = (kit.hasher)(password.expose().as_bytes()).0;
    let valid_until = now.plus_seconds(validity_seconds(chamber, row.es_prueba));
    let code = DocumentCode::generate(&mut rand::rng());
    let letter = Letter {
        date: now,
        name: &row.nombre,
        identification: &row.identificacion,
        email: &row.correo,
        mobile: &row.celular,
        password: password.expose(),
        valid_until,
        code,
        kind: if row.es_prueba { Kind::Test } else { Kind::Real },
    };
    let note = SignatureNote { name: &chamber.nombre, reason: REASON, location: &chamber.ciudad };
    let draft = kit.stationery.draft(&letter, note, kit.signer.room(kit.tsa.is_some()))?;
    Ok(Written { signed: kit.signer.begin(draft, now)?, hash, code, valid_until })
}

/// A time-stamp over the letter's signature, where the chamber has an authority that gives one.
pub(super) async fn stamp(kit: &Kit, written: &Written, now: Timestamp) -> Option<Vec<u8>> {
    kit.tsa.as_ref()?.stamp(kit.chamber.code, &written.signed.imprint(), now).await.ok()
}

/// Puts the letter into its mail.
pub(super) fn post(
    kit: &Kit,
    row: &claves::Model,
    written: Written,
    token: Option<&[u8]>,
    now: Timestamp,
) -> Result<Prepared, PrepareFault> {
    let Written { signed, hash, code, valid_until } = written;
    let factor = kit.chamber.factor;
    let pdf = kit.signer.finish(signed, token)?;
    let pdf_sha256 = sha256_hex(&pdf);
    let values = letter_values(&kit.chamber, &kit.public_url, row, factor, valid_until);
    let mail = kit.templates.render(Template::Preassignment, &values).map_err(MailFault::from)?;
    // A resend that a person ordered bears the same Message-ID.
    let message_id = row.message_id.clone().unwrap_or_else(|| new_message_id(&kit.smtp.from_address));
    let attachment = Some(Attachment { name: "clave-segura.pdf", pdf });
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
