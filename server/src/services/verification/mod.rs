//! Whether a document is a chamber's, for anybody who asks. Says nothing of whom it was issued to, and
//! keeps nothing of what was shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use contract::campaign::PasswordState;
use contract::verification::{CodeAnswer, DocumentState, FileAnswer, IssuedDocument, MAX_FILE, VerificationService};
use contract::{ChamberCode, ServiceResult, Timestamp};
use domain::document_code::DocumentCode;
use entity::{claves_preasignadas as claves, documentos};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};

use super::certificates;
use super::fault::unexpected;
use crate::clock::Clock;
use crate::config::Chamber;
use crate::db::Db;
use crate::secrets::sha256_hex;
use crate::signing::{Finding, examine};

/// Answers for every chamber served here.
pub struct VerificationDesk {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// The chambers by code.
    pub chambers: Arc<BTreeMap<ChamberCode, Arc<Chamber>>>,
}

#[async_trait]
impl VerificationService for VerificationDesk {
    async fn by_code(&self, typed: &str) -> ServiceResult<CodeAnswer> {
        if typed.trim().is_empty() {
            return Ok(CodeAnswer::Nothing);
        }
        let Some(code) = DocumentCode::parse(typed) else { return Ok(CodeAnswer::Malformed) };
        let row = self.find(documentos::Column::Codigo.eq(code.as_str())).await?;
        Ok(match row {
            Some(row) => self.told(row).await?.map_or(CodeAnswer::Unknown, CodeAnswer::Known),
            None => CodeAnswer::Unknown,
        })
    }

    async fn by_file(&self, file: Vec<u8>) -> ServiceResult<FileAnswer> {
        if file.is_empty() {
            return Ok(FileAnswer::Missing);
        }
        if file.len() > MAX_FILE {
            return Ok(FileAnswer::TooLarge);
        }
        let (chambers, known): (Vec<_>, Vec<_>) =
            certificates::all(&self.db).await.map_err(unexpected)?.into_iter().unzip();
        let examining = tokio::task::spawn_blocking(move || (sha256_hex(&file), examine(&file, &known)));
        let (digest, finding) = examining.await.map_err(unexpected)?;
        let (by, firmado_en) = match finding {
            Finding::NoPdf => return Ok(FileAnswer::NoPdf),
            Finding::Unsigned => return Ok(FileAnswer::Unsigned),
            Finding::Altered => return Ok(FileAnswer::Altered),
            Finding::Stranger => return Ok(FileAnswer::Stranger),
            Finding::Signed { by, at } => (chambers[by], at),
        };
        let issued = Condition::all()
            .add(documentos::Column::Camara.eq(by.as_str()))
            .add(documentos::Column::PdfSha256.eq(digest));
        if let Some(row) = self.find(issued).await?
            && let Some(documento) = self.told(row).await?
        {
            return Ok(FileAnswer::Authentic { documento, firmado_en });
        }
        // A chamber that is configured no longer has nobody to answer for it.
        Ok(self.chambers.get(&by).map_or(FileAnswer::Stranger, |chamber| FileAnswer::SignedOtherwise {
            camara_nombre: chamber.nombre.clone(),
            telefono: chamber.telefono.clone(),
            direccion: chamber.direccion.clone(),
            firmado_en,
        }))
    }
}

impl VerificationDesk {
    async fn find(&self, which: impl sea_orm::sea_query::IntoCondition) -> ServiceResult<Option<documentos::Model>> {
        documentos::Entity::find().filter(which).one(self.db.reader()).await.map_err(unexpected)
    }

    /// What may be told of a document; nothing when its chamber is no longer served here.
    async fn told(&self, row: documentos::Model) -> ServiceResult<Option<IssuedDocument>> {
        let chamber = ChamberCode::parse(&row.camara).and_then(|code| self.chambers.get(&code));
        let (Some(chamber), Some(code)) = (chamber, DocumentCode::parse(&row.codigo)) else { return Ok(None) };
        let password = claves::Entity::find_by_id(row.clave_id)
            .filter(claves::Column::Camara.eq(row.camara.as_str()))
            .one(self.db.reader())
            .await
            .map_err(unexpected)?;
        Ok(Some(IssuedDocument {
            camara_nombre: chamber.nombre.clone(),
            telefono: chamber.telefono.clone(),
            direccion: chamber.direccion.clone(),
            codigo: code.to_string(),
            emitido_en: Timestamp(row.emitido_en),
            es_prueba: row.es_prueba,
            estado: password.map_or(DocumentState::SinEfecto, |password| state(&row, &password, self.clock.now())),
        }))
    }
}

/// Where the password of a document stands, at `now`.
fn state(document: &documentos::Model, password: &claves::Model, now: Timestamp) -> DocumentState {
    use PasswordState::{Activado, Cancelado, Enviado, Incierto, Rebotado, Transmitiendo, Vencido};
    if password.generacion != document.generacion {
        return DocumentState::Reemplazado;
    }
    match PasswordState::parse(&password.estado) {
        Some(Activado) => DocumentState::Activado,
        Some(Vencido) => DocumentState::Vencido,
        // Whoever holds the document got it, whatever the mail server said.
        Some(Enviado | Transmitiendo | Incierto | Rebotado) => match password.vence_en {
            Some(ends) if ends <= now.0 => DocumentState::Vencido,
            _ => DocumentState::Vigente,
        },
        Some(Cancelado) | None | Some(_) => DocumentState::SinEfecto,
    }
}
